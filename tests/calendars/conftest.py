from datetime import UTC, datetime

import pytest

from calendars.events import CalendarEvent, EventStatus


@pytest.fixture(scope="session")
def appointment() -> CalendarEvent:
    """A confirmed appointment in winter time, with every field filled."""
    return CalendarEvent(
        uid="5f0c2b1e-8a53-4c0e-9f5e-2f1d6c7b8a90",
        starts_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 1, 9, 45, tzinfo=UTC),
        sequence=2,
        changed_at=datetime(2026, 11, 20, 14, 3, 7, tzinfo=UTC),
        status=EventStatus.CONFIRMED,
        summary="Beratung; Anmeldung, Schule",
        location="Rathaus, Raum 3.12\nRathausplatz 1, 47441 Moers",
        description="Bitte mitbringen:\n- Pass\n- Mietvertrag",
        url="https://termine.example/moers/t/7GQ2M",
        geo=(51.451601, 6.626502),
    )
