"""Whatever changes somebody's time raises her version: the caches of all processes rely on it."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Municipality
from scheduler_app.services.answer_assignment import accept_assignment, decline_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import catalogue_by_id, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.confirm_hold import confirm_hold
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.free_times import booking_window
from scheduler_app.services.hold_slot import expire_holds, hold_slot, release_hold
from scheduler_app.services.import_municipality import import_municipality
from scheduler_app.services.participations import active_interpreter
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.read_free_times import FreeTime, read_free_times
from tests.support.builders import FIRST_SLOT, NOW, Town, add_town, contact, lend_pool
from tests.support.municipality_example import changed, example
from tests.support.plans import joint
from tests.support.random_requests import random_chain
from tests.support.scattered import scattered_town
from tests.support.storm import Worker

LATER = NOW + timedelta(minutes=15)
Seen = dict[tuple[int, int], tuple[int, FreeTime]]


def seen(session: Session) -> Seen:
    """By municipality and resource: the version that stands for her time there, and her time."""
    session.rollback()
    found: Seen = {}
    for municipality in session.scalars(select(Municipality)).all():
        catalogue = catalogue_by_id(session, municipality.id)
        window = booking_window(catalogue, now=LATER)
        times = read_free_times(session, catalogue, window, catalogue.resource_ids, now=LATER)
        for who, time in times.items():
            found[municipality.id, who] = (catalogue.version, time)
    session.rollback()
    return found


def changed_unnoticed(before: Seen, after: Seen) -> list[tuple[int, int]]:
    """Whose time is another, though neither her version nor the catalogue's tells."""
    return [
        key
        for key in before.keys() & after.keys()
        if (before[key][0], before[key][1].version) == (after[key][0], after[key][1].version)
        and before[key] != after[key]
    ]


@pytest.mark.parametrize("seed", range(3))
def test_random_work(session: Session, seed: int) -> None:
    town = add_town(session, clerks=2, advisers=2, interpreters=3, rooms=2)
    lend_pool(session, town, add_town(session, "borrower"))
    rng, worker = random.Random(seed), Worker(town.slug, seed, 0, [])  # noqa: S311  # the same every time
    actions = [worker.book, worker.hold, worker.confirm, worker.release, worker.move, worker.cancel]
    before = seen(session)
    for _ in range(40):
        worker.step(session, rng, rng.choice([*actions, worker.answer, worker.expire]))
        after = seen(session)
        assert changed_unnoticed(before, after) == [], (seed, worker.done)
        before = after
    assert {"book", "hold", "move", "cancel"} <= worker.done.keys()


def test_every_step_of_an_appointment(session: Session) -> None:
    town = add_town(session, clerks=2, interpreters=2)
    catalogue = catalogue_of(session, town.slug)
    plan, there = joint(catalogue), FIRST_SLOT + timedelta(days=1)

    def raised(action: Callable[[], object]) -> set[int]:
        before = seen(session)
        action()
        after = seen(session)
        assert changed_unnoticed(before, after) == []
        return {who for (_, who), (_, time) in after.items() if time != before[town.municipality_id, who][1]}

    start = FIRST_SLOT + timedelta(hours=1)
    held = hold_slot(session, catalogue, plan, start, now=NOW)
    assert (
        len(raised(lambda: release_hold(session, held.token, municipality_id=town.municipality_id, now=NOW)))
        == 4
    )
    lost = hold_slot(session, catalogue, plan, start, now=NOW)
    raised(lambda: expire_holds(session, now=lost.hold.expires_at))
    kept = hold_slot(session, catalogue, plan, start, now=NOW)
    raised(lambda: confirm_hold(session, catalogue, kept.token, contact(1), now=NOW))
    appointment = book_appointment(
        session, catalogue, plan, there, contact(2), now=NOW, actor="api"
    ).appointment
    later = there + timedelta(hours=2)
    assert (
        len(raised(lambda: move_appointment(session, catalogue, appointment.id, later, now=NOW, actor="x")))
        == 4
    )
    answers = [(accept_assignment, 0), (decline_assignment, 2)]
    for answer, people in answers:
        part = active_interpreter(appointment)
        assert part is not None
        asked = (part.id, part.resource_id, part.sequence)
        session.rollback()

        def say(answer: Callable[..., object] = answer, asked: tuple[int, int, int] = asked) -> None:
            answer(session, asked[0], resource_id=asked[1], sequence=asked[2], now=NOW)

        assert len({who for who in raised(say) if who in town.interpreters}) >= people
    number = appointment.id
    raised(lambda: cancel_appointment(session, catalogue, number, now=NOW, actor="x"))


