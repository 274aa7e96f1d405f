"""Whatever is written, two independent readers read the same moments and texts from it."""

import unicodedata
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from calendars.events import CalendarEvent, EventStatus
from calendars.feed import write_feed
from calendars.single_event import write_event
from calendars.text import DESCRIPTION_LIMIT, LOCATION_LIMIT, SUMMARY_LIMIT, clean_line, clean_text
from calendars.vevent import SummaryPrefixes

NO_PREFIXES = SummaryPrefixes(tentative="", cancelled="")
CLOCK_CHANGES = [
    datetime(2026, 3, 29, 1),
    datetime(2026, 10, 25, 1),
    datetime(2027, 3, 28, 1),
    datetime(2027, 10, 31, 1),
]

texts = st.one_of(
    st.text(st.characters(), max_size=60),
    st.text("ابتثج\u064e\u0651\u200f،؛ \n\r\t", max_size=120),
    st.text("abNn\\;,:\"'\n\r^= <é€👩\u200d", max_size=120),
    st.text("Grüße ", min_size=190, max_size=400),
)
starts = st.one_of(
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(CLOCK_CHANGES),
        st.integers(-36 * 60, 36 * 60),
    ),
    st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)


@st.composite
def calendar_events(draw: st.DrawFn) -> CalendarEvent:
    starts_at = draw(starts).replace(tzinfo=UTC)
    return CalendarEvent(
        uid=str(draw(st.uuids())),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=draw(st.integers(1, 3 * 24 * 60))),
        sequence=draw(st.integers(0, 10_000)),
        changed_at=draw(st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))),
        status=draw(st.sampled_from(EventStatus)),
        summary=draw(texts),
        location=draw(texts),
        description=draw(texts),
        url=draw(st.sampled_from(["", "https://termine.example/moers/t/7GQ2M?a=1,2;b=%C3%BC"])),
        geo=draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    )


event_lists = st.lists(calendar_events(), max_size=4, unique_by=lambda event: event.uid)


def feed_of(events: list[CalendarEvent], name: str = "Meine Termine") -> bytes:
    return write_feed(events, name=name, timezone="Europe/Berlin", labels=NO_PREFIXES)


@given(event_lists)
def test_icalendar_reads_back_what_was_written(events: list[CalendarEvent]) -> None:
    calendar = Calendar.from_ical(feed_of(events))
    assert isinstance(calendar, Calendar)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    read = {vevent.uid: vevent for vevent in calendar.events}
    assert read.keys() == {event.uid for event in events}
    for event in events:
        vevent = read[event.uid]
        assert (vevent.start - event.starts_at, vevent.end - event.ends_at) == (timedelta(0), timedelta(0))
        assert vevent.LAST_MODIFIED == vevent.DTSTAMP == event.changed_at.replace(microsecond=0)
        assert (vevent.sequence, vevent.status) == (event.sequence, event.status.value)
        assert vevent["summary"] == clean_line(event.summary, SUMMARY_LIMIT)
        assert vevent.get("location", "") == clean_text(event.location, LOCATION_LIMIT)
        assert vevent.get("description", "") == clean_text(event.description, DESCRIPTION_LIMIT)
        assert vevent.get("url", "") == event.url


@given(event_lists)
@settings(max_examples=50)
def test_another_reader_finds_the_same_moments_and_texts(events: list[CalendarEvent]) -> None:
    calendar = IcsCalendarStream.calendar_from_ics(feed_of(events).decode("utf-8"))
    read = {vevent.uid: vevent for vevent in calendar.events}
    assert read.keys() == {event.uid for event in events}
    for event in events:
        vevent = read[event.uid]
        assert isinstance(vevent.dtstart, datetime)
        assert isinstance(vevent.dtend, datetime)
        assert (vevent.dtstart - event.starts_at, vevent.dtend - event.ends_at) == (
            timedelta(0),
            timedelta(0),
        )
        assert vevent.summary == clean_line(event.summary, SUMMARY_LIMIT)
        assert (vevent.description or "") == clean_text(event.description, DESCRIPTION_LIMIT)


@given(event_lists, texts.filter(lambda text: clean_line(text, 100) != ""))
def test_the_bytes_keep_the_rules_for_content_lines(events: list[CalendarEvent], name: str) -> None:
    feed = feed_of(events, name)
    check_content_lines(feed)
    assert feed.count(b"\r\nBEGIN:VEVENT\r\n") == feed.count(b"\r\nEND:VEVENT\r\n") == len(events)


@given(calendar_events(), st.none() | st.integers(1, 20_000).map(lambda minutes: timedelta(minutes=minutes)))
def test_the_bytes_of_a_single_event_keep_them_too(
    event: CalendarEvent, alarm_before: timedelta | None
) -> None:
    check_content_lines(write_event(event, timezone="Europe/Berlin", alarm_before=alarm_before))


def check_content_lines(data: bytes) -> None:
    """RFC 5545 3.1: CRLF after every line of at most 75 octets, folds between characters, no controls."""
    assert data.endswith(b"END:VCALENDAR\r\n")
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert 0 < len(line) <= 75
        characters = line.decode("utf-8")
        assert not any(unicodedata.category(char) == "Cc" for char in characters.replace("\t", ""))
