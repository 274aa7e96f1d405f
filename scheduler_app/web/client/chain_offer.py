"""Chains as they are offered: a few days, a few itineraries a day, and words where there are none."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import abort, request

from scheduler_app.services.check_chain import read_arrangement
from scheduler_app.services.find_chains import ChainsFound, FoundChain
from scheduler_app.services.itinerary import ItineraryVisit, visits_found
from scheduler_app.services.plan_chain import ChainPlan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.slot_offer import DAYS_SHOWN, interpreter_missing, spread
from scheduler_app.web.local_dates import local
from scheduler_app.web.page_language import gettext

CHAINS_A_DAY = 3


@dataclass(frozen=True)
class OfferedChain:
    """``value`` and ``arrangement`` are what its button sends."""

    starts_at: datetime
    ends_at: datetime
    visits: tuple[ItineraryVisit, ...]
    arrangement: str

    @property
    def value(self) -> str:
        return self.starts_at.isoformat(timespec="minutes")


@dataclass(frozen=True)
class ChainOffer:
    """``later_on``: the day from which on there are more. ``reasons``: sentences, if there is no chain at all."""

    days: list[tuple[date, list[OfferedChain]]]
    later_on: date | None
    from_on: date | None
    reasons: tuple[str, ...]
    needs_interpreter: bool


def chain_offer(found: ChainsFound, from_on: date | None) -> ChainOffer:
    """What a search found, from a day on."""
    by_day: dict[date, list[FoundChain]] = {}
    for chain in found.chains:
        by_day.setdefault(local(chain.starts_at).date(), []).append(chain)
    days = [
        (day, [_offered(chain) for chain in spread(chains, CHAINS_A_DAY)])
        for day, chains in list(by_day.items())[:DAYS_SHOWN]
    ]
    return ChainOffer(
        days,
        days[-1][0] + timedelta(days=1) if len(by_day) > DAYS_SHOWN else None,
        from_on,
        () if by_day else _reasons(found.plan, found.blocking),
        INTERPRETER in found.blocking,
    )


def pressed_arrangement() -> SlotRequest:
    """The chain that was pressed: its services, and the times of its visits; a 400 page if it was tampered with."""
    try:
        return read_arrangement(json.loads(request.form.get("chain", "")))
    except (ValueError, RecursionError):
        abort(400)


def _offered(chain: FoundChain) -> OfferedChain:
    return OfferedChain(
        chain.books_at,
        chain.ends_at,
        visits_found(municipality(), chain),
        json.dumps(chain.request.to_json(), sort_keys=True),
    )


def _reasons(plan: ChainPlan, blocking: Collection[str]) -> tuple[str, ...]:
    if not blocking:
        return (gettext("An keinem Tag passen diese Termine nacheinander."),)
    return tuple(dict.fromkeys(_reason(plan, key) for key in blocking))


def _reason(plan: ChainPlan, key: str) -> str:
    if key == INTERPRETER:
        return interpreter_missing(plan.request)
    kind, _, number = key.partition(":")
    if kind != "visit":
        return gettext("Eine Person, die dabei sein muss, hat in dieser Zeit keinen Termin frei.")
    agency = plan.visits[int(number) - 1].concerns[0].agency.name
    return gettext("Hier ist in dieser Zeit kein Termin frei: %(agency)s", agency=agency)
