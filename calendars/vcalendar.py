"""The VCALENDAR around the components, RFC 5545 3.4 and 3.6."""

from collections.abc import Iterable

from icalendar import Calendar

# Without a release number: it would change every feed with every release.
PRODID = "-//Terminlotse//Terminlotse//DE"

_END = b"END:VCALENDAR\r\n"


def new_vcalendar() -> Calendar:
    """A VCALENDAR with VERSION, PRODID and CALSCALE.

    It has no METHOD, which would make it a message that wants handling (RFC 5546) and not a store.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    return calendar


def join_components(calendar: Calendar, components: Iterable[bytes]) -> bytes:
    """The calendar's own properties followed by components that are content lines already."""
    head = calendar.to_ical().removesuffix(_END)
    return b"".join([head, *components, _END])
