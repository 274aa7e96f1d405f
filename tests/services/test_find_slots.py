"""The search over real tables against the plain oracle, and against what can then be booked."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import NotOffered, SlotTaken
from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import Claim, Closure, Place, Room
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.hold_slot import hold_slot, release_hold
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import (
    FIRST_SLOT,
    NOW,
    Town,
    add_absence,
    add_hours,
    add_town,
    raise_catalogue_version,
)
from tests.support.consistency import overlaps
from tests.support.oracle import Oracle

CHRISTMAS = datetime(2026, 12, 14, 7, 52, 30, tzinfo=UTC)
EASTER = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)  # with the change to summer time
REQUESTS = (
    SlotRequest(("titel",)),
    SlotRequest(("finger",)),
    SlotRequest(("titel",), "ara", "apc"),
    SlotRequest(("titel", "beratung"), "ara", "apc"),
)


def scattered_town(session: Session, now: datetime, seed: int) -> Town:
    """With own hours, absences, closures, claims and holds at odd times."""
    rng = random.Random(seed)  # noqa: S311  # the same every time
    town = add_town(session, f"town{seed}", clerks=3, advisers=2, interpreters=2, rooms=2)
    people = [*town.clerks, *town.advisers, *town.interpreters, *town.rooms]
    add_hours(session, town, resource_id=town.clerks[0], days=(0, 2, 3, 5), opens=545, closes=1000)
    add_hours(session, town, resource_id=town.advisers[0], days=(1, 3), opens=0, closes=1440)

    def somewhen(longest_hours: int) -> tuple[datetime, datetime]:
        starts_at = now + timedelta(minutes=rng.randrange(0, 14 * 1440), seconds=rng.choice((0, 0, 30)))
        return starts_at, starts_at + timedelta(minutes=rng.randrange(1, longest_hours * 60))

    for _ in range(12):
        add_absence(session, town, rng.choice(people), *somewhen(30))
    for agency_id in (None, *town.agencies.values()):
        starts_at, ends_at = somewhen(12)
        session.add(
            Closure(
                municipality_id=town.municipality_id,
                agency_id=agency_id,
                starts_at=starts_at,
                ends_at=ends_at,
                reason="",
            )
        )
    for resource_id in people:
        for day in range(14):
            starts = epoch_minute(now) + day * 1440 + rng.randrange(0, 600)
            session.add(
                Claim(
                    municipality_id=town.municipality_id,
                    resource_id=resource_id,
                    starts_minute=starts,
                    ends_minute=starts + rng.randrange(10, 300),
                    expires_at=rng.choice((None, now, now + timedelta(seconds=1), now - timedelta(hours=1))),
                )
            )
    session.commit()
    return town


@pytest.mark.parametrize("now", [CHRISTMAS, EASTER], ids=["christmas", "easter"])
def test_the_search_finds_exactly_what_the_tables_allow(session: Session, now: datetime) -> None:
    for seed in (1, 2, 3):
        town = scattered_town(session, now, seed)
        catalogue = catalogue_of(session, town.slug)
        oracle = Oracle(session, town.municipality_id, now)
        for request in REQUESTS:
            plan = plan_appointment(catalogue, request)
            expected = oracle.starts(plan)
            assert expected, "the test should have something to find"
            assert list(find_slots(session, catalogue, plan, now=now).starts) == expected, (seed, request)


def can_be_held(session: Session, catalogue: Catalogue, plan: Plan, start: datetime, now: datetime) -> bool:
    try:
        held = hold_slot(session, catalogue, plan, start, now=now)
    except (NotOffered, SlotTaken):
        return False
    release_hold(session, held.token, municipality_id=catalogue.municipality_id, now=now)
    return True


def test_whatever_is_offered_can_be_held_and_nothing_else(session: Session) -> None:
    rng = random.Random(4)  # noqa: S311  # the same every time
    town = scattered_town(session, CHRISTMAS, 4)
    catalogue = catalogue_of(session, town.slug)
    for request in REQUESTS:
        plan = plan_appointment(catalogue, request)
        offered = set(find_slots(session, catalogue, plan, now=CHRISTMAS).starts)
        midnight = CHRISTMAS.replace(hour=0, minute=0, second=0)
        grid = [midnight + timedelta(minutes=15 * i) for i in range(-20, 96 * 15)]
        tried = rng.sample(sorted(offered), 8) + rng.sample(grid, 20)
        for start in tried:
            can = can_be_held(session, catalogue, plan, start, CHRISTMAS)
            assert can == (start in offered), (request, start)


def test_a_hall_takes_as_many_talks_at_once_as_it_is_for(session: Session) -> None:
    town = add_town(session, "halle", clerks=3, advisers=3, interpreters=3, room_capacity=2)
    catalogue = catalogue_of(session, town.slug)
    plan = plan_appointment(catalogue, SlotRequest(("titel", "beratung"), "ara", "apc"))
    for _ in range(2):
        assert FIRST_SLOT in find_slots(session, catalogue, plan, now=NOW).starts
        hold_slot(session, catalogue, plan, FIRST_SLOT, now=NOW)
    assert overlaps(session) == []
    offered = find_slots(session, catalogue, plan, now=NOW).starts
    assert list(offered) == Oracle(session, town.municipality_id, NOW).starts(plan)
    assert FIRST_SLOT not in offered
    with pytest.raises(SlotTaken):
        hold_slot(session, catalogue, plan, FIRST_SLOT, now=NOW)


def test_a_room_is_aired_before_the_next_talk(session: Session) -> None:
    town = add_town(session, "luft", clerks=3, advisers=3, interpreters=3)
    session.execute(update(Room).values(after_minutes=15))
    raise_catalogue_version(session, town)
    session.commit()
    catalogue = catalogue_of(session, town.slug)
    plan = plan_appointment(catalogue, SlotRequest(("titel", "beratung"), "ara", "apc"))
    start = FIRST_SLOT + timedelta(hours=2)
    hold_slot(session, catalogue, plan, start, now=NOW)
    offered = find_slots(session, catalogue, plan, now=NOW).starts
    taken = timedelta(minutes=plan.minutes)
    assert {start - taken - timedelta(minutes=15), start + taken + timedelta(minutes=15)} <= set(offered)
    assert not {start - taken, start + taken} & set(offered)


def test_an_interpreter_needs_the_way_to_whichever_house_it_is(session: Session) -> None:
    """Nobody knows how far her last job is from the two houses with rooms, so the usual quarter of an hour is kept."""
    town = add_town(session, "wege", rooms=2)
    houses = [
        Place(municipality_id=town.municipality_id, key=key, name=key, address=key, directions={})
        for key in ("annex", "elsewhere")
    ]
    session.add_all(houses)
    session.flush()
    annex, elsewhere = (house.id for house in houses)
    session.execute(update(Room).where(Room.resource_id == town.rooms[1]).values(place_id=annex))
    over = FIRST_SLOT + timedelta(hours=1)
    ends = epoch_minute(over)
    job = {"starts_minute": ends - 60, "ends_minute": ends, "place_id": elsewhere}
    session.add(Claim(municipality_id=town.municipality_id, resource_id=town.interpreters[0], **job))
    raise_catalogue_version(session, town)
    session.commit()
    catalogue = catalogue_of(session, town.slug)
    plan = plan_appointment(catalogue, SlotRequest(("titel", "beratung"), "ara", "apc"))
    assert len(plan.places) == 2
    offered = find_slots(session, catalogue, plan, now=NOW).starts
    assert offered[0] == over + timedelta(minutes=15)
    with pytest.raises(SlotTaken):
        hold_slot(session, catalogue, plan, over, now=NOW)
    held = hold_slot(session, catalogue, plan, offered[0], now=NOW).hold
    room = session.scalars(select(Room).where(Room.resource_id == held.assignment["room"])).one()
    own = Claim.resource_id == town.interpreters[0], Claim.hold_id == held.id
    assert session.scalars(select(Claim.place_id).where(*own)).all() == [room.place_id]


@pytest.mark.parametrize(
    "start",
    [
        FIRST_SLOT - timedelta(minutes=15),
        NOW - timedelta(days=7),
        FIRST_SLOT + timedelta(minutes=5),
        FIRST_SLOT + timedelta(seconds=1),
        NOW + timedelta(weeks=2),
    ],
    ids=["lead time", "past", "off the grid", "a second late", "horizon"],
)
def test_what_is_outside_the_rules_is_not_offered(
    session: Session, catalogue: Catalogue, start: datetime
) -> None:
    plan = plan_appointment(catalogue, SlotRequest(("titel",)))
    assert start not in find_slots(session, catalogue, plan, now=NOW).starts
    with pytest.raises(NotOffered):
        hold_slot(session, catalogue, plan, start, now=NOW)


def test_search_and_booking_agree_about_the_last_minute_of_the_horizon(
    session: Session, catalogue: Catalogue
) -> None:
    now = NOW + timedelta(seconds=30)
    plan = plan_appointment(catalogue, SlotRequest(("titel",)))
    last = NOW + timedelta(weeks=2)
    offered = find_slots(session, catalogue, plan, now=now).starts
    assert can_be_held(session, catalogue, plan, last, now) == (last in offered)


def test_a_lead_time_of_its_own_lets_staff_book_for_today(session: Session, catalogue: Catalogue) -> None:
    plan = plan_appointment(catalogue, SlotRequest(("titel",)))
    found = find_slots(session, catalogue, plan, now=NOW, lead_time=timedelta(), limit=1)
    assert found.starts == (NOW,)
    hold_slot(session, catalogue, plan, NOW, now=NOW, lead_time=timedelta())


def test_from_until_and_limit(session: Session, catalogue: Catalogue) -> None:
    plan = plan_appointment(catalogue, SlotRequest(("titel",)))
    everything = find_slots(session, catalogue, plan, now=NOW).starts
    first, last = FIRST_SLOT + timedelta(hours=1), FIRST_SLOT + timedelta(hours=3)
    some = find_slots(session, catalogue, plan, now=NOW, from_at=first, until_at=last)
    assert some.starts == tuple(s for s in everything if first <= s < last)
    assert find_slots(session, catalogue, plan, now=NOW, limit=3).starts == everything[:3]
    assert find_slots(session, catalogue, plan, now=NOW, from_at=last, until_at=first).starts == ()


def test_a_holiday_has_no_slots(session: Session, catalogue: Catalogue) -> None:
    plan = plan_appointment(catalogue, SlotRequest(("titel",)))
    days = {start.date().isoformat() for start in find_slots(session, catalogue, plan, now=CHRISTMAS).starts}
    assert "2026-12-24" in days
    assert not days & {"2026-12-25", "2026-12-26", "2026-12-27"}


def test_a_search_without_result_names_who_prevents_it(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    add_absence(session, town, town.interpreters[0], NOW, NOW + timedelta(weeks=4))
    session.commit()
    plan = plan_appointment(catalogue, SlotRequest(("titel",), "ara", "apc"))
    search = find_slots(session, catalogue, plan, now=NOW)
    assert (search.starts, search.blocking) == ((), ("interpreter",))


def test_a_language_that_nobody_speaks_has_no_slot(session: Session, catalogue: Catalogue) -> None:
    plan = plan_appointment(catalogue, SlotRequest(("titel",), "tir"))
    search = find_slots(session, catalogue, plan, now=NOW)
    assert (search.starts, search.blocking) == ((), ("interpreter",))
    with pytest.raises(SlotTaken) as taken:
        hold_slot(session, catalogue, plan, FIRST_SLOT, now=NOW)
    assert taken.value.next_starts == ()
