"""Whatever the benchmarks measure against each other answers alike. (CP-SAT is compared in each run of them.)"""

import json
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from benchmarks import multiranges
from benchmarks.dataset import CHAINS, Municipality, Workload
from benchmarks.floor import Floor
from benchmarks.load import load
from benchmarks.multirange_tables import load_multiranges
from benchmarks.searches import Answer, answer
from benchmarks.workload import main as answer_workload
from tests.benchmarks import tiny
from tests.support.databases import Databases

Answers = dict[str, Answer]


@pytest.fixture(scope="module")
def workload(tmp_path_factory: pytest.TempPathFactory) -> Workload:
    return tiny.workload(tmp_path_factory.mktemp("workload"), seed=11)


def of_floor(data: Municipality, workload: Workload) -> Answers:
    floor = Floor(data, workload.window[0])
    return {q.id: floor.chains(q) if q.kind == CHAINS else floor.starts(q) for q in workload.queries}


def of_sql(data: Municipality, workload: Workload, databases: Databases) -> Answers:
    with databases.fresh("postgresql") as url:
        conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        load_multiranges(conninfo, [data], workload.window[0])
        with psycopg.connect(conninfo) as connection:
            return {
                q.id: multiranges.chains(connection, q)
                if q.kind == CHAINS
                else multiranges.starts(connection, q)
                for q in workload.queries
            }


def of_terminlotse(data: Municipality, workload: Workload, session: Session) -> Answers:
    load(session, data, workload.window[0], workload.queries)
    return {query.id: answer(session, query, workload.window) for query in workload.queries}


def test_all_answer_alike(session: Session, workload: Workload, databases: Databases) -> None:
    data = tiny.municipality(seed=11)
    expected = of_floor(data, workload)
    assert all(expected[query.id] for query in workload.queries if query.kind in {"Q1", "Q5"})
    assert of_terminlotse(data, workload, session) == expected
    assert of_sql(data, workload, databases) == expected


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_bookings_off_the_grid_are_seen_alike(
    session: Session, workload: Workload, databases: Databases
) -> None:
    """The floor knows quarter hours only, so here SQL is what to compare with."""
    data = tiny.municipality(seed=12, off_grid_percent=60)
    assert of_terminlotse(data, workload, session) == of_sql(data, workload, databases)


def test_data_that_book_somebody_twice_are_refused(session: Session, workload: Workload) -> None:
    data = tiny.municipality(seed=11)
    start, length, *_ = data["booked"]["s000"]
    data["booked"]["s000"] += [start + length - 5, 30]
    with pytest.raises((IntegrityError, psycopg.errors.ExclusionViolation)):
        load(session, data, workload.window[0], workload.queries)


def test_a_workload_file_gets_its_answers(tmp_path: Path, workload: Workload) -> None:
    data = tiny.municipality(seed=11)
    tiny.workload(tmp_path, seed=11)
    (tmp_path / "muni-000.json").write_text(json.dumps(data))
    answer_workload(str(tmp_path), str(tmp_path / "queries.json"), str(tmp_path / "answers.json"))
    answers = json.loads((tmp_path / "answers.json").read_text())
    expected = of_floor(data, workload)
    for query in workload.queries:
        found = expected[query.id]
        if isinstance(found, list):
            assert answers[query.id] == found
        else:
            written = ["-".join(map(str, chain)) for chain in found[1]]
            assert answers[f"{query.id}wall"] == written
            assert answers[f"{query.id}w"] == written[:20]
