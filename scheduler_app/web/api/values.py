"""Reading and writing the API's values: times, languages, interpreters."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler_app.domain.languages import Language, UnknownLanguage, find_language
from scheduler_app.domain.opening_hours import DAY_MINUTES
from scheduler_app.models import Gender
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.find_chains import FoundChain
from scheduler_app.services.itinerary import concerns_of, visits_found

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
GENDERS = tuple(gender.value for gender in Gender if gender is not Gender.UNKNOWN)
LONGEST_WAIT_ASKED = 90
"""Beyond a way. The more may be waited the more arrangements there are to try."""

_TIME_OF_DAY = re.compile(r"([0-2]?\d):([0-5]\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)([Zz]|[+ -]\d{2}:\d{2})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The interpreter's language: ISO 639-3 codes as `SlotRequest` takes them, both empty for none."""

    language: str = ""
    variety: str = ""

    @property
    def code(self) -> str | None:
        return self.variety or self.language or None


def read_moment(text: str, catalogue: Catalogue, *, day_ends: bool = False) -> datetime:
    """A time from an RFC 3339 date-time or date; without an offset it is local.

    A date is its first moment or, with ``day_ends``, the first moment after it. Raises ValueError with a reason.
    """
    zone = ZoneInfo(catalogue.timezone)
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=1 if day_ends else 0)
            return datetime(day.year, day.month, day.day, tzinfo=zone)
        parts = _DATE_TIME.fullmatch(text)
        if parts is not None:
            day_text, time_text, offset = parts.groups()
            # a "+" that was not percent-encoded in a query arrives as a space
            offset = (offset or "").replace(" ", "+").replace("z", "Z")
            moment = datetime.fromisoformat(f"{day_text}T{time_text}{offset}")
            aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            aware.astimezone(UTC)  # raises OverflowError beyond the calendar's ends
            return aware
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        f"{text!r} is no date such as 2027-01-12 and no date-time (RFC 3339) such as 2027-01-12T09:30:00+01:00."
    )


def write_moment(moment: datetime, catalogue: Catalogue) -> str:
    """RFC 3339 with the offset that clocks in the municipality have then."""
    return moment.astimezone(ZoneInfo(catalogue.timezone)).isoformat(timespec="seconds")


def write_slot(start: datetime, minutes: int, catalogue: Catalogue) -> dict[str, str]:
    return {
        "start": write_moment(start, catalogue),
        "end": write_moment(start + timedelta(minutes=minutes), catalogue),
    }


def read_language(text: str) -> Language:
    """The language of a BCP 47 tag or ISO 639 code. Raises ValueError with a reason."""
    try:
        return find_language(text)
    except UnknownLanguage as error:
        raise ValueError(f"{error}.") from error


def written_language(language: Language) -> Language:
    """What to write to a speaker: texts exist in Arabic, not in its varieties."""
    return find_language(language.variety_of) if language.variety_of is not None else language


def read_interpreter(text: str, language: Language | None) -> Spoken:
    """Which interpreter takes part: ``text`` is ``none``, a code, or empty: then one of the client's language.

    Nobody interprets German. Raises ValueError with a reason.
    """
    wanted = None if text == "none" else read_language(text) if text else language
    if wanted is None or wanted.code == "deu":
        return Spoken()
    if wanted.variety_of is not None:
        return Spoken(wanted.variety_of, wanted.code)
    return Spoken(wanted.code)


def read_flag(text: str) -> bool:
    """``1`` or ``0``. Raises ValueError with a reason."""
    if text not in ("0", "1"):
        raise ValueError(f"{text!r} is neither 1 nor 0.")
    return text == "1"


def read_number(text: str, least: int, most: int) -> int:
    """A whole number within bounds. Raises ValueError with a reason."""
    if not (text.isascii() and text.isdigit() and least <= int(text[:6]) <= most):
        raise ValueError(f"{text!r} is no whole number from {least} to {most}.")
    return int(text)


def read_gender(text: str) -> str:
    """The gender that the interpreter must have. Raises ValueError with a reason."""
    if text not in GENDERS:
        raise ValueError(f"{text!r} is none of {', '.join(GENDERS)}.")
    return text


def read_order(text: str) -> str:
    """Whether visits may come in any order or only as given. Raises ValueError with a reason."""
    if text not in ("any", "given"):
        raise ValueError(f"{text!r} is neither any nor given.")
    return text


def read_weekdays(text: str) -> tuple[int, ...]:
    """Monday 0, from the names of RFC 5545 3.3.10 with commas between. Raises ValueError with a reason."""
    names = [name.strip().upper() for name in text.split(",")]
    if not set(names) <= set(WEEKDAYS):
        raise ValueError(f"{text!r} is no list of {', '.join(WEEKDAYS)}.")
    return tuple(sorted({WEEKDAYS.index(name) for name in names}))


def read_time_of_day(text: str) -> int:
    """Minutes after midnight, of a time from 00:00 to 24:00. Raises ValueError with a reason."""
    parts = _TIME_OF_DAY.fullmatch(text)
    minute = int(parts[1]) * 60 + int(parts[2]) if parts else -1
    if not 0 <= minute <= DAY_MINUTES:
        raise ValueError(f"{text!r} is no time of the day such as 08:30.")
    return minute


def write_chain(catalogue: Catalogue, chain: FoundChain) -> dict[str, Any]:
    """A chain with its visits in their order."""
    return {
        "start": write_moment(chain.starts_at, catalogue),
        "end": write_moment(chain.ends_at, catalogue),
        "visits": [
            {
                "services": [concern.key for concern in concerns_of(catalogue, found.visit)],
                "start": write_moment(visit.starts_at, catalogue),
                "end": write_moment(visit.ends_at, catalogue),
                "agency": concerns_of(catalogue, found.visit)[0].agency.name,
                "place": visit.place or None,
                "way_minutes": visit.way.minutes if visit.way else 0,
            }
            for found, visit in zip(chain.visits, visits_found(catalogue, chain), strict=True)
        ],
    }