@pytest.mark.parametrize("seed", range(2))
def test_chains_with_buffers_and_places(session: Session, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # the same every time
    made = scattered_town(session, NOW, seed, busy=0.3)
    catalogue = catalogue_of(session, made.town.slug)
    booked = 0
    for number in range(6):
        plan = plan_chain(catalogue, random_chain(rng, made, 2, with_times=False))
        chains = find_chains(session, catalogue, plan, now=NOW, limit=20).chains
        if not chains:
            continue
        chain = rng.choice(chains)
        before = seen(session)
        booking = plan_appointment(catalogue, chain.request)
        appointment = book_appointment(
            session, catalogue, booking, chain.starts_at, contact(number), now=NOW, actor="api"
        ).appointment
        after = seen(session)
        assert before != after
        assert changed_unnoticed(before, after) == []
        cancel_appointment(session, catalogue, appointment.id, now=NOW, actor="client")
        assert changed_unnoticed(after, seen(session)) == []
        booked += 1
    assert booked


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('mon: "08:00-12:00"\n', 'mon: "08:00-13:00"\n'),
        ('hours: {thu: "14:00-17:30"}', 'hours: {thu: "15:00-17:30"}'),
        ("until: 2027-02-08,", "until: 2027-02-09,"),
        ("from: 2027-03-12 12:00", "from: 2026-12-11 12:00"),
        ('opening_hours: {mon: "08:00-18:00", thu: "08:00-18:00"}', 'opening_hours: {mon: "09:00-18:00"}'),
        ("after_minutes: 15 ", "after_minutes: 30 "),
        ('hours: {mon: "08:00-16:00", thu: "08:00-18:00"}', 'hours: {mon: "08:00-15:00"}'),
        ("state: NW ", "state: BY "),
        ("staff: [k.yilmaz, b.schneider]", "staff: [b.schneider]"),
    ],
)
def test_an_import(session: Session, old: str, new: str) -> None:
    import_municipality(session, example(), now=NOW)
    before = seen(session)
    import_municipality(session, changed(old, new), now=NOW)
    after = seen(session)
    assert changed_unnoticed(before, after) == []
    assert before != after


def test_an_import_of_a_pool_that_a_neighbour_uses_too(session: Session) -> None:
    """Its hours and its town's closures are the neighbour's affair as well."""
    neighbour = add_town(session, "nachbar")
    shared = changed("serves: [musterstadt]", "serves: [musterstadt, nachbar]")
    import_municipality(session, shared, now=NOW)
    before = seen(session)
    lent = [
        who
        for town, who in before
        if town == neighbour.municipality_id and who not in neighbour_people(neighbour)
    ]
    assert lent
    hours = 'opening_hours: {mon: "08:00-18:00", thu: "08:00-18:00"}'
    for old, new in (
        (hours, 'opening_hours: {mon: "09:00-18:00"}'),
        ("from: 2027-02-08,", "from: 2026-11-30,"),
    ):
        import_municipality(session, shared.replace(old, new), now=NOW)
        after = seen(session)
        assert changed_unnoticed(before, after) == []
        key = neighbour.municipality_id, lent[0]
        assert before[key][1].free != after[key][1].free
        before = after


def neighbour_people(town: Town) -> set[int]:
    return {*town.clerks, *town.advisers, *town.interpreters, *town.rooms}
