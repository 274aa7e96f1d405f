"""Whatever is offered can be booked if nothing has changed, and nothing else can: the search and the booking agree."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ClientBusy, NotOffered, SlotTaken
from scheduler_app.models import Appointment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.hold_slot import hold_slot, release_hold
from scheduler_app.services.participations import active
from scheduler_app.services.plan_again import plan_again
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from tests.support.builders import contact
from tests.support.consistency import mistakes_in
from tests.support.oracle import Oracle
from tests.support.random_requests import random_request
from tests.support.scattered import scattered_town

AUTUMN = datetime(2026, 10, 19, 9, 3, 20, tzinfo=UTC)  # clocks go back on 25 October
SPRING = datetime(2027, 3, 22, 8, 0, tzinfo=UTC)  # clocks go forward on 28 March
MOMENTS = (AUTUMN, SPRING)
REQUESTS, TRIED = 6, 3
SEEDS = range(4)


def any_times(rng: random.Random, catalogue: Catalogue, now: datetime) -> list[datetime]:
    """Starts on and off the grid, too soon, and beyond the horizon."""
    day = now.replace(hour=0, minute=0, second=0)
    grid = catalogue.start_every_minutes
    starts = [day + timedelta(minutes=grid * rng.randrange(16 * 1440 // grid)) for _ in range(3 * TRIED)]
    return [*starts, starts[0] + timedelta(minutes=1), now - timedelta(days=1)]


def near_misses(
    session: Session, rng: random.Random, catalogue: Catalogue, plan: Plan, now: datetime
) -> list[datetime]:
    """Starts at which only one of the roles may be missing: where a search and a booking would differ first."""
    found: list[datetime] = []
    for role in plan.roles:
        if len(plan.roles) > 1 and not all(r.is_optional for r in plan.roles if r is not role):
            request = replace(plan.request, without=(*plan.request.without, role.key))
            starts = find_slots(session, catalogue, plan_appointment(catalogue, request), now=now).starts
            found += rng.sample(starts, min(TRIED, len(starts)))
    return found


def is_refused(session: Session, catalogue: Catalogue, plan: Plan, start: datetime, now: datetime) -> bool:
    try:
        held = hold_slot(session, catalogue, plan, start, now=now)
    except (NotOffered, SlotTaken):
        return True
    release_hold(session, held.token, municipality_id=catalogue.municipality_id, now=now)
    return False


def book(
    session: Session, catalogue: Catalogue, plan: Plan, start: datetime, number: int, now: datetime
) -> int:
    booked = book_appointment(session, catalogue, plan, start, contact(number), now=now, actor="api")
    return booked.appointment.id


@pytest.mark.parametrize("seed", SEEDS)
def test_joint_slots(session: Session, seed: int) -> None:
    rng, now = random.Random(seed), MOMENTS[seed % 2]  # noqa: S311  # the same every time
    made = scattered_town(session, now, seed, busy=0.5)
    catalogue = catalogue_of(session, made.town.slug)
    before, booked = mistakes_in(session), 0
    for number in range(REQUESTS):
        plan = plan_appointment(catalogue, random_request(rng, made, with_times=False))
        offered = set(find_slots(session, catalogue, plan, now=now).starts)
        for start in (*any_times(rng, catalogue, now), *near_misses(session, rng, catalogue, plan, now)):
            if start not in offered:
                assert is_refused(session, catalogue, plan, start, now), (seed, plan.request, start)
        for start in rng.sample(sorted(offered), min(TRIED, len(offered))):
            booked += 1
            appointment = book(session, catalogue, plan, start, booked, now)
            assert mistakes_in(session) == before, (seed, plan.request, start)
            cancel_appointment(session, catalogue, appointment, now=now, actor="client")
        assert set(find_slots(session, catalogue, plan, now=now).starts) == offered, (seed, number)
    assert booked > REQUESTS


@pytest.mark.parametrize("seed", SEEDS)
def test_as_much_as_fits_is_booked(session: Session, seed: int) -> None:
    """Without giving anything back: what is booked is seen by the next search, and by the plain oracle."""
    rng, now = random.Random(seed), MOMENTS[seed % 2]  # noqa: S311  # the same every time
    made = scattered_town(session, now, seed, busy=0.3)
    catalogue = catalogue_of(session, made.town.slug)
    before = mistakes_in(session)
    for number in range(3 * REQUESTS):
        request = random_request(rng, made, with_times=False)
        plan = plan_appointment(catalogue, request)
        offered = find_slots(session, catalogue, plan, now=now).starts
        if number % 3 == 0:
            assert list(offered) == Oracle(session, made.town.municipality_id, now).starts_for(request)
        if offered:
            start = rng.choice(offered[:10])
            booked = book(session, catalogue, plan, start, number, now)
            assert mistakes_in(session) == before, (seed, request, start)
            if number % 3 == 1:
                move(session, catalogue, booked, rng, now)
                assert mistakes_in(session) == before, (seed, request, start)


def move(
    session: Session, catalogue: Catalogue, appointment_id: int, rng: random.Random, now: datetime
) -> None:
    """Its own time does not stand in the way of where it can go; where it can not go, it is refused."""
    appointment = session.get_one(Appointment, appointment_id)
    client, plan = appointment.client.resource_id, plan_again(catalogue, appointment)
    there = find_slots(session, catalogue, plan, now=now, without_appointment=appointment_id).starts
    oracle = Oracle(session, catalogue.municipality_id, now, but=appointment_id)
    assert list(there) == oracle.starts_for(plan.request, clients=[client])
    for start in any_times(rng, catalogue, now)[:TRIED]:
        if start not in there:
            with pytest.raises((NotOffered, SlotTaken, ClientBusy)):
                move_appointment(session, catalogue, appointment_id, start, now=now, actor="client")
    move_appointment(session, catalogue, appointment_id, rng.choice(there), now=now, actor="client")


@pytest.mark.parametrize("seed", SEEDS)
def test_optional_people_come_if_they_are_free(session: Session, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # the same every time
    made = scattered_town(session, SPRING, seed)
    catalogue = catalogue_of(session, made.town.slug)
    came = 0
    for number in range(REQUESTS):
        request = random_request(rng, made, services=("zwei",))
        plan = plan_appointment(catalogue, request)
        offered = find_slots(session, catalogue, plan, now=SPRING).starts
        for start in rng.sample(offered, min(TRIED, len(offered))):
            oracle = Oracle(session, made.town.municipality_id, SPRING)
            optional = [part for part in oracle.parts(request) if part.is_optional]
            free = {part.key: oracle.able(part, start) for part in optional}
            booked = book_appointment(
                session, catalogue, plan, start, contact(10 * number), now=SPRING, actor="api"
            )
            there = {part.role_key: part.resource_id for part in active(booked.appointment)}
            for key, people in free.items():
                assert (key in there) or set(people) <= set(there.values()), (seed, request, start)
                came += key in there
            cancel_appointment(session, catalogue, booked.appointment.id, now=SPRING, actor="client")
    assert came
