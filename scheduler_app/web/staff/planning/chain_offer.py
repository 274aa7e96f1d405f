"""What the planning page offers desk after desk: itineraries of one day each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduler_app.domain.errors import SlotTaken
from scheduler_app.models import Case, db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.explain_chain import explain_chain
from scheduler_app.services.find_chains import ChainsFound, FoundChain, find_chains
from scheduler_app.services.itinerary import ItineraryVisit, visits_found
from scheduler_app.services.plan_chain import ChainPlan, plan_chain
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.local_dates import local
from scheduler_app.web.request_time import now
from scheduler_app.web.staff.diary_grid import day_bounds
from scheduler_app.web.staff.planning.day_picture import DayPicture, day_picture
from scheduler_app.web.staff.planning.picked import Picked
from scheduler_app.web.staff.planning.pressed import START
from scheduler_app.web.staff.planning.roles import RoleLine
from scheduler_app.web.staff.planning.suggestion_words import SuggestionLine, suggestion_lines
from scheduler_app.web.staff.planning.table_offer import next_day

MOST_DAYS = 5
MOST_OF_A_DAY = 3


@dataclass(frozen=True)
class Itinerary:
    """One chain as it is offered; ``value`` is what its button sends."""

    chain: FoundChain
    visits: tuple[ItineraryVisit, ...]
    value: str


@dataclass(frozen=True)
class ChainOffer:
    """``days``: itineraries by day, the first days and a few of each; more begin on ``next_day``.

    ``missing``, ``suggestions``: what prevents one, where there are none, and what would help.
    """

    days: list[tuple[date, list[Itinerary]]]
    next_day: date | None
    picture: DayPicture
    missing: list[str]
    suggestions: list[SuggestionLine]

    @property
    def count(self) -> int:
        return sum(len(itineraries) for _, itineraries in self.days)


def planned_chain(offer: Catalogue, of_case: Case, picked: Picked) -> ChainPlan:
    """The chain of what was picked. Raises what ``plan_chain`` raises."""
    return plan_chain(
        offer,
        _desk_by_desk(offer, picked.request),
        is_ordered=picked.is_ordered,
        longest_wait=picked.longest_wait,
        client_resource_id=of_case.client.resource_id,
    )


def _desk_by_desk(offer: Catalogue, request: SlotRequest) -> SlotRequest:
    """The wishes without those for the one table: its room, its length, and roles that no desk has."""
    request = replace(request, room=None, minutes=None)
    chain = plan_chain(offer, replace(request, without=(), optional=())).chain
    roles = [role.key.partition("@")[0] for visit in chain.visits for role in visit.roles]
    known = {*roles, *(escort.key for escort in chain.escorts)}
    return replace(
        request,
        without=tuple(key for key in request.without if key in known),
        optional=tuple(key for key in request.optional if key in known),
    )


def chain_offer(
    offer: Catalogue, of_case: Case, picked: Picked, plan: ChainPlan, lines: Sequence[RoleLine]
) -> ChainOffer:
    """Search, explain, and picture one day: the one picked, or the first with a chain."""
    found = _search(offer, picked, plan)
    days, next_one = _by_day(offer, found.chains)
    day = picked.day or (days[0][0] if days else picked.from_day or next_day(picked))
    names = {line.key: line.label for line in lines}
    return ChainOffer(
        days,
        next_one,
        day_picture(offer, _candidates(plan), {**names, "client": "Klient*in"}, day, None),
        [_blocking_name(plan, key, names) for key in found.blocking],
        [] if days else _suggestions(offer, of_case, picked, plan, names),
    )


def _suggestions(
    offer: Catalogue, of_case: Case, picked: Picked, plan: ChainPlan, names: dict[str, str]
) -> list[SuggestionLine]:
    found = explain_chain(
        db.session(),
        offer,
        plan.request,
        is_ordered=picked.is_ordered,
        longest_wait=picked.longest_wait,
        client_resource_id=of_case.client.resource_id,
        now=now(),
        from_at=_from_at(offer, picked),
    )
    return suggestion_lines(offer, picked, names, found, of_case.number)


def chosen_chain(offer: Catalogue, picked: Picked, plan: ChainPlan, value: str) -> FoundChain:
    """The chain that a button sent, if it is offered now. Raises SlotTaken."""
    for chain in _search(offer, picked, plan).chains:
        if value_of(chain) == value:
            return chain
    raise SlotTaken


def value_of(chain: FoundChain) -> str:
    """A chain as text: its start, and its arrangement as a request."""
    start = chain.books_at.strftime(START)
    return json.dumps({"start": start, "request": chain.request.to_json()}, sort_keys=True)


def _search(offer: Catalogue, picked: Picked, plan: ChainPlan) -> ChainsFound:
    return find_chains(db.session(), offer, plan, now=now(), from_at=_from_at(offer, picked))


def _from_at(offer: Catalogue, picked: Picked) -> datetime | None:
    return day_bounds(picked.from_day, 1, offer.timezone)[0] if picked.from_day is not None else None


def _by_day(
    offer: Catalogue, chains: Sequence[FoundChain]
) -> tuple[list[tuple[date, list[Itinerary]]], date | None]:
    """The first days with chains, and of each a few that are spread over it; and the day after those."""
    by_day: dict[date, list[FoundChain]] = {}
    for chain in chains:
        by_day.setdefault(local(chain.starts_at).date(), []).append(chain)
    days = []
    for day, on_day in list(by_day.items())[:MOST_DAYS]:
        step = -(-len(on_day) // MOST_OF_A_DAY)
        shown = [Itinerary(chain, visits_found(offer, chain), value_of(chain)) for chain in on_day[::step]]
        days.append((day, shown))
    return days, next(iter(list(by_day)[MOST_DAYS:]), None)


def _candidates(plan: ChainPlan) -> dict[str, tuple[int, ...]]:
    """By role key, whichever visit it is at, who can fill it."""
    roles: dict[str, tuple[int, ...]] = {}
    for visit in plan.chain.visits:
        for role in visit.roles:
            key = role.key.partition("@")[0]
            roles[key] = tuple(dict.fromkeys((*roles.get(key, ()), *role.candidates)))
    return roles | {escort.key: escort.candidates for escort in plan.chain.escorts}


def _blocking_name(plan: ChainPlan, key: str, names: dict[str, str]) -> str:
    if key.startswith("visit:"):
        visit = plan.visits[int(key.removeprefix("visit:")) - 1]
        return ", ".join(f"„{concern.name['de']}“" for concern in visit.concerns)
    return names.get(key, "Sprachmittlung" if key == INTERPRETER else "eine beteiligte Person")
