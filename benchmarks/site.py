"""What a run measures on: one data set in the real tables of both databases, in hand-written tables, and as bits."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from benchmarks import generate
from benchmarks.dataset import Workload, read_municipalities, read_workload
from benchmarks.floor import Floor
from benchmarks.load import load
from benchmarks.multirange_tables import load_multiranges
from benchmarks.postgres import create_database, running_postgres, sqlalchemy_url
from scheduler_app.models.engine import configure_engine
from scheduler_app.models.schema import upgrade

DATABASES = ("PostgreSQL", "SQLite")


@dataclass(frozen=True)
class Site:
    """``urls`` are the real tables' by DATABASES, ``by_hand`` is how libpq reaches the hand-written ones."""

    size: str
    folder: Path
    workload: Workload
    urls: dict[str, str]
    by_hand: str
    floors: list[Floor]


@contextmanager
def built(size: str, seed: int) -> Iterator[Site]:
    """Generate and load everything; forget it afterwards. Says how long it takes: a land takes minutes."""
    with tempfile.TemporaryDirectory() as name, running_postgres() as server:
        folder = Path(name)
        with _told("data generated"):
            generate.write(size, folder, seed=seed)
        workload = read_workload(folder / "queries.json")
        create_database(server, "terminlotse")
        urls = {
            "PostgreSQL": sqlalchemy_url(server, "terminlotse"),
            "SQLite": f"sqlite:///{folder}/terminlotse.sqlite3",
        }
        for database, url in urls.items():
            with _told(f"loaded into {database}, its guard against double booking in force"):
                fill(url, folder, workload)
        by_hand = create_database(server, "by_hand")
        with _told("loaded into the hand-written tables"):
            load_multiranges(by_hand, read_municipalities(folder, workload), workload.window[0])
        with _told("turned into the floor's bits"):
            floors = [Floor(data, workload.window[0]) for data in read_municipalities(folder, workload)]
        yield Site(size, folder, workload, urls, by_hand, floors)


def fill(url: str, folder: Path, workload: Workload) -> None:
    """Migrate an empty database and load the data set into it."""
    engine = engine_of(url)
    upgrade(engine)
    with Session(engine) as session:
        for data in read_municipalities(folder, workload):
            load(session, data, workload.window[0], workload.queries)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def engine_of(url: str) -> Engine:
    """An engine as the application makes it, with nothing kept behind it yet."""
    engine = create_engine(url)
    configure_engine(engine)
    return engine


@contextmanager
def _told(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{time.perf_counter() - began:7.1f} s  {what}", flush=True)
