"""A feed: the calendar that a person's calendar program reads again and again."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from icalendar import Calendar, vDuration

from calendars.events import CalendarEvent
from calendars.text import NAME_LIMIT, Text, clean_line
from calendars.timezones import vtimezone
from calendars.vcalendar import join_components, new_vcalendar
from calendars.vevent import GERMAN_PREFIXES, SummaryPrefixes, build_vevent

# Part of each feed's ETag (http_cache.feed_etag): raise it when the same events get other bytes.
FORMAT_VERSION = 1

_REFRESH_EVERY = timedelta(hours=1)


def write_feed(
    events: Sequence[CalendarEvent],
    *,
    name: str,
    timezone: str,
    colour: str | None = None,
    labels: SummaryPrefixes = GERMAN_PREFIXES,
) -> bytes:
    """The feed as UTF-8 content lines (RFC 5545 3.1); the same events in any order give the same bytes.

    name: shown by calendar programs; should name no person.
    timezone: IANA name, one of timezones.KNOWN_TIMEZONES.
    colour: a CSS colour name (RFC 7986 5.9).
    labels: prefixes for tentative and cancelled events.

    An empty feed keeps its name and time zone. Raises ValueError for a zone without VTIMEZONE, two events
    with one UID, an empty name or a colour that is not a name.
    """
    _check_unique([event.uid for event in events])
    calendar = new_vcalendar()
    _add_name(calendar, name)
    if colour is not None:
        if not re.fullmatch("[a-z]+", colour):
            raise ValueError(f"colour must be a CSS colour name in small letters, not {colour!r}")
        calendar.add("color", colour)
    # RFC 7986 5.7 gives REFRESH-INTERVAL no default type. X-PUBLISHED-TTL is the same for Outlook.
    calendar.add("refresh-interval", _REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH_EVERY))
    in_order = sorted(events, key=lambda event: (event.starts_at, event.uid))
    return join_components(
        calendar, [vtimezone(timezone), *(_vevent_lines(event, timezone, labels) for event in in_order)]
    )


def _add_name(calendar: Calendar, name: str) -> None:
    shown = clean_line(name, NAME_LIMIT)
    if not shown:
        raise ValueError("a feed must have a name")
    calendar.add("name", Text(shown))
    # The one that nearly all programs take.
    calendar.add("x-wr-calname", Text(shown))


# After one change of a feed all other events come from here. An entry takes about 1.5 kB: some 25 MB at most.
@lru_cache(maxsize=16_384)
def _vevent_lines(event: CalendarEvent, timezone: str, labels: SummaryPrefixes) -> bytes:
    vevent = build_vevent(event, timezone=timezone, prefixes=labels)
    # A hint for calendars that are shared on, no protection (RFC 5545 3.8.1.3).
    vevent.add("class", "PRIVATE")
    lines: bytes = vevent.to_ical()
    return lines


def _check_unique(uids: list[str]) -> None:
    repeated = [uid for uid, count in Counter(uids).items() if count > 1]
    if repeated:
        raise ValueError(f"UIDs must be unique in a feed (RFC 5545 3.8.4.7), repeated: {', '.join(repeated)}")
