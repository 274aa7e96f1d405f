"""Days and times as people read them: weekday in words, numeric date, 24 hours, Western digits, local time.

The date stands as on German letters (12.01.2027) in every language, so that it can be compared with the
paper. The filters take an aware datetime (or a date); most return HTML with a `<time>` element, isolated from
the direction of the text around it.
"""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_day_names
from flask import g, has_app_context
from markupsafe import Markup, escape

from scheduler_app.web.page_language import bdi, gettext, page_language

DEFAULT_ZONE = "Europe/Berlin"
"""Zone of pages that belong to no municipality; the view sets `g.time_zone` (an IANA name) on all others."""


def current_zone() -> tzinfo:
    """Return the time zone of the municipality whose page is being built."""
    return ZoneInfo(g.get("time_zone", DEFAULT_ZONE) if has_app_context() else DEFAULT_ZONE)


def page_locale() -> Locale:
    """Return Babel's locale for the page language; the German one where CLDR knows no such language."""
    try:
        return Locale.parse(page_language().tag, sep="-")
    except UnknownLocaleError:
        return Locale.parse("de")


def local(moment: datetime, zone: tzinfo | None = None) -> datetime:
    """Return an aware datetime in the municipality's (or the given) zone.

    Raises:
        ValueError: the datetime has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(zone or current_zone())


def weekday(day: date, zone: tzinfo | None = None) -> str:
    """Return the weekday in words: "Dienstag"."""
    names = get_day_names("wide", "stand-alone", page_locale())
    return str(names[_local_day(day, zone).weekday()]).capitalize()


def date_text(day: date, zone: tzinfo | None = None) -> Markup:
    """Return the numeric date: "12.01.2027"."""
    return _time_element(_local_day(day, zone), bdi(f"{_local_day(day, zone):%d.%m.%Y}"))


def day_text(day: date, zone: tzinfo | None = None) -> Markup:
    """Return weekday and date: "Dienstag, 12.01.2027"."""
    return _time_element(_local_day(day, zone), _day(day, zone))


def time_text(moment: datetime, zone: tzinfo | None = None) -> Markup:
    """Return the time of day: "09:30 Uhr"."""
    there = local(moment, zone)
    return _time_element(there, _fill("%(time)s Uhr", time=_clock(there)))


def day_and_time(moment: datetime, zone: tzinfo | None = None) -> Markup:
    """Return weekday, date and time: "Dienstag, 12.01.2027, 09:30 Uhr"."""
    there = local(moment, zone)
    time = _fill("%(time)s Uhr", time=_clock(there))
    return _time_element(there, _fill("%(day)s, %(time)s", day=_day(there, zone), time=time))


def time_range(start: datetime, end: datetime, zone: tzinfo | None = None) -> Markup:
    """Return a span of one day: "09:30 bis 10:15 Uhr"."""
    times = [_time_element(there, _clock(there)) for there in (local(start, zone), local(end, zone))]
    return _fill("%(start)s bis %(end)s Uhr", start=times[0], end=times[1])


def month_text(day: date) -> str:
    """Return month and year: "Januar 2027"."""
    return format_date(day, "LLLL y", locale=page_locale())


def clock(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return the bare time of day, for tables: "09:30"."""
    return f"{local(moment, zone):%H:%M}"


def _local_day(day: date, zone: tzinfo | None) -> date:
    return local(day, zone).date() if isinstance(day, datetime) else day


def _day(day: date, zone: tzinfo | None) -> Markup:
    numeric = bdi(f"{_local_day(day, zone):%d.%m.%Y}")
    return _fill("%(weekday)s, %(date)s", weekday=weekday(day, zone), date=numeric)


def _clock(there: datetime) -> Markup:
    return bdi(f"{there:%H:%M}")


def _fill(message: str, **parts: str) -> Markup:
    return escape(gettext(message)) % parts


def _time_element(machine: date, shown: Markup) -> Markup:
    stamp = machine.isoformat(timespec="minutes") if isinstance(machine, datetime) else machine.isoformat()
    return Markup('<time datetime="{}">{}</time>').format(stamp, shown)


FILTERS: dict[str, Callable[..., Any]] = {
    "clock": clock,
    "date_text": date_text,
    "day_and_time": day_and_time,
    "day_text": day_text,
    "month_text": month_text,
    "time_range": time_range,
    "time_text": time_text,
    "weekday": weekday,
}
