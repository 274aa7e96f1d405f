"""When a reminder is due."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

REMINDER_HOUR = time(10)
"""Late enough not to wake anybody, early enough to arrange for a child or a bus the same day."""


def day_before(starts_at: datetime, timezone: str, *, booked_at: datetime) -> datetime | None:
    """The day before the appointment at ten, local time; None if that has passed when it is booked.

    Whoever books for tomorrow has just got the confirmation; a second text would only cost.
    """
    zone = ZoneInfo(timezone)
    day = starts_at.astimezone(zone).date() - timedelta(days=1)
    due_at = datetime.combine(day, REMINDER_HOUR, zone)
    return due_at if due_at > booked_at else None
