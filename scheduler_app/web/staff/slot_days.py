"""Starts that were found, as a page offers them: day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from scheduler_app.web.local_dates import local

MOST_STARTS = 60


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """``value`` is what the button sends: the start in UTC, ISO 8601."""

    starts_at: datetime
    value: str


@dataclass(frozen=True, slots=True)
class SlotPage:
    """Whole days of slots. ``next_day`` is where the following page begins; None where there is none."""

    days: list[tuple[date, list[OfferedSlot]]]
    next_day: date | None

    @property
    def count(self) -> int:
        return sum(len(slots) for _, slots in self.days)


def by_day(starts: Sequence[datetime]) -> SlotPage:
    """Group the first MOST_STARTS ascending starts by local day; a day that is cut off begins the next page."""
    days: dict[date, list[OfferedSlot]] = {}
    for start in starts:
        slot = OfferedSlot(start, start.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"))
        days.setdefault(local(start).date(), []).append(slot)
    next_day = None
    if len(starts) >= MOST_STARTS and len(days) > 1:
        next_day, _ = days.popitem()
    return SlotPage(list(days.items()), next_day)


def chosen_day(text: str) -> date | None:
    """The day of a date field; None for what is none, or none of this or the next century."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def chosen_start(text: str) -> datetime | None:
    """The start that a button sent, in UTC; None if it is none, or none of this or the next century."""
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return None
    if start.tzinfo is None or not 2000 <= start.year < 2200:
        return None
    return start.astimezone(UTC)
