from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from calendars.events import CalendarEvent, EventStatus
from calendars.feed import write_feed
from calendars.vevent import SummaryPrefixes

GOLDEN = Path(__file__).parent / "golden" / "feed.ics"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def lines_of(feed: bytes) -> list[str]:
    """The content lines, unfolded (RFC 5545 3.1)."""
    return feed.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")


def feed_of(*events: CalendarEvent, name: str = "Meine Termine", colour: str | None = None) -> bytes:
    return write_feed(events, name=name, timezone="Europe/Berlin", colour=colour)


def test_the_bytes_are_those_of_the_golden_file(appointment: CalendarEvent) -> None:
    """When this fails on purpose, raise feed.FORMAT_VERSION too: subscribers keep the old bytes otherwise."""
    events = [
        appointment,
        replace(
            appointment,
            uid="0b7f5f5c-0f55-4f3e-8a54-7a1c6e1b2f11",
            starts_at=at("2026-10-25T00:30"),
            ends_at=at("2026-10-25T01:30"),
            status=EventStatus.TENTATIVE,
            summary="Sprachmittlung",
            geo=None,
        ),
        CalendarEvent(
            uid="c9a3f1aa-7a40-4f0c-9a52-3d1f0a5b6c22",
            starts_at=at("2026-07-01T06:00"),
            ends_at=at("2026-07-01T07:00"),
            sequence=1,
            changed_at=at("2026-06-28T08:00"),
            status=EventStatus.CANCELLED,
            summary="موعد مشترك في مكتب الأجانب مع مترجمة وموظفة من مركز العمل",
        ),
    ]
    assert feed_of(*events, colour="teal") == GOLDEN.read_bytes()


def test_icalendar_reads_the_feed_without_an_error(appointment: CalendarEvent) -> None:
    calendar = Calendar.from_ical(feed_of(appointment))
    assert isinstance(calendar, Calendar)
    assert [component.errors for component in calendar.walk()] == [[]] * 5
    (vevent,) = calendar.events
    assert vevent.start == appointment.starts_at
    assert vevent.end == appointment.ends_at
    assert vevent.DTSTAMP == vevent.LAST_MODIFIED == appointment.changed_at
    assert vevent.uid == appointment.uid
    assert vevent.sequence == 2
    assert vevent["summary"] == appointment.summary
    assert vevent["location"] == appointment.location
    assert vevent["description"] == appointment.description
    assert vevent["geo"].to_ical() == "51.451601;6.626502"


def test_the_calendar_says_how_often_to_come_and_is_no_message(appointment: CalendarEvent) -> None:
    lines = lines_of(feed_of(appointment, name="Termine; Moers, Team 1", colour="teal"))
    assert lines[: lines.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Terminlotse//Terminlotse//DE",
        "CALSCALE:GREGORIAN",
        r"NAME:Termine\; Moers\, Team 1",
        r"X-WR-CALNAME:Termine\; Moers\, Team 1",
        "COLOR:teal",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    names = {line.split(":")[0].split(";")[0] for line in lines}
    assert names.isdisjoint({"METHOD", "X-WR-TIMEZONE", "SOURCE", "ORGANIZER", "ATTENDEE"})
    assert "BEGIN:VALARM" not in lines


@pytest.mark.parametrize(
    ("status", "summary", "transp", "busy"),
    [
        (EventStatus.TENTATIVE, "Vorläufig: Beratung", "OPAQUE", "TENTATIVE"),
        (EventStatus.CONFIRMED, "Beratung", "OPAQUE", "BUSY"),
        (EventStatus.CANCELLED, "Abgesagt: Beratung", "TRANSPARENT", "FREE"),
    ],
)
def test_every_reader_can_see_the_status(
    appointment: CalendarEvent, status: EventStatus, summary: str, transp: str, busy: str
) -> None:
    lines = lines_of(feed_of(replace(appointment, status=status, summary="Beratung")))
    assert {
        f"SUMMARY:{summary}",
        f"STATUS:{status.value}",
        f"TRANSP:{transp}",
        f"X-MICROSOFT-CDO-BUSYSTATUS:{busy}",
        "CLASS:PRIVATE",
    } <= set(lines)


def test_prefixes_come_in_the_language_of_the_reader(appointment: CalendarEvent) -> None:
    labels = SummaryPrefixes(tentative="Geçici: ", cancelled="İptal: ")
    cancelled = replace(appointment, status=EventStatus.CANCELLED, summary="Görüşme")
    feed = write_feed([cancelled], name="Takvimim", timezone="Europe/Berlin", labels=labels)
    assert "SUMMARY:İptal: Görüşme" in lines_of(feed)


def test_the_order_of_the_events_does_not_matter(appointment: CalendarEvent) -> None:
    later = replace(appointment, uid="a", ends_at=appointment.ends_at + timedelta(hours=1))
    assert feed_of(appointment, later) == feed_of(later, appointment)


def test_a_change_shows_although_other_events_are_remembered(appointment: CalendarEvent) -> None:
    before = feed_of(appointment)
    moved = replace(appointment, starts_at=at("2026-12-01T08:00"), sequence=3)
    assert "DTSTART;TZID=Europe/Berlin:20261201T090000" in lines_of(feed_of(moved))
    assert feed_of(appointment) == before


def test_an_empty_feed_keeps_its_name_and_time_zone() -> None:
    lines = lines_of(feed_of())
    assert "NAME:Meine Termine" in lines
    assert "BEGIN:VTIMEZONE" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "BEGIN:VEVENT" not in lines


def test_fractions_of_a_second_are_left_out(appointment: CalendarEvent) -> None:
    changed_at = appointment.changed_at
    assert feed_of(replace(appointment, changed_at=changed_at + timedelta(microseconds=5))) == feed_of(
        appointment
    )


def test_coordinates_are_never_written_with_an_exponent(appointment: CalendarEvent) -> None:
    lines = lines_of(feed_of(replace(appointment, geo=(51.4783456789, -0.0000123))))
    assert "GEO:51.478346;0.0" in lines


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda event: feed_of(event, event), "UIDs must be unique"),
        (lambda event: feed_of(event, name=" \n"), "must have a name"),
        (lambda event: feed_of(event, colour="#008080"), "CSS colour name"),
        (lambda event: feed_of(event, colour="teal\n"), "CSS colour name"),
        (lambda _: write_feed([], name="x", timezone="Europe/Moers"), "no VTIMEZONE"),
        (lambda event: write_feed([event], name="x", timezone="UTC"), "no VTIMEZONE"),
    ],
)
def test_what_cannot_become_a_feed_is_refused(
    appointment: CalendarEvent, write: Callable[[CalendarEvent], bytes], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        write(appointment)
