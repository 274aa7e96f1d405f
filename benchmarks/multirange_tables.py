"""The tables for the SQL that a good engineer writes by hand, and how the data get there."""

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg

from benchmarks.dataset import Municipality
from benchmarks.generate import shifts

_TABLES = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE resource (id int PRIMARY KEY, municipality int NOT NULL, key text NOT NULL, seats int,
    UNIQUE (municipality, key));
CREATE TABLE member (municipality int, team int, resource int REFERENCES resource,
    PRIMARY KEY (municipality, team, resource));
CREATE TABLE speaks (municipality int, language text, resource int REFERENCES resource,
    PRIMARY KEY (municipality, language, resource));
CREATE TABLE work (resource int NOT NULL REFERENCES resource, span int4range NOT NULL);
CREATE TABLE booking (resource int NOT NULL REFERENCES resource, span int4range NOT NULL);
CREATE TABLE free (resource int PRIMARY KEY REFERENCES resource, spans int4multirange NOT NULL);
"""

# the constraint comes after the rows: building its index at once is how bulk is loaded, and it checks the same
_GUARD_AND_FREE_TIME = """
ALTER TABLE booking ADD CONSTRAINT no_overlap EXCLUDE USING gist (resource WITH =, span WITH &&);
INSERT INTO free
    SELECT w.resource, w.spans - coalesce(b.spans, '{}')
    FROM (SELECT resource, range_agg(span) AS spans FROM work GROUP BY resource) w
    LEFT JOIN (SELECT resource, range_agg(span) AS spans FROM booking GROUP BY resource) b USING (resource);
CREATE INDEX ON resource (municipality, seats) WHERE seats IS NOT NULL;
ANALYZE;
"""


def load_multiranges(conninfo: str, municipalities: Iterable[Municipality], window_start: int) -> None:
    """Make the tables in an empty database and fill them. Free time is kept, as a booking would keep it."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(_TABLES)
        first_id = 1
        for data in municipalities:
            names = [x["id"] for part in ("staff", "interpreters", "rooms") for x in data[part]]
            ids = {name: first_id + number for number, name in enumerate(names)}
            first_id += len(ids)
            _copy(connection, "resource (id, municipality, key, seats)", _resources(data, ids))
            _copy(connection, "member", _members(data, ids))
            _copy(connection, "speaks", _speakers(data, ids))
            _copy(connection, "work", _work(data, ids))
            _copy(connection, "booking", _bookings(data, ids, window_start))
        connection.execute(_GUARD_AND_FREE_TIME)


def _copy(connection: psycopg.Connection, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _resources(data: Municipality, ids: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    seats = {room["id"]: room["capacity"] for room in data["rooms"]}
    return ((ids[name], data["id"], name, seats.get(name)) for name in ids)


def _members(data: Municipality, ids: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    return ((data["id"], team["id"], ids[name]) for team in data["teams"] for name in team["members"])


def _speakers(data: Municipality, ids: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    return ((data["id"], language, ids[x["id"]]) for x in data["interpreters"] for language in x["languages"])


def _work(data: Municipality, ids: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    for part in ("staff", "interpreters", "rooms"):
        for x in data[part]:
            for opens, closes, _ in shifts(x["week"], data["holidays"]):
                yield ids[x["id"]], f"[{opens},{closes})"


def _bookings(data: Municipality, ids: dict[str, int], window_start: int) -> Iterator[tuple[Any, ...]]:
    for name, flat in data["booked"].items():
        for start, length in zip(flat[::2], flat[1::2], strict=True):
            yield ids[name], f"[{window_start + start},{window_start + start + length})"
