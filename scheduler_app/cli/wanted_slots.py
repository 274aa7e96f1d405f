"""What the options of `terminlotse slots` ask for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler_app.domain.languages import find_language
from scheduler_app.domain.opening_hours import DAY_MINUTES
from scheduler_app.models import Gender
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.slot_request import SlotRequest

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FIRST_YEAR, LAST_YEAR = 2000, 2199
GENDERS = tuple(gender.value for gender in Gender if gender is not Gender.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The options as they were given."""

    services: tuple[str, ...]
    language: str
    variety: str
    gender: str | None
    video: bool
    step_free: bool
    from_: datetime | None
    to: datetime | None
    weekdays: str
    earliest: str
    latest: str
    stays: bool


def slot_request(wanted: Wanted) -> SlotRequest:
    """The search for one table. Raises ValueError with a reason, UnknownLanguage."""
    language, variety = _spoken(wanted)
    earliest, latest = _minute(wanted.earliest), _minute(wanted.latest)
    if earliest is not None and latest is not None and latest <= earliest:
        raise ValueError("--latest must be later than --earliest.")
    return SlotRequest(
        wanted.services,
        language,
        variety,
        gender=wanted.gender or "",
        is_gender_must=bool(wanted.gender),
        by_video=wanted.video,
        step_free=wanted.step_free,
        weekdays=_weekdays(wanted.weekdays),
        earliest=earliest,
        latest=latest,
    )


def chain_request(wanted: Wanted) -> SlotRequest:
    """The search for a chain: the interpreter may stay between the visits."""
    request = slot_request(wanted)
    return SlotRequest.from_json({**request.to_json(), "stays": wanted.stays})


def dates(wanted: Wanted, catalogue: Catalogue) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day to the end of the last. Raises ValueError with a reason."""
    first, last = wanted.from_, wanted.to
    for option, day in (("--from", first), ("--to", last)):
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(f"{option} must lie in the years {FIRST_YEAR} to {LAST_YEAR}.")
    if first and last and last < first:
        raise ValueError("--to lies before --from.")
    zone = ZoneInfo(catalogue.timezone)
    ends = last + timedelta(days=1) if last else None
    return _midnight(first, zone), _midnight(ends, zone)


def _midnight(day: datetime | None, zone: ZoneInfo) -> datetime | None:
    return day.replace(tzinfo=zone).astimezone(UTC) if day else None


def _spoken(wanted: Wanted) -> tuple[str, str]:
    """ISO 639-3 codes of the language and, if one was named, its variety."""
    if not wanted.language and not wanted.variety:
        return "", ""
    language = find_language(wanted.variety or wanted.language)
    if language.variety_of is None:
        if wanted.variety:
            raise ValueError(f"{wanted.variety!r} is no variety of a language.")
        return ("", "") if language.code == "deu" else (language.code, "")
    if wanted.variety and wanted.language and find_language(wanted.language).code != language.variety_of:
        raise ValueError(f"{wanted.variety!r} is no variety of {wanted.language!r}.")
    return language.variety_of, language.code


def _weekdays(text: str) -> tuple[int, ...]:
    names = [name.strip().upper() for name in text.split(",") if name.strip()]
    if not set(names) <= set(WEEKDAYS):
        raise ValueError(f"{text!r} is no list of {','.join(WEEKDAYS)}.")
    return tuple(sorted({WEEKDAYS.index(name) for name in names}))


def _minute(text: str) -> int | None:
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    if not (hours + minutes).isascii() or not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2):
        raise ValueError(f"{text!r} is no time of the day such as 08:30.")
    minute = int(hours[:4]) * 60 + int(minutes)
    if int(minutes) > 59 or minute > DAY_MINUTES:
        raise ValueError(f"{text!r} is no time of the day such as 08:30.")
    return minute
