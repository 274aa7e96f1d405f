"""Slots as they are offered: a few days, a few times a day, and words where there are none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from scheduler_app.domain.opening_hours import from_epoch_minute
from scheduler_app.services.catalogue_entries import PlaceEntry
from scheduler_app.services.find_slots import SlotSearch
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import CLIENT, ROOM, kind_of_role
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.local_dates import local
from scheduler_app.web.page_language import gettext, language_name

DAYS_SHOWN = 5
TIMES_A_DAY = 6

T = TypeVar("T")


@dataclass(frozen=True)
class OfferedSlot:
    """``value`` is what its button sends."""

    starts_at: datetime
    ends_at: datetime

    @property
    def value(self) -> str:
        return self.starts_at.isoformat(timespec="minutes")


@dataclass(frozen=True)
class Offer:
    """``later_on``: the day from which on there are more. ``reasons``: sentences, if there is no slot at all."""

    days: list[tuple[date, list[OfferedSlot]]]
    later_on: date | None = None
    from_on: date | None = None
    reasons: tuple[str, ...] = ()
    needs_interpreter: bool = False


def offer(search: SlotSearch, from_on: date | None, *, but: datetime | None = None) -> Offer:
    """What a search found, from a day on, without the start ``but`` (the present one, when moving)."""
    by_day, are_more = _first_days(search, but)
    days = [(day, spread(slots, TIMES_A_DAY)) for day, slots in by_day.items()]
    later_on = days[-1][0] + timedelta(days=1) if are_more else None
    reasons = () if by_day else blocking_words(search.plan, search.blocking)
    return Offer(days, later_on, from_on, reasons, INTERPRETER in search.blocking)


def _first_days(search: SlotSearch, but: datetime | None) -> tuple[dict[date, list[OfferedSlot]], bool]:
    """The slots of the days shown, and whether there are later ones; most of them nobody will see."""
    days: dict[date, list[OfferedSlot]] = {}
    for minute in search.minutes:
        start = from_epoch_minute(minute)
        day = local(start).date()
        if start != but:
            if day not in days and len(days) == DAYS_SHOWN:
                return days, True
            days.setdefault(day, []).append(OfferedSlot(start, start + search.length))
    return days, False


def offer_of(starts: Sequence[datetime], plan: Plan) -> Offer:
    """The nearest starts after one was taken."""
    return Offer(list(_by_day(starts, timedelta(minutes=plan.minutes)).items()))


def blocking_words(plan: Plan, blocking: Collection[str]) -> tuple[str, ...]:
    """Which requirement nobody can fulfil, as sentences."""
    if not blocking:
        return (gettext("Alle zusammen haben in dieser Zeit keinen gemeinsamen Termin frei."),)
    return tuple(dict.fromkeys(_blocking_word(plan, key) for key in blocking))


def meeting_place(plan: Plan) -> PlaceEntry | None:
    """Where it will be, if that is one place and certain before a slot is chosen: several rooms may lie in several
    houses.
    """
    catalogue = municipality()
    if plan.is_chain:
        return None
    rooms = next((role.candidates for role in plan.roles if role.key == ROOM), None)
    if rooms is None:
        return catalogue.places.get(plan.concerns[0].agency.place_id or 0)
    places = {catalogue.rooms[room].place_id for room in rooms}
    return catalogue.places[places.pop()] if len(places) == 1 else None


def _by_day(starts: Sequence[datetime], length: timedelta) -> dict[date, list[OfferedSlot]]:
    days: dict[date, list[OfferedSlot]] = {}
    for start in starts:
        days.setdefault(local(start).date(), []).append(OfferedSlot(start, start + length))
    return days


def spread(offered: Sequence[T], most: int) -> list[T]:
    """A few over the whole day, so that somebody who works or takes a child to school finds one."""
    if len(offered) <= most:
        return list(offered)
    return [offered[place * (len(offered) - 1) // (most - 1)] for place in range(most)]


def interpreter_missing(request: SlotRequest) -> str:
    """Nobody who could interpret what was asked for has time."""
    language = language_name(request.variety or request.language)
    return gettext("Niemand, der %(language)s dolmetscht, ist in dieser Zeit frei.", language=language)


def _blocking_word(plan: Plan, key: str) -> str:
    if key == INTERPRETER:
        return interpreter_missing(plan.request)
    if kind_of_role(key) == ROOM:
        return gettext("In dieser Zeit ist kein Raum frei, der groß genug ist.")
    if key == CLIENT:
        return gettext("Sie haben in dieser Zeit schon andere Termine.")
    agency_id = plan.agency_of_role.get(key)
    if agency_id is None:
        return gettext("Eine Person, die dabei sein muss, hat in dieser Zeit keinen Termin frei.")
    agency = municipality().agencies[agency_id].name
    return gettext("Hier ist in dieser Zeit kein Termin frei: %(agency)s", agency=agency)
