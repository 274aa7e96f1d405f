"""VTIMEZONE components (RFC 5545 3.6.5) and the form in which a moment is written.

The components are written by hand with one yearly rule for each change. Outlook and ical.js misread lists
of RDATEs, which is what generators make of IANA's data, and show summer events one hour off.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_EUROPE_BERLIN = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""

_VTIMEZONES = {"Europe/Berlin": _EUROPE_BERLIN.replace("\n", "\r\n").encode()}

KNOWN_TIMEZONES = frozenset(_VTIMEZONES)


def vtimezone(timezone: str) -> bytes:
    """The VTIMEZONE of an IANA zone as content lines ending in CRLF.

    Holds for the years that CalendarEvent allows. Raises ValueError for a zone that has none here.
    """
    try:
        return _VTIMEZONES[timezone]
    except KeyError:
        known = ", ".join(sorted(KNOWN_TIMEZONES))
        raise ValueError(f"no VTIMEZONE for the time zone {timezone!r}; known: {known}") from None


def local_or_utc(starts_at: datetime, ends_at: datetime, timezone: str) -> tuple[datetime, datetime]:
    """Start and end of an event as they are to be written: both as wall time of the zone, or both in UTC.

    UTC is for events that start or end in the hour that comes twice when summer time ends: RFC 5545 3.3.5
    takes such a wall time for the first of the two, libical and ical.js take it for the second. Both ends go
    together, because programs show different zones of start and end as an event across time zones.
    Raises ValueError for a zone without VTIMEZONE.
    """
    vtimezone(timezone)
    zone = ZoneInfo(timezone)
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if _comes_twice(start) or _comes_twice(end):
        return starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    return start, end


def _comes_twice(wall_time: datetime) -> bool:
    return wall_time.replace(fold=0).utcoffset() != wall_time.replace(fold=1).utcoffset()
