"""What a process keeps of a municipality that is searched."""

import gc
import tracemalloc
from collections.abc import Callable

from sqlalchemy.orm import Session

from benchmarks.searches import prepared
from benchmarks.site import Site, engine_of

GOAL_MB = 4.0


def measure(site: Site) -> str:
    """Bytes that Python has more of after all searches of municipality 0: its catalogue, masks and fitting starts."""
    _search_all(site)()  # what is kept only once a process: compiled statements, translations, time zones
    gc.collect()
    tracemalloc.start()
    forget = _search_all(site)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    forget()
    megabytes = kept / 1_000_000
    missed = "" if megabytes <= GOAL_MB else "  missed"
    return f"Memory per municipality, all that is kept of it: {megabytes:.1f} MB, goal <= {GOAL_MB:g} MB{missed}\n"


def _search_all(site: Site) -> Callable[[], None]:
    """Ask every query of municipality 0 of a new engine; returns what lets go of it."""
    engine = engine_of(site.urls["SQLite"])
    with Session(engine) as session:
        for query in site.workload.queries:
            if query.municipality == 0:
                prepared(session, query, site.workload.window)()
    engine.dispose()

    def forget() -> None:
        nonlocal engine
        del engine

    return forget
