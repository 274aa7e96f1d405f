"""The .ics file of one appointment that a client downloads into her own calendar."""

from datetime import timedelta

from icalendar import Alarm

from calendars.events import CalendarEvent, EventStatus
from calendars.text import SUMMARY_LIMIT, Text, clean_line
from calendars.timezones import vtimezone
from calendars.vcalendar import join_components, new_vcalendar
from calendars.vevent import GERMAN_PREFIXES, SummaryPrefixes, build_vevent


def write_event(
    event: CalendarEvent,
    *,
    timezone: str,
    alarm_before: timedelta | None,
    labels: SummaryPrefixes = GERMAN_PREFIXES,
) -> bytes:
    """One VEVENT in a VCALENDAR without METHOD, which is what calendar stores accept (RFC 4791 4.1).

    timezone: IANA name, one of timezones.KNOWN_TIMEZONES.
    alarm_before: how long before the start to remind, None for no alarm; a cancelled event never gets one.
    labels: prefixes for tentative and cancelled events.

    Raises ValueError for a zone without VTIMEZONE and for an alarm not whole seconds before the start.
    """
    vevent = build_vevent(event, timezone=timezone, prefixes=labels)
    if alarm_before is not None:
        alarm = _display_alarm(event.summary, alarm_before)
        if event.status is not EventStatus.CANCELLED:
            vevent.add_component(alarm)
    return join_components(new_vcalendar(), [vtimezone(timezone), vevent.to_ical()])


def _display_alarm(summary: str, alarm_before: timedelta) -> Alarm:
    """A VALARM that shows a text; ACTION, TRIGGER and DESCRIPTION are required (RFC 5545 3.6.6)."""
    if alarm_before <= timedelta(0) or alarm_before.microseconds:
        raise ValueError(f"alarm_before must be a positive number of whole seconds, not {alarm_before}")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -alarm_before)
    alarm.add("description", Text(clean_line(summary, SUMMARY_LIMIT)))
    return alarm
