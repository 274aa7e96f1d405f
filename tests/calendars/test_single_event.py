from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from calendars.events import CalendarEvent, EventStatus
from calendars.single_event import write_event
from calendars.vevent import SummaryPrefixes

GOLDEN = Path(__file__).parent / "golden" / "single_event.ics"
A_DAY = timedelta(days=1)


def test_the_bytes_are_those_of_the_golden_file(appointment: CalendarEvent) -> None:
    assert write_event(appointment, timezone="Europe/Berlin", alarm_before=A_DAY) == GOLDEN.read_bytes()


def test_icalendar_reads_event_and_alarm_without_an_error(appointment: CalendarEvent) -> None:
    calendar = Calendar.from_ical(write_event(appointment, timezone="Europe/Berlin", alarm_before=A_DAY))
    assert isinstance(calendar, Calendar)
    assert [component.errors for component in calendar.walk()] == [[]] * 6
    assert "METHOD" not in calendar
    (vevent,) = calendar.events
    assert (vevent.start, vevent.end) == (appointment.starts_at, appointment.ends_at)
    assert "CLASS" not in vevent
    (alarm,) = vevent.alarms.times
    assert alarm.trigger == appointment.starts_at - A_DAY
    assert alarm.alarm["action"] == "DISPLAY"
    assert alarm.alarm["description"] == appointment.summary


def test_no_alarm_unless_asked_for(appointment: CalendarEvent) -> None:
    assert b"VALARM" not in write_event(appointment, timezone="Europe/Berlin", alarm_before=None)


def test_a_cancelled_event_reminds_nobody(appointment: CalendarEvent) -> None:
    cancelled = replace(appointment, status=EventStatus.CANCELLED)
    labels = SummaryPrefixes(cancelled="ملغى: ")
    text = write_event(cancelled, timezone="Europe/Berlin", alarm_before=A_DAY, labels=labels).decode()
    assert "VALARM" not in text
    assert "SUMMARY:ملغى: Beratung" in text
    assert "STATUS:CANCELLED" in text


@pytest.mark.parametrize("alarm_before", [timedelta(0), -A_DAY, timedelta(seconds=1.5)])
def test_an_alarm_must_be_before_the_start(appointment: CalendarEvent, alarm_before: timedelta) -> None:
    with pytest.raises(ValueError, match="alarm_before must be a positive number of whole seconds"):
        write_event(appointment, timezone="Europe/Berlin", alarm_before=alarm_before)


def test_an_unknown_zone_is_refused(appointment: CalendarEvent) -> None:
    with pytest.raises(ValueError, match="no VTIMEZONE"):
        write_event(appointment, timezone="Europe/Moers", alarm_before=None)
