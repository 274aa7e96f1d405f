"""What has been chosen so far, as it travels in the address from question to question."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, request

from scheduler_app.domain.languages import UnknownLanguage, find_language
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.client.municipality_page import municipality

NO_INTERPRETER = "none"


@dataclass(frozen=True)
class Wish:
    """``interpreter``: ISO 639-3 code of a language or variety, NO_INTERPRETER, or empty while not answered."""

    services: tuple[str, ...] = ()
    interpreter: str = ""
    from_on: date | None = None

    @classmethod
    def of(cls, asked: SlotRequest) -> "Wish":
        """The wish that led to a search."""
        return cls(asked.services, asked.variety or asked.language or NO_INTERPRETER)

    def arguments(self) -> dict[str, Any]:
        """For ``url_for``: the query parameters of this wish."""
        return {
            "service": list(self.services),
            "interpreter": self.interpreter or None,
            "from": self.from_on.isoformat() if self.from_on else None,
        }

    def at(self, day: date | None) -> "Wish":
        """The same, looking from another day on."""
        return replace(self, from_on=day)

    def slot_request(self) -> SlotRequest:
        """The search that this wish stands for."""
        if self.interpreter in {"", NO_INTERPRETER}:
            return SlotRequest(self.services)
        language = find_language(self.interpreter)
        if language.variety_of is None:
            return SlotRequest(self.services, language.code)
        return SlotRequest(self.services, language.variety_of, language.code)


def read_wish() -> Wish:
    """The wish in this request's address; a day that is none ends in a 400 page."""
    services = tuple(dict.fromkeys(filter(None, request.args.getlist("service"))))
    return Wish(services, request.args.get("interpreter", "").strip(), read_from_on())


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
