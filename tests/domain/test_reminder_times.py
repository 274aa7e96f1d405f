"""Reminders come at ten in the morning on the day before, in summer and in winter."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler_app.domain.reminder_times import day_before

BERLIN = "Europe/Berlin"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "due_at"),
    [
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
        (datetime(2026, 7, 2, 8, 0, tzinfo=UTC), datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        # Monday after the change to summer time: reminded on that Sunday
        (datetime(2027, 3, 29, 6, 0, tzinfo=UTC), datetime(2027, 3, 28, 8, 0, tzinfo=UTC)),
        # Sunday itself: reminded on Saturday, still winter
        (datetime(2027, 3, 28, 6, 0, tzinfo=UTC), datetime(2027, 3, 27, 9, 0, tzinfo=UTC)),
        # after local midnight the day before is another one than in UTC
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_reminder_is_due_at_ten_the_day_before(starts_at: datetime, due_at: datetime) -> None:
    assert day_before(starts_at, BERLIN, booked_at=LONG_AGO) == due_at


def test_whoever_books_after_that_is_not_reminded() -> None:
    starts_at = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    due_at = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo(BERLIN))
    assert day_before(starts_at, BERLIN, booked_at=due_at) is None
    assert day_before(starts_at, BERLIN, booked_at=due_at - timedelta(seconds=1)) == due_at
