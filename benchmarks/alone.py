"""The search alone, masks warm, against the floor, hand-written SQL and CP-SAT, in turn on each query."""

from collections.abc import Callable
from functools import partial

import psycopg
from sqlalchemy.orm import Session

from benchmarks import multiranges
from benchmarks.cp_sat import Solver
from benchmarks.dataset import CHAINS, Query, read_municipalities
from benchmarks.floor import ALL, Floor
from benchmarks.measure import Differences, Timings, against, table
from benchmarks.searches import Answer, prepared
from benchmarks.site import Site, engine_of

KINDS = ("Q1", "Q2", "Q3", "Q4", "Q5")
SHOWN_CHAINS = 20
ROUNDS = 3
CP_SAT_QUERIES, CP_SAT_STARTS = 5, 20
GOAL, SIZE_GOAL = 1.0, 1.1


def measure(site: Site, differences: Differences, smaller: dict[str, float]) -> str:
    """One row a class. ``smaller``: the medians of the first size in this run; empty for that size, which fills it."""
    engine = engine_of(site.urls["PostgreSQL"])
    rows = []
    is_first = not smaller
    with Session(engine) as session, psycopg.connect(site.by_hand, autocommit=True) as by_hand:
        for kind in KINDS:
            ours, floor, sql = Timings(), Timings(), Timings()
            for query in site.workload.of_kind(kind):
                _one(site, session, by_hand, query, ours, floor, sql, differences)
            solver = _cp_sat(site, kind, differences)
            smaller.setdefault(kind, ours.median)
            rows.append([
                f"{kind} and {kind}w" if kind == CHAINS else kind,
                *ours.columns(), *floor.columns(), *against(ours.median, floor.median, GOAL), *sql.columns(),
                *solver.columns()[:1], *([] if is_first else against(ours.median, smaller[kind], SIZE_GOAL)),
            ])  # fmt: skip
    engine.dispose()
    heads = ["class", "ours", "p99", "floor", "p99", "ratio", "goal", "", "SQL", "p99", "CP-SAT"]
    heads += [] if is_first else ["to first size", "goal", ""]
    return table(f"Search alone, masks warm, {site.size} (ms)", heads, rows)


def _one(
    site: Site,
    session: Session,
    by_hand: multiranges.Connection,
    query: Query,
    ours: Timings,
    floor: Timings,
    sql: Timings,
    differences: Differences,
) -> None:
    """Compare all answers to a query, which warms everything up; then time each."""
    bits = site.floors[query.municipality]
    expected = _floor(bits, query)
    differences.compare("Terminlotse", query.id, expected, prepared(session, query, site.workload.window)())
    differences.compare("SQL", query.id, expected, _by_hand(by_hand, query))
    search = prepared(session, query, site.workload.window, SHOWN_CHAINS)
    session.rollback()
    calls: list[tuple[Timings, Callable[[], Answer]]] = [
        (ours, search),
        (floor, lambda: _floor(bits, query, SHOWN_CHAINS)),
        (sql, lambda: _by_hand(by_hand, query)),
    ]
    for _ in range(ROUNDS):
        for timings, call in calls:
            call()  # each finds the processor's caches as it left them, not as another did
            timings.time(call)


def _floor(bits: Floor, query: Query, chains: int = ALL) -> Answer:
    return bits.chains(query, chains) if query.kind == CHAINS else bits.starts(query)


def _by_hand(connection: multiranges.Connection, query: Query) -> Answer:
    return (
        multiranges.chains(connection, query)
        if query.kind == CHAINS
        else multiranges.starts(connection, query)
    )


def _cp_sat(site: Site, kind: str, differences: Differences) -> Timings:
    """A few queries: up to 20 starts each, and of chains only the earliest."""
    timings = Timings()
    queries = [query for query in site.workload.of_kind(kind) if query.municipality == 0][:CP_SAT_QUERIES]
    solver = Solver(next(read_municipalities(site.folder, site.workload)), site.workload.window)
    for query in queries:
        bits = site.floors[query.municipality]
        if kind == CHAINS:
            chains = bits.chains(query, 1)[0]
            earliest = timings.time(partial(solver.first_chain_start, query))
            differences.compare("CP-SAT", query.id, chains[0][0] if chains else None, earliest)
        else:
            starts = timings.time(partial(solver.starts, query, CP_SAT_STARTS))
            differences.compare("CP-SAT", query.id, bits.starts(query)[:CP_SAT_STARTS], starts)
    return timings
