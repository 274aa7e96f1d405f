"""The searches of a data set, asked of Terminlotse's own search."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from benchmarks.dataset import CHAINS, Chain, Query
from benchmarks.load import LANGUAGES, slug_of
from benchmarks.services import service_keys
from scheduler_app.domain.free_time import cells_for
from scheduler_app.domain.opening_hours import from_epoch_minute
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_chains import ChainSearch
from scheduler_app.services.find_slots import JointSearch
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.plan_roles import ROOM
from scheduler_app.services.slot_request import SlotRequest

Answer = list[int] | tuple[list[Chain], list[Chain]]
"""Starts in epoch minutes; or chains: with one interpreter at all visits, and with her there all the time."""


def answer(session: Session, query: Query, window: tuple[int, int]) -> Answer:
    """The answer to a query, all chains included, with masks from wherever they are."""
    return prepared(session, query, window)()


def prepared(
    session: Session, query: Query, window: tuple[int, int], first: int | None = None
) -> Callable[[], Answer]:
    """The same in two steps: all that needs the database at once, the search itself when called.

    ``first``: write out only so many chains of all that are found.
    """
    catalogue = catalogue_of(session, slug_of(query.municipality))
    if query.kind == CHAINS:
        at_visits, all_the_time = (
            _chain_search(session, catalogue, query, window, stays=stays) for stays in (False, True)
        )
        return lambda: (_chains(at_visits, first), _chains(all_the_time, first))
    now, until_at = map(from_epoch_minute, window)
    search = JointSearch(session, catalogue, plan_of(catalogue, query), now=now, until_at=until_at)
    allowed = search.allowed(search.plan)
    return lambda: search.grid.minutes(search.starts(search.plan, allowed), query.first)


def plan_of(catalogue: Catalogue, query: Query) -> Plan:
    """The roles of a query of the classes Q1 to Q4."""
    language = LANGUAGES[query.language] if query.language else ""
    plan = plan_appointment(catalogue, SlotRequest(service_keys(query), language), online_only=True)
    # the data's room may be smaller than the table; ours seats everybody who comes
    rooms = tuple(room.resource_id for room in catalogue.rooms.values() if room.seats >= query.capacity)
    roles = tuple(replace(role, candidates=rooms) if role.key == ROOM else role for role in plan.roles)
    return replace(plan, roles=roles)


def _chain_search(
    session: Session, catalogue: Catalogue, query: Query, window: tuple[int, int], *, stays: bool
) -> ChainSearch:
    request = SlotRequest(service_keys(query), LANGUAGES[query.language], stays=stays)
    shortest, longest = query.gap
    plan = plan_chain(catalogue, request, longest_wait=longest)
    plan = replace(plan, chain=replace(plan.chain, shortest_wait=cells_for(shortest)))
    now, until_at = map(from_epoch_minute, window)
    return ChainSearch(session, catalogue, plan, now=now, until_at=until_at)


def _chains(search: ChainSearch, first: int | None) -> list[Chain]:
    at = search.grid.minute_of
    return [
        (at(one), at(two), at(three), "".join(map(str, order)))
        for (one, two, three), order in search.all()[:first]
    ]
