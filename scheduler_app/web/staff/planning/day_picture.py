"""One day as a picture: a row a role, free or not, and the starts of the appointment below."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler_app.domain.visibility import IMMIGRATION
from scheduler_app.models import db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.free_by_role import RoleTimes, Span, free_by_role
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import CLIENT, ROOM, kind_of_role
from scheduler_app.web.local_dates import local
from scheduler_app.web.request_time import now
from scheduler_app.web.staff.slot_days import OfferedSlot

FIRST_MINUTE, LAST_MINUTE = 7 * 60, 19 * 60
"""What the picture shows of a day, in minutes of the day; the sentences tell all of it."""

DAY_MINUTES = 24 * 60
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a row, in minutes of the local day."""

    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True)
class Row:
    """``sentence`` says the same as the ``bars``. ``candidates`` are the rows of each who can fill the role."""

    name: str
    sentence: str
    bars: list[Bar]
    candidates: list["Row"]


@dataclass(frozen=True, slots=True)
class DayPicture:
    """``starts`` are those of the whole appointment on this day (None: not asked), ``marks`` where they lie."""

    day: date
    earlier: date | None
    later: date | None
    rows: list[Row]
    starts: list[OfferedSlot] | None
    marks: list[Bar]


def day_picture(
    offer: Catalogue,
    candidates: Mapping[str, Collection[int]],
    names: Mapping[str, str],
    day: date,
    starts: Sequence[OfferedSlot] | None,
) -> DayPicture:
    """The picture of a day for roles: by key who can fill them, and what they are called."""
    found = free_by_role(db.session(), offer, candidates, day, now=now())
    step = timedelta(minutes=offer.start_every_minutes)
    return DayPicture(
        day,
        _beside(offer, day, -1),
        _beside(offer, day, 1),
        [_role_row(offer, day, times, names.get(times.key, "")) for times in found],
        None if starts is None else list(starts),
        _bars(day, [(slot.starts_at, slot.starts_at + step) for slot in starts or ()]),
    )


def _beside(offer: Catalogue, day: date, step: int) -> date | None:
    """The working day before or after, if it can be booked."""
    day += timedelta(days=step)
    while day.weekday() > FRIDAY:
        day += timedelta(days=step)
    today = local(now()).date()
    return day if today <= day <= today + timedelta(weeks=offer.horizon_weeks) else None


def _role_row(offer: Catalogue, day: date, times: RoleTimes, name: str) -> Row:
    people = _names(offer, times) if len(times.by_candidate) > 1 else {}
    rows = [_row(person, day, times.by_candidate[resource], []) for resource, person in people.items()]
    return _row(name, day, times.free, rows)


def _names(offer: Catalogue, times: RoleTimes) -> dict[int, str]:
    """Who can fill a role, by name. Of the Ausländerbehörde only whether somebody is free is told."""
    kind = kind_of_role(times.key)
    if kind == INTERPRETER:
        return {person: offer.interpreters[person].name for person in times.by_candidate}
    if kind == ROOM:
        return {room: offer.rooms[room].name for room in times.by_candidate}
    if kind == CLIENT:
        return {}
    people = [offer.staff[person] for person in times.by_candidate if person in offer.staff]
    return {
        person.resource_id: person.name
        for person in people
        if person.agency_id in offer.agencies and offer.agencies[person.agency_id].kind != IMMIGRATION
    }


def _row(name: str, day: date, spans: Sequence[Span], candidates: list[Row]) -> Row:
    return Row(name, _sentence(day, spans), _bars(day, spans), candidates)


def _sentence(day: date, spans: Sequence[Span]) -> str:
    times = [(_minute(day, starts), _minute(day, ends)) for starts, ends in spans]
    if not times:
        return "nicht frei"
    if times == [(0, DAY_MINUTES)]:
        return "den ganzen Tag frei"
    return "frei " + ", ".join(f"{_clock(first)}–{_clock(last)}" for first, last in times) + " Uhr"


def _bars(day: date, spans: Iterable[Span]) -> list[Bar]:
    bars = []
    for starts, ends in spans:
        first, last = max(_minute(day, starts), FIRST_MINUTE), min(_minute(day, ends), LAST_MINUTE)
        if first < last:
            bars.append(Bar(first, last))
    return bars


def _minute(day: date, moment: datetime) -> int:
    """The wall-clock minute of the day; the midnight at its end is 1440."""
    there = local(moment)
    return (there.date() - day).days * DAY_MINUTES + there.hour * 60 + there.minute


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"
