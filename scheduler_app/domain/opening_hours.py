"""From weekly wall-clock hours to minutes in UTC: the one place where summer time and holidays come in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .free_time import Window, inside

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Open on ``weekday`` (Monday is 0) from ``opens`` until ``closes``: wall-clock minutes since midnight."""

    weekday: int
    opens: int
    closes: int


def epoch_minute(moment: datetime) -> int:
    """Whole minutes since the Unix epoch, rounded down."""
    return int(moment.timestamp() // 60)


def from_epoch_minute(minute: int) -> datetime:
    """The aware UTC datetime of a minute since the Unix epoch."""
    return datetime.fromtimestamp(minute * 60, UTC)


def wall_minute(day: date, minute_of_day: int, timezone: str) -> int:
    """The epoch minute of a wall-clock time.

    Twice a year a wall-clock time is missing or doubled: a missing one is read with the offset before the change,
    of a doubled one the first counts (RFC 5545 3.3.5).
    """
    midnight = datetime(day.year, day.month, day.day)
    wall = midnight + timedelta(minutes=minute_of_day)
    return epoch_minute(wall.replace(tzinfo=ZoneInfo(timezone)))


@lru_cache(maxsize=64)
def _days(window: Window, timezone: str) -> tuple[tuple[date, int, bool], ...]:
    """Each local day that the window touches: its date, its midnight, and whether its clock runs evenly."""
    zone = ZoneInfo(timezone)
    day = from_epoch_minute(window.start_minute).astimezone(zone).date()
    days = []
    midnight = wall_minute(day, 0, timezone)
    while midnight < window.end_minute:
        following = wall_minute(day, DAY_MINUTES, timezone)
        days.append((day, midnight, following - midnight == DAY_MINUTES))
        day, midnight = day + timedelta(days=1), following
    return tuple(days)


def midnights(window: Window, timezone: str) -> list[int]:
    """When the local days begin that the window touches, in epoch minutes."""
    return [midnight for _, midnight, _ in _days(window, timezone)]


def open_intervals(
    hours: Iterable[WeeklyHours], window: Window, timezone: str, holidays: Collection[date]
) -> list[tuple[int, int]]:
    """Every opening in the window, holidays left out, ascending; an opening may reach beyond the window."""
    by_weekday: list[list[WeeklyHours]] = [[] for _ in range(7)]
    for opening in hours:
        by_weekday[opening.weekday].append(opening)
    intervals = []
    for day, midnight, is_even in _days(window, timezone):
        if day in holidays:
            continue
        for opening in by_weekday[day.weekday()]:
            if is_even:
                intervals.append((midnight + opening.opens, midnight + opening.closes))
            else:
                opens, closes = (wall_minute(day, at, timezone) for at in (opening.opens, opening.closes))
                intervals.append((opens, closes))
    return intervals


def open_mask(hours: Sequence[WeeklyHours], window: Window, timezone: str, holidays: Collection[date]) -> int:
    """The cells in which appointments can be given."""
    return inside(merged(open_intervals(hours, window, timezone, holidays)), window)


def merged(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Touching and overlapping intervals joined, so that openings without a gap count as one."""
    joined: list[tuple[int, int]] = []
    for begins, ends in sorted(intervals):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        elif begins < ends:
            joined.append((begins, ends))
    return joined
