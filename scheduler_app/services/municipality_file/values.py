"""Single values of a municipality file; each reader raises ValueError with a sentence for the file's writer."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import phonenumbers

from scheduler_app.domain.opening_hours import DAY_MINUTES, WeeklyHours

from .contents import WeekHours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GRID_MINUTES = 5
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_KEY = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EMAIL = re.compile(r"[^@\s,;<>]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)

RESERVED_SLUGS = frozenset(
    (
        "admin",
        "api",
        "assets",
        "calendars",
        "demo",
        "favicon",
        "healthz",
        "help",
        "interpreter",
        "login",
        "logout",
        "metrics",
        "notifications",
        "readyz",
        "staff",
        "static",
        "terminlotse",
    )
)
"""First parts of addresses that the service itself uses, so no municipality can have them."""


def read_key(written: str) -> str:
    if len(written) > 60 or not _KEY.fullmatch(written):
        raise ValueError(f"'{written}' is not a key; use a-z, 0-9 and inside '.', '-' or '_', at most 60")
    return written


def read_slug(written: str) -> str:
    if len(written) > 40 or not _SLUG.fullmatch(written):
        raise ValueError(f"'{written}' is not a slug; use small letters a-z, digits and '-', at most 40")
    if written in RESERVED_SLUGS:
        raise ValueError(f"the slug '{written}' is reserved for the service itself; choose another one")
    return written


def read_number_prefix(written: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,6}", written):
        raise ValueError(f"'{written}' is not a prefix of numbers; use 1 to 6 capital letters A-Z")
    return written


def read_number(written: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"-?\d{1,9}", written):
        raise ValueError(f"'{written}' is not a whole number")
    number = int(written)
    if not lowest <= number <= highest:
        raise ValueError(f"{number} is not between {lowest} and {highest}")
    return number


def read_minutes(written: str, lowest: int, highest: int) -> int:
    minutes = read_number(written, lowest, highest)
    if minutes % GRID_MINUTES:
        raise ValueError(f"{minutes} minutes is not a multiple of five")
    return minutes


def read_yes_no(written: str) -> bool:
    if written not in ("yes", "no"):
        raise ValueError(f"'{written}' is neither yes nor no")
    return written == "yes"


def read_email(written: str) -> str:
    if len(written) > 254 or not _EMAIL.fullmatch(written):
        raise ValueError(f"'{written}' is not an e-mail address")
    return written.lower()


def read_phone(written: str) -> str:
    """The number as E.164 (+49...); numbers without a country code are German ones."""
    try:
        number = phonenumbers.parse(written, "DE")
    except phonenumbers.NumberParseException:
        raise ValueError(f"'{written}' is not a telephone number") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"'{written}' is not a telephone number: its length is wrong")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_link(written: str) -> str:
    if not re.fullmatch(r"https://[^\s/]+\.[^\s]+", written):
        raise ValueError(f"'{written}' is not a link; it must start with https://")
    return written


def read_time(written: str) -> int:
    """Minutes after midnight; 24:00 is the end of the day."""
    found = _TIME.fullmatch(written)
    if found is None:
        raise ValueError(f"'{written}' is not a time; write it as 08:00")
    minute = int(found[1]) * 60 + int(found[2])
    if int(found[2]) > 59 or minute > DAY_MINUTES:
        raise ValueError(f"'{written}' is not a time of day")
    if minute % GRID_MINUTES:
        raise ValueError(f"{written} does not lie on a full five minutes")
    return minute


def read_hours_of_day(weekday: int, written: str) -> WeekHours:
    """'08:00-12:00, 14:00-16:00' as spans in order; 'closed' is none."""
    if written == "closed":
        return ()
    spans = []
    for part in written.split(","):
        ends = part.strip().replace("\u2013", "-").split("-")
        if len(ends) != 2:
            raise ValueError(f"'{part.strip()}' is not a span of time; write it as 08:00-12:00")
        opens, closes = read_time(ends[0].strip()), read_time(ends[1].strip())
        if closes <= opens:
            raise ValueError(f"'{part.strip()}' ends before it starts")
        spans.append(WeeklyHours(weekday, opens, closes))
    spans.sort(key=lambda span: span.opens)
    for before, after in pairwise(spans):
        if after.opens < before.closes:
            raise ValueError(f"the hours '{written}' overlap")
    return tuple(spans)


def read_moment(written: str, *, is_end: bool) -> datetime:
    """A date, or a date and time, as naive local time; a date as an end includes that day."""
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2}))?", written)
    if found is None:
        raise ValueError(f"'{written}' is not a date; write it as 2027-02-08 or 2027-02-08 12:00")
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        raise ValueError(f"there is no day {found[1]}") from None
    if found[2] is None:
        return datetime.combine(day + timedelta(days=1 if is_end else 0), time())
    return datetime.combine(day, time()) + timedelta(minutes=read_time(found[2]))


def read_coordinates(written: str) -> tuple[float, float]:
    """'51.4516, 6.6408' as latitude and longitude in degrees (WGS 84)."""
    found = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)", written)
    if found is None or not (-90 <= float(found[1]) <= 90 and -180 <= float(found[2]) <= 180):
        raise ValueError(f"'{written}' is not a position; write latitude and longitude as '51.4516, 6.6408'")
    return float(found[1]), float(found[2])
