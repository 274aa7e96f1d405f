"""The services that the searches of a data set are about, so that pages and API answer the very same questions."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.orm import Session

from benchmarks.dataset import CHAINS, Query
from scheduler_app.models import Service, ServiceNeed


def service_keys(query: Query) -> tuple[str, ...]:
    """The keys of the services that a query asks for: one, or for a chain one a visit."""
    if query.kind == CHAINS or len(query.teams) == 1:
        return tuple(f"desk-{team}-{query.minutes}" for team in query.teams)
    if query.persons:
        return ("-".join(("people", *query.persons, str(query.minutes))),)
    return ("-".join(map(str, ("table", *query.teams, query.capacity, query.minutes))),)


def add_services(
    session: Session,
    municipality_id: int,
    queries: Iterable[Query],
    *,
    agency_of_team: Sequence[int],
    teams: Sequence[int],
    staff: dict[str, int],
) -> None:
    """Add each service that a query needs once; flushes nothing.

    ``agency_of_team`` and ``teams`` are ids by the data's team numbers, ``staff`` by its names. An interpreter comes to
    every service if somebody asks for one.
    """
    by_key = {key: needs for query in queries for key, needs in _services(query)}
    for position, (key, (minutes, wanted_teams, persons, seats)) in enumerate(sorted(by_key.items())):
        needs = [ServiceNeed(municipality_id=municipality_id, team_id=teams[team]) for team in wanted_teams]
        needs += [
            ServiceNeed(municipality_id=municipality_id, staff_member_id=staff[name]) for name in persons
        ]
        session.add(
            Service(
                municipality_id=municipality_id,
                agency_id=agency_of_team[wanted_teams[0] if wanted_teams else 0],
                key=key,
                position=position,
                name={"de": key},
                description={"de": ""},
                papers=[],
                minutes=minutes,
                is_online=True,
                is_joint=True,
                interpreter_level="lay",
                room_seats=seats,
                needs=needs,
            )
        )


_Wanted = tuple[int, tuple[int, ...], tuple[str, ...], int]
"""Minutes, teams, persons, seats."""


def _services(query: Query) -> Iterator[tuple[str, _Wanted]]:
    keys = service_keys(query)
    if len(keys) == len(query.teams):
        for key, team in zip(keys, query.teams, strict=True):
            yield key, (query.minutes, (team,), (), 0)
    else:
        yield keys[0], (query.minutes, query.teams, query.persons, query.capacity)
