"""Opening hours against an oracle that asks of every single minute what the clock on the wall shows."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.free_time import Window
from scheduler_app.domain.opening_hours import (
    WeeklyHours,
    epoch_minute,
    from_epoch_minute,
    merged,
    midnights,
    open_mask,
    wall_minute,
)

BERLIN = "Europe/Berlin"
SUMMER = date(2027, 3, 28)  # a Sunday: 02:00 becomes 03:00
WINTER = date(2026, 10, 25)  # a Sunday: 03:00 becomes 02:00
HOLIDAYS = (date(2027, 3, 26), date(2027, 3, 29), date(2026, 11, 1))


def minute(moment: datetime) -> int:
    return epoch_minute(moment.astimezone(UTC))


def window_of(day: date, days: int) -> Window:
    start = minute(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(BERLIN)))
    end = datetime(day.year, day.month, day.day) + timedelta(days=days)
    return Window(start, (minute(end.replace(tzinfo=ZoneInfo(BERLIN))) - start) // 5)


def is_open(at: int, hours: list[WeeklyHours], holidays: tuple[date, ...]) -> bool:
    """What a person at the door sees: the clock and the sign with the hours."""
    local = from_epoch_minute(at).astimezone(ZoneInfo(BERLIN))
    shown = local.hour * 60 + local.minute
    return local.date() not in holidays and any(
        h.weekday == local.weekday() and h.opens <= shown < h.closes for h in hours
    )


def oracle(hours: list[WeeklyHours], window: Window, holidays: tuple[date, ...]) -> int:
    cells = (
        all(is_open(window.minute_of(i) + m, hours, holidays) for m in range(5)) for i in range(window.cells)
    )
    return sum(1 << i for i, free in enumerate(cells) if free)


def hours_between(earliest: int, latest: int) -> st.SearchStrategy[list[WeeklyHours]]:
    """Weekly hours on the five-minute grid, as the municipality file has them."""
    times = st.tuples(st.integers(earliest // 5, latest // 5), st.integers(earliest // 5, latest // 5))
    opening = st.builds(
        lambda weekday, pair: WeeklyHours(weekday, min(pair) * 5, max(pair) * 5),
        st.integers(0, 6),
        times.filter(lambda pair: pair[0] != pair[1]),
    )
    return st.lists(opening, max_size=8)


@settings(max_examples=25, deadline=None)
@given(hours_between(0, 1440), st.sampled_from([date(2026, 11, 28), date(2027, 3, 24), date(2026, 7, 1)]))
def test_hours_are_those_on_the_wall(hours: list[WeeklyHours], first: date) -> None:
    window = window_of(first, 4)
    assert open_mask(hours, window, BERLIN, HOLIDAYS) == oracle(hours, window, HOLIDAYS)


@settings(max_examples=25, deadline=None)
@given(hours_between(180, 1440), st.sampled_from([SUMMER, WINTER]))
def test_hours_after_the_change_of_time_are_those_on_the_wall(hours: list[WeeklyHours], change: date) -> None:
    window = window_of(change - timedelta(days=1), 3)
    assert open_mask(hours, window, BERLIN, HOLIDAYS) == oracle(hours, window, HOLIDAYS)


@pytest.mark.parametrize(("day", "minutes"), [(SUMMER, 23 * 60), (WINTER, 25 * 60)])
def test_a_whole_day_is_as_long_as_it_is(day: date, minutes: int) -> None:
    mask = open_mask([WeeklyHours(6, 0, 1440)], window_of(day, 1), BERLIN, ())
    assert mask.bit_count() == minutes // 5


@given(
    st.sampled_from([SUMMER, WINTER, date(2026, 11, 23), date(2026, 12, 31)]),
    st.integers(-300, 300),
    st.integers(0, 900),
)
def test_midnights_are_where_the_date_on_the_wall_changes(day: date, cell: int, cells: int) -> None:
    """With the day that had begun when the window begins, whatever the clock does in between."""
    window = Window(window_of(day, 0).start_minute + 5 * cell, cells)
    zone = ZoneInfo(BERLIN)
    dates = [from_epoch_minute(window.minute_of(i)).astimezone(zone).date() for i in range(cells)]
    changes = [window.minute_of(i) for i in range(1, cells) if dates[i] != dates[i - 1]]
    found = midnights(window, BERLIN)
    assert [minute for minute in found if minute > window.start_minute] == changes
    begun = [minute for minute in found if minute <= window.start_minute]
    assert len(begun) == (1 if cells else len(begun))
    for minute in found:
        local = from_epoch_minute(minute).astimezone(zone)
        assert (local.hour, local.minute) == (0, 0)


@pytest.mark.parametrize(("day", "hours"), [(SUMMER, 23), (WINTER, 25), (date(2026, 11, 23), 24)])
def test_the_next_midnight_comes_after_as_many_hours_as_the_day_has(day: date, hours: int) -> None:
    first, second, _ = midnights(Window(window_of(day, 0).start_minute, 2 * 300), BERLIN)
    assert second - first == 60 * hours


@pytest.mark.parametrize(("day", "utc_hour"), [(SUMMER, 6), (SUMMER - timedelta(days=7), 7), (WINTER, 7)])
def test_eight_o_clock_moves_in_utc(day: date, utc_hour: int) -> None:
    assert from_epoch_minute(wall_minute(day, 8 * 60, BERLIN)).hour == utc_hour


def test_a_missing_time_is_read_with_the_offset_before_and_of_a_doubled_one_the_first_counts() -> None:
    """RFC 5545 3.3.5."""
    assert from_epoch_minute(wall_minute(SUMMER, 150, BERLIN)) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert from_epoch_minute(wall_minute(WINTER, 150, BERLIN)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_openings_without_a_gap_are_one_and_a_break_stays() -> None:
    hours = [WeeklyHours(0, 480, 720), WeeklyHours(0, 720, 960)]
    window = window_of(date(2026, 11, 23), 1)
    assert open_mask(hours, window, BERLIN, ()) == open_mask([WeeklyHours(0, 480, 960)], window, BERLIN, ())
    with_break = [WeeklyHours(0, 480, 720), WeeklyHours(0, 780, 960)]
    assert open_mask(with_break, window, BERLIN, ()).bit_count() == (240 + 180) // 5


def test_a_cell_that_two_openings_share_is_open() -> None:
    window = window_of(date(2026, 11, 23), 1)
    hours = [WeeklyHours(0, 480, 482), WeeklyHours(0, 482, 490)]
    assert open_mask(hours, window, BERLIN, ()).bit_count() == 2


INTERVALS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=8)


@given(INTERVALS)
def test_merged_intervals_cover_the_same_minutes_apart_from_each_other(
    intervals: list[tuple[int, int]],
) -> None:
    joined = merged(intervals)
    assert {m for a, b in joined for m in range(a, b)} == {m for a, b in intervals for m in range(a, b)}
    assert all(begins < ends for begins, ends in joined)
    assert all(first[1] < second[0] for first, second in pairwise(joined))


@given(st.integers(-(10**7), 5 * 10**7))
def test_minutes_and_moments_are_the_same(at: int) -> None:
    assert epoch_minute(from_epoch_minute(at)) == at
    assert epoch_minute(from_epoch_minute(at) + timedelta(seconds=59)) == at
