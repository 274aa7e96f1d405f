"""What has been chosen so far, as it travels in the address from question to question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, request

from scheduler_app.domain.languages import UnknownLanguage, find_language
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.client.municipality_page import municipality

NO_INTERPRETER = "none"
NOON = 12 * 60
TIMES_OF_DAY: dict[str, tuple[int | None, int | None]] = {
    "morning": (None, NOON + 60),
    "afternoon": (NOON, None),
}
"""The earliest start and the latest end, in minutes of the day."""

A_MONDAY = date(2027, 1, 4)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Wish:
    """``interpreter``: ISO 639-3 code of a language or variety, NO_INTERPRETER, or empty while not answered.

    ``is_chain``: desk after desk on one day. ``time`` is a key of TIMES_OF_DAY or empty, ``weekdays`` are Monday 0.
    """

    services: tuple[str, ...] = ()
    interpreter: str = ""
    from_on: date | None = None
    is_chain: bool = False
    by_video: bool = False
    time: str = ""
    weekdays: tuple[int, ...] = ()

    @classmethod
    def of(cls, asked: SlotRequest) -> "Wish":
        """The wish that led to a search."""
        times = [name for name, bounds in TIMES_OF_DAY.items() if bounds == (asked.earliest, asked.latest)]
        return cls(
            tuple(dict.fromkeys(asked.services)),
            asked.variety or asked.language or NO_INTERPRETER,
            is_chain=asked.is_chain,
            by_video=asked.by_video,
            time=times[0] if times else "",
            weekdays=asked.weekdays,
        )

    def arguments(self) -> dict[str, Any]:
        """For ``url_for``: the query parameters of this wish."""
        return {
            "service": list(self.services),
            "interpreter": self.interpreter or None,
            "chain": "1" if self.is_chain else None,
            "video": "1" if self.by_video else None,
            "time": self.time or None,
            "day": [WEEKDAYS[day] for day in self.weekdays],
            "from": self.from_on.isoformat() if self.from_on else None,
        }

    def at(self, day: date | None) -> "Wish":
        """The same, looking from another day on."""
        return replace(self, from_on=day)

    def at_any_time(self) -> "Wish":
        """The same, on every day of the week and at all times."""
        return replace(self, time="", weekdays=())

    @property
    def has_times(self) -> bool:
        return bool(self.time or self.weekdays)

    def slot_request(self) -> SlotRequest:
        """The search that this wish stands for; of a chain, with its visits but not yet their times."""
        earliest, latest = TIMES_OF_DAY.get(self.time, (None, None))
        request = SlotRequest(self.services, weekdays=self.weekdays, earliest=earliest, latest=latest)
        if self.interpreter not in {"", NO_INTERPRETER}:
            spoken = find_language(self.interpreter)
            request = replace(
                request,
                language=spoken.variety_of or spoken.code,
                variety=spoken.code if spoken.variety_of else "",
                by_video=self.by_video,
                stays=self.is_chain,
            )
        if self.is_chain:
            request = replace(request, groups=_desks(self.services))
        return request


def weekday_choices() -> list[tuple[str, date]]:
    """Monday to Friday: what stands in the address, and some day of that name."""
    return [(WEEKDAYS[number], A_MONDAY + timedelta(days=number)) for number in range(5)]


def _desks(services: Sequence[str]) -> tuple[int, ...]:
    """At which visit each concern is dealt with: those of one agency together, unless one needs a visit of its own."""
    visits: dict[int | str, int] = {}
    groups = [
        visits.setdefault(service.agency.id if service.is_joint else service.key, len(visits))
        for service in map(municipality().service, services)
    ]
    return tuple(groups) if len(visits) < len(groups) else ()


def read_wish() -> Wish:
    """The wish in this request's address; a day or time that is none ends in a 400 page."""
    services = tuple(dict.fromkeys(filter(None, request.args.getlist("service"))))
    time, days = request.args.get("time", ""), request.args.getlist("day")
    if (time and time not in TIMES_OF_DAY) or not set(days) <= set(WEEKDAYS):
        abort(400)
    return Wish(
        services,
        request.args.get("interpreter", "").strip(),
        read_from_on(),
        is_chain="chain" in request.args,
        by_video="video" in request.args,
        time=time,
        weekdays=tuple(sorted({WEEKDAYS.index(day) for day in days})),
    )


def read_from_on() -> date | None:
    """The day in ``from`` (ISO 8601), from which on slots are shown; a 400 page if it is none."""
    text = request.args.get("from", "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(400)
    return day if 2000 <= day.year <= 2199 else abort(400)


def local_midnight(day: date | None) -> datetime | None:
    """When a day begins in the municipality."""
    return datetime.combine(day, time(), ZoneInfo(municipality().timezone)) if day else None


def read_start() -> datetime:
    """The start that was pressed, as an aware datetime; a 400 page if the form was tampered with."""
    try:
        start = datetime.fromisoformat(request.form.get("start", ""))
    except ValueError:
        abort(400)
    if start.tzinfo is None or not 2000 <= start.year <= 2199:
        abort(400)
    return start


def is_interpreted(code: str) -> bool:
    """Whether somebody of the pool interprets this language or variety."""
    try:
        language = find_language(code)
    except UnknownLanguage:
        return False
    return language.code in municipality().languages_interpreted()
