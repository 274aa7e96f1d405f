"""The first search after a start, with nothing kept, against the bare driver reading the same rows."""

# ruff: noqa: S608  # the parts are constants of this file and numbers from the tables
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.alone import KINDS
from benchmarks.dataset import CHAINS, Query
from benchmarks.load import slug_of
from benchmarks.measure import Differences, Timings, against, table
from benchmarks.searches import Answer, answer
from benchmarks.site import DATABASES, Site, engine_of
from scheduler_app.services.catalogue import catalogue_of

GOAL = 3.0
QUERIES = 25
"""Of each class: what is read does not depend on the query."""
_OWN = "(SELECT id FROM resources WHERE municipality_id = {town})"
_ROWS = (
    "SELECT id, version, kind, agency_id FROM resources WHERE municipality_id = {town}",
    (
        "SELECT resource_id, weekday, opens_minute_of_day, closes_minute_of_day FROM opening_hours "
        f"WHERE resource_id IN {_OWN}"
    ),
    "SELECT agency_id, starts_at, ends_at FROM closures WHERE municipality_id = {town}",
    f"SELECT resource_id, starts_at, ends_at FROM absences WHERE resource_id IN {_OWN}",
    (
        "SELECT resource_id, starts_minute, ends_minute, expires_at, place_id FROM claims "
        f"WHERE resource_id IN {_OWN} AND ends_minute > {{begins}} AND starts_minute < {{ends}}"
    ),
)


def measure(site: Site, differences: Differences) -> str:
    """One row a class: per database the search with cold masks, and the same rows read by the bare driver."""
    rows = []
    for kind in KINDS:
        row = [f"{kind} and {kind}w" if kind == CHAINS else kind]
        for database in DATABASES:
            cold, bare = Timings(), Timings()
            for query in site.workload.of_kind(kind)[:QUERIES]:
                found = _one(site, database, query, cold, bare)
                bits = site.floors[query.municipality]
                expected = bits.chains(query) if kind == CHAINS else bits.starts(query)
                differences.compare(f"Terminlotse, cold, {database}", query.id, expected, found)
            row += [*cold.columns(), *bare.columns()[:1], *against(cold.median, bare.median, GOAL)]
        rows.append(row)
    heads = ["class"]
    for database in DATABASES:
        heads += [database, "worst", "bare driver", "ratio", "goal", ""]
    return table(f"Search with cold masks, {site.size} (ms)", heads, rows)


def _one(site: Site, database: str, query: Query, cold: Timings, bare: Timings) -> Answer:
    """Masks are kept per engine, so a new one is as a process that has just started; its connection is open already."""
    engine = engine_of(site.urls[database])
    with Session(engine) as session:
        town = catalogue_of(session, slug_of(query.municipality)).municipality_id
        cursor = session.connection().connection.cursor()
        bare.time(lambda: _read(cursor, town, site.workload.window))
        found = cold.time(lambda: answer(session, query, site.workload.window))
    engine.dispose()
    return found


def _read(cursor: Any, town: int, window: tuple[int, int]) -> list[list[Any]]:
    found = []
    for statement in _ROWS:
        cursor.execute(statement.format(town=town, begins=window[0], ends=window[1]))
        found.append(cursor.fetchall())
    return found
