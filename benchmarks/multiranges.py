"""The SQL that a good engineer writes by hand: one statement a search, on PostgreSQL's multiranges.

Each resource keeps its free time. A free range of at least the length becomes the range of possible starts;
``range_agg`` joins those of a group (any of a team), ``range_intersect_agg`` leaves what all groups share.
"""

# ruff: noqa: S608  # the statements are put together from constants of this file; values are parameters
from typing import Any

import psycopg

from benchmarks.dataset import Chain, Query

_FITTING = "range_agg(int4range(lower(span), upper(span) - %(minutes)s, '[]'))"
_LONG_ENOUGH = "upper(span) - lower(span) >= %(minutes)s"
# the first multiple of the grid in a range, and all that follow in it
_STARTS = "generate_series((lower({range}) + 14) / 15 * 15, {last}, 15)"
_LISTED = f"""
SELECT array_agg(start) FROM (
    SELECT start FROM joint, unnest(starts) AS range, {_STARTS.format(range="range", last="upper(range) - 1")} AS start
    ORDER BY start LIMIT %(first)s
) AS listed
"""

_ONE_TEAM = f"""
WITH joint AS (
    SELECT {_FITTING} AS starts
    FROM member JOIN free USING (resource), unnest(spans) AS span
    WHERE municipality = %(municipality)s AND team = %(team)s AND {_LONG_ENOUGH}
)
{_LISTED}
"""

_JOINT = f"""
WITH able AS (
    SELECT team AS role, resource FROM member WHERE municipality = %(municipality)s AND team = ANY(%(teams)s)
    UNION ALL
    SELECT -1, resource FROM speaks WHERE municipality = %(municipality)s AND language = %(language)s
    UNION ALL
    SELECT -2, id FROM resource WHERE municipality = %(municipality)s AND seats >= %(capacity)s
), fitting AS (
    SELECT {_FITTING} AS starts FROM able JOIN free USING (resource), unnest(spans) AS span
    WHERE {_LONG_ENOUGH} GROUP BY role
), joint AS (SELECT range_intersect_agg(starts) AS starts FROM fitting HAVING count(*) = %(roles)s)
{_LISTED}
"""

_PERSONS = f"""
WITH fitting AS (
    SELECT (SELECT {_FITTING} FROM unnest(spans) AS span WHERE {_LONG_ENOUGH}) AS starts
    FROM resource JOIN free ON resource = id
    WHERE municipality = %(municipality)s AND key = ANY(%(persons)s)
), joint AS (SELECT range_intersect_agg(starts) AS starts FROM fitting HAVING count(starts) = %(roles)s)
{_LISTED}
"""

_VISITS = f"""
WITH visit AS MATERIALIZED (
    SELECT desk, start FROM (
        SELECT desk, {_FITTING} AS starts
        FROM unnest(%(teams)s::int[]) WITH ORDINALITY AS wanted (team, desk)
        JOIN member ON municipality = %(municipality)s AND member.team = wanted.team
        JOIN free USING (resource), unnest(spans) AS span
        WHERE {_LONG_ENOUGH} GROUP BY desk
    ) AS fitting, unnest(starts) AS range, {_STARTS.format(range="range", last="upper(range) - 1")} AS start
), gap AS (
    SELECT generate_series(%(minutes)s + %(least)s, %(minutes)s + %(most)s, 15) AS step
), talk AS MATERIALIZED (
    SELECT resource, lower(span) AS free_from, desk, start
    FROM speaks JOIN free USING (resource), unnest(spans) AS span,
        {_STARTS.format(range="span", last="upper(span) - %(minutes)s")} AS start JOIN visit USING (start)
    WHERE municipality = %(municipality)s AND language = %(language)s AND upper(span) - lower(span) >= %(span)s
)
"""

_CHAINS = f"""
{_VISITS}
SELECT DISTINCT a.start, b.start, c.start, concat(a.desk - 1, b.desk - 1, c.desk - 1)
FROM talk AS a CROSS JOIN gap AS early
JOIN talk AS b ON b.resource = a.resource {{also_b}} AND b.start = a.start + early.step AND b.desk <> a.desk
CROSS JOIN gap AS late
JOIN talk AS c ON c.resource = a.resource {{also_c}} AND c.start = b.start + late.step
    AND c.desk NOT IN (a.desk, b.desk)
ORDER BY 1, 2, 3, 4
"""
_AT_VISITS = _CHAINS.format(also_b="", also_c="")
_ALL_THE_TIME = _CHAINS.format(also_b="AND b.free_from = a.free_from", also_c="AND c.free_from = a.free_from")

Connection = psycopg.Connection[tuple[Any, ...]]


def starts(connection: Connection, query: Query) -> list[int]:
    """The answer to a query of the classes Q1 to Q4: epoch minutes, ascending."""
    statement = _PERSONS if query.persons else _JOINT if query.language else _ONE_TEAM
    row = connection.execute(statement.encode(), _parameters(query), prepare=True).fetchone()
    return (row[0] if row else None) or []


def chains(connection: Connection, query: Query) -> tuple[list[Chain], list[Chain]]:
    """All chains of a query of class Q5: with one interpreter at all visits; and with her all the time."""
    least_throughout = 3 * query.minutes + 2 * query.gap[0]
    found = [
        connection.execute(statement.encode(), {**_parameters(query), "span": span}, prepare=True).fetchall()
        for statement, span in ((_AT_VISITS, query.minutes), (_ALL_THE_TIME, least_throughout))
    ]
    at_visits, all_the_time = found
    return at_visits, all_the_time


def _parameters(query: Query) -> dict[str, Any]:
    return {
        "municipality": query.municipality,
        "minutes": query.minutes,
        "team": query.teams[0] if query.teams else None,
        "teams": list(query.teams),
        "persons": list(query.persons),
        "language": query.language,
        "capacity": query.capacity,
        "roles": len(query.persons) or len(query.teams) + 2,
        "first": query.first,
        "least": query.gap[0],
        "most": query.gap[1],
    }
