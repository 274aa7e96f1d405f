"""From a CalendarEvent to a VEVENT, RFC 5545 3.6.1: what feeds and single files have in common."""

from dataclasses import dataclass

from icalendar import Event, vGeo

from calendars.events import CalendarEvent, EventStatus
from calendars.text import DESCRIPTION_LIMIT, LOCATION_LIMIT, SUMMARY_LIMIT, Text, clean_line, clean_text
from calendars.timezones import local_or_utc


@dataclass(frozen=True, slots=True)
class SummaryPrefixes:
    """What is put before the SUMMARY to tell the status, in the reader's language.

    Outlook ignores STATUS and shows nothing else of it. RFC 5545 has no word on this.
    """

    tentative: str = "Vorläufig: "
    cancelled: str = "Abgesagt: "

    def prefix_of(self, status: EventStatus) -> str:
        """The prefix of a status; empty for a confirmed event."""
        return {EventStatus.TENTATIVE: self.tentative, EventStatus.CANCELLED: self.cancelled}.get(status, "")


GERMAN_PREFIXES = SummaryPrefixes()

# TRANSP (RFC 5545 3.8.2.7) and X-MICROSOFT-CDO-BUSYSTATUS, which beats TRANSP in Outlook (MS-OXCICAL).
_BUSY_STATE = {
    EventStatus.TENTATIVE: ("OPAQUE", "TENTATIVE"),
    EventStatus.CONFIRMED: ("OPAQUE", "BUSY"),
    EventStatus.CANCELLED: ("TRANSPARENT", "FREE"),
}


def build_vevent(event: CalendarEvent, *, timezone: str, prefixes: SummaryPrefixes) -> Event:
    """The VEVENT in the time zone named, without alarm. Raises ValueError for a zone without VTIMEZONE."""
    vevent = Event()
    vevent.add("uid", Text(event.uid))
    # Without METHOD, DTSTAMP is the last revision in the store (RFC 5545 3.8.7.2). The clock would make each
    # answer differ, and readers rewrite their copy.
    vevent.add("dtstamp", event.changed_at)
    vevent.add("last-modified", event.changed_at)
    vevent.add("sequence", event.sequence)
    start, end = local_or_utc(event.starts_at, event.ends_at, timezone)
    vevent.add("dtstart", start)
    vevent.add("dtend", end)
    summary = clean_line(prefixes.prefix_of(event.status) + event.summary, SUMMARY_LIMIT)
    vevent.add("summary", Text(summary))
    transparency, busy_status = _BUSY_STATE[event.status]
    vevent.add("status", event.status.value)
    vevent.add("transp", transparency)
    vevent.add("x-microsoft-cdo-busystatus", busy_status)
    _add_details(vevent, event)
    return vevent


def _add_details(vevent: Event, event: CalendarEvent) -> None:
    if location := clean_text(event.location, LOCATION_LIMIT):
        vevent.add("location", Text(location))
    if description := clean_text(event.description, DESCRIPTION_LIMIT):
        vevent.add("description", Text(description))
    if event.url:
        vevent.add("url", event.url)
    if event.geo is not None:
        vevent.add("geo", vGeo((_degrees(event.geo[0]), _degrees(event.geo[1]))))


def _degrees(value: float) -> float:
    """Six decimals, about one metre (RFC 5545 3.8.1.6)."""
    # Python writes what is smaller as 1e-05, which a FLOAT (3.3.7) cannot be.
    return 0.0 if abs(value) < 0.0001 else round(value, 6)
