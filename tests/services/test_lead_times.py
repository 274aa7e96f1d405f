"""How soon something can be booked: working days, and pools that want to know ahead."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import SlotTaken
from scheduler_app.models import Agency, Municipality, Service
from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.hold_slot import hold_slot
from scheduler_app.services.lead_times import after_working_days
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import NOW, Town, raise_catalogue_version

BERLIN = ZoneInfo("Europe/Berlin")
CHRISTMAS_EVE = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "days", "expected"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), 1, midnight(2026, 11, 24)),
        (datetime(2026, 11, 27, 8, 0, tzinfo=UTC), 1, midnight(2026, 11, 30)),
        (datetime(2026, 11, 28, 8, 0, tzinfo=UTC), 1, midnight(2026, 11, 30)),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), 1, midnight(2026, 11, 25)),
        (CHRISTMAS_EVE, 1, midnight(2026, 12, 28)),
        (CHRISTMAS_EVE, 6, midnight(2027, 1, 5)),
        (datetime(2027, 3, 25, 8, 0, tzinfo=UTC), 1, midnight(2027, 3, 30)),
    ],
    ids=["next day", "weekend", "on Saturday", "past midnight", "Christmas", "New Year", "Easter and DST"],
)
def test_working_days_are_counted_without_the_first(
    session: Session, town: Town, now: datetime, days: int, expected: datetime
) -> None:
    """As periods are (BGB sections 187, 188); neither weekends nor public holidays count."""
    assert after_working_days(catalogue_of(session, town.slug), days, now=now) == expected


def test_holidays_are_those_of_the_state(session: Session, town: Town) -> None:
    """Epiphany is one in Bavaria and not in North Rhine-Westphalia."""
    now = datetime(2027, 1, 5, 8, 0, tzinfo=UTC)
    assert after_working_days(catalogue_of(session, town.slug), 1, now=now) == midnight(2027, 1, 6)
    session.execute(update(Municipality).values(state="BY"))
    raise_catalogue_version(session, town)
    session.commit()
    assert after_working_days(catalogue_of(session, town.slug), 1, now=now) == midnight(2027, 1, 7)


def with_lead(session: Session, town: Town, model: type[Service | Agency], key: str, days: int) -> None:
    session.execute(update(model).where(model.key == key).values(lead_working_days=days))
    raise_catalogue_version(session, town)
    session.commit()


def test_of_several_concerns_the_longest_lead_counts(session: Session, town: Town) -> None:
    with_lead(session, town, Service, "titel", 2)
    with_lead(session, town, Service, "beratung", 4)
    catalogue = catalogue_of(session, town.slug)
    first_days = []
    for services in (("finger",), ("titel",), ("titel", "beratung")):
        plan = plan_appointment(catalogue, SlotRequest(services))
        first_days.append(find_slots(session, catalogue, plan, now=NOW).starts[0].date().day)
    assert first_days == [24, 25, 27]
    chain = plan_chain(catalogue, SlotRequest(("titel", "beratung")))
    assert find_chains(session, catalogue, chain, now=NOW).chains[0].starts_at.date().day == 27


def test_a_pool_is_asked_ahead_but_for_staff_who_have_talked_to_it(session: Session, town: Town) -> None:
    with_lead(session, town, Agency, "pool", 3)
    catalogue = catalogue_of(session, town.slug)
    alone = plan_appointment(catalogue, SlotRequest(("titel",)))
    plan = plan_appointment(catalogue, SlotRequest(("titel",), "ara"))
    tomorrow = find_slots(session, catalogue, alone, now=NOW).starts[0]
    assert tomorrow.date().day == 24
    assert find_slots(session, catalogue, plan, now=NOW).starts[0].date().day == 26
    with pytest.raises(SlotTaken) as taken:
        hold_slot(session, catalogue, plan, tomorrow, now=NOW)
    assert taken.value.next_starts[0].date().day == 26
    now = find_slots(session, catalogue, plan, now=NOW, lead_time=timedelta()).starts[0]
    assert now == NOW
    hold_slot(session, catalogue, plan, now, now=NOW, lead_time=timedelta())
