from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from calendars.events import CalendarEvent

A_MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"uid": ""}, "uid"),
        ({"uid": "two words"}, "uid"),
        ({"uid": "a\r\nATTENDEE:b"}, "uid"),
        ({"starts_at": A_MORNING.replace(tzinfo=None)}, "starts_at must be an aware datetime in UTC"),
        ({"ends_at": datetime(2026, 12, 1, 11, tzinfo=timezone(timedelta(hours=1)))}, "ends_at must be"),
        ({"changed_at": datetime(2026, 11, 1)}, "changed_at must be an aware datetime in UTC"),
        ({"ends_at": A_MORNING}, "later than starts_at"),
        ({"ends_at": A_MORNING + timedelta(microseconds=999_999)}, "later than starts_at"),
        ({"starts_at": datetime(1999, 12, 31, 23, tzinfo=UTC)}, "years 2000 to 2199"),
        ({"ends_at": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "years 2000 to 2199"),
        ({"sequence": -1}, "sequence"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://termine.example/\r\nX:y"}, "url"),
        ({"url": "https://termine.example/a b"}, "url"),
        ({"geo": (91.0, 0.0)}, "geo"),
        ({"geo": (51.0, -180.5)}, "geo"),
        ({"geo": (float("nan"), 6.0)}, "geo"),
    ],
)
def test_a_value_no_calendar_program_could_read_is_refused(
    appointment: CalendarEvent, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(appointment, **changes)
