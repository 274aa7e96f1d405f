"""Answer a workload of searches through the real tables and the real search.

``python -m benchmarks.workload DATA QUERIES ANSWERS``: DATA is a folder of ``muni-NNN.json``, QUERIES a file of
searches of the classes Q1 to Q5, ANSWERS is written: for each query the starts in minutes since the Unix epoch,
ascending. Of chains (``start-start-start-order``) under the query's own id those that it asks for, under ``...all``
all of them; with ``w`` before that those in which the interpreter is there all the time.
"""

import json
import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks.dataset import Query, read_municipalities, read_workload, written
from benchmarks.load import load
from benchmarks.searches import Answer, answer
from scheduler_app.models.engine import configure_engine
from scheduler_app.models.schema import upgrade


def named(query: Query, found: Answer) -> dict[str, list[int] | list[str]]:
    """An answer as its file has it."""
    if isinstance(found, list):
        return {query.id: found}
    at_visits, all_the_time = map(written, found)
    return {
        query.id: at_visits[: query.first],
        f"{query.id}all": at_visits,
        f"{query.id}w": all_the_time[: query.first],
        f"{query.id}wall": all_the_time,
    }


def main(data_folder: str, queries_file: str, answers_file: str) -> None:
    workload = read_workload(Path(queries_file))
    answers: dict[str, list[int] | list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/workload.sqlite3")
        configure_engine(engine)
        upgrade(engine)
        with Session(engine) as session:
            for data in read_municipalities(Path(data_folder), workload):
                load(session, data, workload.window[0], workload.queries)
            for query in workload.queries:
                answers |= named(query, answer(session, query, workload.window))
        engine.dispose()
    Path(answers_file).write_text(json.dumps(answers))
    print(f"{len(answers)} answers written to {answers_file}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
