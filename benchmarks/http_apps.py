"""What the two web servers of the benchmark run, as WSGI applications set up from the environment.

Ours is the whole application, with its clock stopped where the data begin. The other is what hand-written SQL needs and
no more: a pool of connections and JSON, without a framework and without checks of its input.
"""

import json
import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from flask import Flask
from psycopg_pool import ConnectionPool

from benchmarks import multiranges
from benchmarks.dataset import Query
from scheduler_app.app import create_app
from scheduler_app.cli.serve import BLOCKING_THREADS
from scheduler_app.config import Settings
from scheduler_app.domain.opening_hours import from_epoch_minute

NOW_MINUTE, BY_HAND, TIMEZONE = "BENCHMARK_NOW_MINUTE", "BENCHMARK_BY_HAND", "BENCHMARK_TIMEZONE"

StartResponse = Callable[[str, list[tuple[str, str]]], object]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def terminlotse() -> Flask:
    """The application as `terminlotse serve` serves it, but that it is always the minute NOW_MINUTE."""
    now = from_epoch_minute(int(os.environ[NOW_MINUTE]))
    return create_app(Settings.from_environment(os.environ), clock=lambda: now)


def by_hand() -> Wsgi:
    """``/`` answers a query of the classes Q1 to Q4: ``slots`` as our API has them, or with ``bare`` only minutes."""
    pool = ConnectionPool(
        os.environ[BY_HAND], min_size=1, max_size=BLOCKING_THREADS, kwargs={"autocommit": True}, open=True
    )
    zone = ZoneInfo(os.environ[TIMEZONE])

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        asked = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        query = _query(asked)
        with pool.connection() as connection:
            starts = multiranges.starts(connection, query)
        found = {"starts": starts} if "bare" in asked else {"slots": _slots(starts, query.minutes, zone)}
        body = json.dumps(found, separators=(",", ":")).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def parameters(query: Query) -> dict[str, str | int]:
    """A query as the hand-written server takes it."""
    asked: dict[str, str | int] = {
        "municipality": query.municipality,
        "minutes": query.minutes,
        "teams": ",".join(map(str, query.teams)),
        "persons": ",".join(query.persons),
        "language": query.language,
        "capacity": query.capacity,
        "first": query.first or "",
    }
    return {name: value for name, value in asked.items() if value != ""}


def _query(asked: dict[str, str]) -> Query:
    return Query(
        id="",
        kind="",
        municipality=int(asked["municipality"]),
        minutes=int(asked["minutes"]),
        teams=tuple(map(int, filter(None, asked.get("teams", "").split(",")))),
        persons=tuple(filter(None, asked.get("persons", "").split(","))),
        language=asked.get("language", ""),
        capacity=int(asked["capacity"]),
        first=int(asked["first"]) if "first" in asked else None,
    )


def _slots(starts: list[int], minutes: int, zone: ZoneInfo) -> list[dict[str, str]]:
    length = timedelta(minutes=minutes)
    local = [datetime.fromtimestamp(start * 60, zone) for start in starts]
    return [{"start": start.isoformat(), "end": (start + length).isoformat()} for start in local]
