"""The VTIMEZONE components against IANA's data, by an evaluation of our own and by dateutil's."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import tzical

from calendars.events import EARLIEST_YEAR, LATEST_YEAR
from calendars.timezones import KNOWN_TIMEZONES, local_or_utc, vtimezone

FROM = datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)
UNTIL = datetime(LATEST_YEAR + 1, 1, 1, tzinfo=UTC)
Change = tuple[datetime, timedelta]

every_zone = pytest.mark.parametrize("timezone", sorted(KNOWN_TIMEZONES))


def offset_at(moment: datetime, zone: ZoneInfo) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def iana_changes(zone: ZoneInfo) -> Iterator[Change]:
    """Each moment at which the offset changes, to the second, with the offset from then on."""
    days = [FROM + timedelta(days=n) for n in range((UNTIL - FROM).days + 1)]
    for today, tomorrow in pairwise(days):
        if offset_at(today, zone) != offset_at(tomorrow, zone):
            changed_at = first_second_unlike(today, tomorrow, zone)
            yield changed_at, offset_at(changed_at, zone)


def first_second_unlike(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        same = offset_at(middle, zone) == offset_at(before, zone)
        before, after = (middle, after) if same else (before, middle)
    return after


def offset(text: str) -> timedelta:
    size = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return -size if text.startswith("-") else size


def vtimezone_changes(timezone: str) -> Iterator[Change]:
    """The onsets of both parts: DTSTART and RRULE in wall time before the change (RFC 5545 3.6.5)."""
    parts = vtimezone(timezone).decode().split("\r\nBEGIN:")[1:]
    for part in parts:
        lines = dict(line.split(":", 1) for line in part.split("\r\n") if ":" in line)
        started = datetime.strptime(lines["DTSTART"], "%Y%m%dT%H%M%S")
        for wall_time in rrulestr(lines["RRULE"], dtstart=started).between(
            FROM.replace(tzinfo=None), UNTIL.replace(tzinfo=None)
        ):
            onset_at = (wall_time - offset(lines["TZOFFSETFROM"])).replace(tzinfo=UTC)
            yield onset_at, offset(lines["TZOFFSETTO"])


@every_zone
def test_vtimezone_changes_exactly_when_iana_says(timezone: str) -> None:
    expected = list(iana_changes(ZoneInfo(timezone)))
    assert len(expected) == 2 * (LATEST_YEAR + 1 - EARLIEST_YEAR)
    assert sorted(vtimezone_changes(timezone)) == expected


@every_zone
def test_another_reader_of_vtimezone_finds_the_same_moments(timezone: str) -> None:
    theirs = tzical(io.StringIO(vtimezone(timezone).decode())).get(timezone)
    assert theirs is not None
    changes = [at for at, _ in iana_changes(ZoneInfo(timezone)) if 2019 <= at.year <= 2038]
    for change_at in changes:
        for minutes in (-1440, -61, -60, -1, 0, 1, 59, 60, 61, 1440):
            starts_at = change_at + timedelta(minutes=minutes)
            start, _ = local_or_utc(starts_at, starts_at + timedelta(days=30), timezone)
            if start.tzinfo is not UTC:
                assert start.replace(tzinfo=theirs, fold=0) - starts_at == timedelta(0), starts_at


@pytest.mark.parametrize(
    ("start", "end", "in_utc"),
    [
        ("2026-10-24T23:00", "2026-10-24T23:59", False),  # 01:00 to 01:59 summer time
        ("2026-10-24T23:00", "2026-10-25T00:00", True),  # ends at the first 02:00
        ("2026-10-25T00:30", "2026-10-25T00:45", True),  # the first 02:30
        ("2026-10-25T01:30", "2026-10-25T02:30", True),  # from the second 02:30
        ("2026-10-25T02:00", "2026-10-25T03:00", False),  # from 03:00 winter time
        ("2026-10-24T20:00", "2026-10-25T08:00", False),  # across the doubled hour
        ("2026-03-29T00:30", "2026-03-29T01:30", False),  # across the hour left out in spring
    ],
)
def test_only_the_doubled_hour_is_written_in_utc(start: str, end: str, in_utc: bool) -> None:
    starts_at, ends_at = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))
    written = local_or_utc(starts_at, ends_at, "Europe/Berlin")
    assert written == (starts_at, ends_at)
    assert [moment.tzinfo is UTC for moment in written] == [in_utc, in_utc]


@pytest.mark.parametrize(
    "timezone", ["Europe/Atlantis", "UTC", "W. Europe Standard Time", "../etc/passwd", ""]
)
def test_a_zone_without_vtimezone_is_refused(timezone: str) -> None:
    with pytest.raises(ValueError, match=r"no VTIMEZONE for the time zone .*; known: Europe/Berlin"):
        vtimezone(timezone)
    with pytest.raises(ValueError, match="no VTIMEZONE"):
        local_or_utc(FROM, UNTIL, timezone)
