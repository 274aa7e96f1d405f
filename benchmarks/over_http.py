"""The same searches over HTTP: our API and the client's page against hand-written SQL behind the same web server."""

import html
import json
import re
from datetime import datetime
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlencode

from benchmarks.dataset import Query
from benchmarks.generate import ZONE
from benchmarks.http_apps import BY_HAND, NOW_MINUTE, TIMEZONE, parameters
from benchmarks.http_servers import get, serving
from benchmarks.load import LANGUAGES, slug_of
from benchmarks.measure import Differences, Timings, against, table
from benchmarks.services import service_keys
from benchmarks.site import Site

GOALS = {"Q1": 1.0, "Q2": 0.5, "Q3": 0.5, "Q4": 1.0}
PAGE_GOAL = 2.0
MOST = 1000
"""What the API gives at most; no answer here has more."""

_OFFERED = re.compile(r'name="start" value="([^"]+)"')


def measure(site: Site, differences: Differences) -> str:
    """One row a class of starts. The masks are validated against PostgreSQL on every request."""
    ours_settings = {
        "TERMINLOTSE_DATABASE_URL": site.urls["PostgreSQL"],
        "TERMINLOTSE_SECRET_KEY": "a key for benchmarks, 32 characters",
        NOW_MINUTE: str(site.workload.window[0]),
    }
    sql_settings = {BY_HAND: site.by_hand, TIMEZONE: ZONE.key}
    rows = []
    with (
        serving("terminlotse", ours_settings, site.folder) as ours,
        serving("by_hand", sql_settings, site.folder) as sql,
    ):
        for kind, goal in GOALS.items():
            rows.append([kind, *_row(site, site.workload.of_kind(kind), goal, ours, sql, differences)])
    heads = [
        "class",
        "JSON",
        "p99",
        "SQL",
        "p99",
        "ratio",
        "goal",
        "",
        "SQL bare",
        "page",
        "p99",
        "ratio",
        "goal",
        "",
    ]
    return table(f"Over HTTP, one connection, {site.size} (ms)", heads, rows)


def _row(
    site: Site,
    queries: tuple[Query, ...],
    goal: float,
    ours: HTTPConnection,
    sql: HTTPConnection,
    differences: Differences,
) -> list[str]:
    json_, page, same, bare = Timings(), Timings(), Timings(), Timings()
    for query in queries:
        slots, offered, by_hand = _api(query), _page(query), f"/?{urlencode(parameters(query))}"
        expected = site.floors[query.municipality].starts(query)
        differences.compare("The API", query.id, expected, _starts(get(ours, slots)))
        differences.compare("SQL over HTTP", query.id, expected, _starts(get(sql, by_hand)))
        shown = _shown(get(ours, offered))
        differences.compare("The page", query.id, expected[:1], shown[:1])
        differences.compare(
            "The page", query.id, [], sorted(set(shown) - set(expected)) if not query.first else []
        )
        get(sql, f"{by_hand}&bare=1")
        json_.time(partial(get, ours, slots))
        same.time(partial(get, sql, by_hand))
        page.time(partial(get, ours, offered))
        bare.time(partial(get, sql, f"{by_hand}&bare=1"))
    return [
        *json_.columns(), *same.columns(), *against(json_.median, same.median, goal), *bare.columns()[:1],
        *page.columns(), *against(page.median, json_.median, PAGE_GOAL),
    ]  # fmt: skip


def _api(query: Query) -> str:
    asked = {
        "limit": query.first or MOST,
        "interpreter": LANGUAGES[query.language] if query.language else "none",
    }
    return f"/api/v1/{slug_of(query.municipality)}/services/{service_keys(query)[0]}/slots?{urlencode(asked)}"


def _page(query: Query) -> str:
    interpreter = LANGUAGES[query.language] if query.language else "none"
    asked = {"service": service_keys(query)[0], "interpreter": interpreter}
    return f"/{slug_of(query.municipality)}/slots?{urlencode(asked)}"


def _starts(body: bytes) -> list[int]:
    return [_minute(slot["start"]) for slot in json.loads(body)["slots"]]


def _shown(body: bytes) -> list[int]:
    return [_minute(html.unescape(value)) for value in _OFFERED.findall(body.decode())]


def _minute(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) // 60
