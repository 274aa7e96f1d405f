"""Moving and cancelling: for everybody at once, or not at all."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import AppointmentClosed, ClientBusy, NotOffered, SlotTaken, UnknownThing
from scheduler_app.models import (
    Appointment,
    AppointmentStatus,
    AuditEntry,
    Claim,
    Notification,
    ParticipationRole,
    PartStat,
    Resource,
)
from scheduler_app.services.answer_assignment import accept_assignment, decline_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.participations import active, active_interpreter, lacks_interpreter
from scheduler_app.services.plan_again import plan_again
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import FIRST_SLOT, NOW, Town, add_absence, add_town, contact
from tests.support.consistency import mistakes_in
from tests.support.plans import clerk_alone, joint, with_interpreter

QUARTER = timedelta(minutes=15)


def book(session: Session, catalogue: Catalogue, plan: Plan, start: datetime, number: int = 1) -> Appointment:
    return book_appointment(
        session, catalogue, plan, start, contact(number), now=NOW, actor="api"
    ).appointment


def move(session: Session, catalogue: Catalogue, appointment: Appointment, start: datetime) -> Appointment:
    return move_appointment(session, catalogue, appointment.id, start, now=NOW, actor="client")


def people(appointment: Appointment) -> dict[str, int]:
    return {p.role_key: p.resource_id for p in active(appointment)}


@pytest.mark.parametrize("quarters", [1, 4, 5, 8, -1])
def test_a_move_keeps_its_people_even_into_its_own_time(
    session: Session, catalogue: Catalogue, quarters: int
) -> None:
    start = FIRST_SLOT + 8 * QUARTER
    appointment = book(session, catalogue, joint(catalogue), start)
    before, uid = people(appointment), {p.uid for p in appointment.participations}
    there = start + quarters * QUARTER
    plan = plan_again(catalogue, appointment)
    offered = find_slots(session, catalogue, plan, now=NOW, without_appointment=appointment.id).starts
    assert there in offered
    moved = move(session, catalogue, appointment, there)
    assert (moved.starts_at, moved.ends_at - moved.starts_at) == (there, 5 * QUARTER)
    assert people(moved) == before
    assert {p.uid for p in moved.participations} == uid
    assert (moved.sequence, {p.sequence for p in moved.participations}) == (1, {1})
    assert mistakes_in(session) == []


def test_a_move_takes_others_where_people_are_not_free(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    appointment = book(session, catalogue, clerk_alone(catalogue), FIRST_SLOT)
    clerk = people(appointment)[town.role("clerk")]
    (other,) = set(town.clerks) - {clerk}
    there = FIRST_SLOT + timedelta(hours=2)
    add_absence(session, town, clerk, there, there + QUARTER)
    session.commit()
    moved = move(session, catalogue, appointment, there)
    assert people(moved)[town.role("clerk")] == other
    ended = [p for p in moved.participations if p.ended_at is not None]
    assert [(p.resource_id, p.sequence > 0) for p in ended] == [(clerk, True)]
    assert mistakes_in(session) == []


def test_two_who_share_a_time_may_follow_each_other(session: Session, catalogue: Catalogue) -> None:
    first = book(session, catalogue, joint(catalogue), FIRST_SLOT, 1)
    second = book(session, catalogue, joint(catalogue), FIRST_SLOT + 5 * QUARTER, 2)
    with pytest.raises(SlotTaken) as taken:
        move(session, catalogue, second, FIRST_SLOT + 4 * QUARTER)
    assert second.starts_at == FIRST_SLOT + 5 * QUARTER
    # her own time counts as free: she could come a quarter later
    assert FIRST_SLOT + 6 * QUARTER in taken.value.next_starts
    move(session, catalogue, first, FIRST_SLOT + 10 * QUARTER)
    move(session, catalogue, second, FIRST_SLOT + 4 * QUARTER)
    assert mistakes_in(session) == []


def test_a_refused_move_leaves_everything_as_it_was(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    appointment = book(session, catalogue, joint(catalogue), FIRST_SLOT)
    before = people(appointment)
    versions = {r.id: r.version for r in session.scalars(select(Resource))}
    there = FIRST_SLOT + timedelta(days=1)
    add_absence(session, town, town.interpreters[0], there, there + QUARTER)
    session.commit()
    for start, error in ((there, SlotTaken), (NOW, NotOffered)):
        with pytest.raises(error):
            move(session, catalogue, appointment, start)
    assert (appointment.starts_at, appointment.sequence, people(appointment)) == (FIRST_SLOT, 0, before)
    after = {r.id: r.version for r in session.scalars(select(Resource))}
    assert {id_ for id_ in after if after[id_] != versions[id_]} == {town.interpreters[0]}
    assert mistakes_in(session) == []
    # nor does the cache believe that she was gone
    assert FIRST_SLOT not in find_slots(session, catalogue, joint(catalogue), now=NOW).starts


def test_a_client_can_not_be_moved_into_another_appointment_of_hers(
    session: Session, catalogue: Catalogue
) -> None:
    first = book(session, catalogue, clerk_alone(catalogue), FIRST_SLOT)
    book(session, catalogue, clerk_alone(catalogue), FIRST_SLOT + timedelta(hours=1))
    with pytest.raises(ClientBusy):
        move(session, catalogue, first, FIRST_SLOT + timedelta(minutes=45))
    assert mistakes_in(session) == []


def test_a_move_asks_the_interpreter_again(session: Session, catalogue: Catalogue) -> None:
    appointment = book(session, catalogue, with_interpreter(catalogue), FIRST_SLOT)
    part = active_interpreter(appointment)
    assert part is not None
    accept_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)
    assert part.partstat == PartStat.ACCEPTED
    move(session, catalogue, appointment, FIRST_SLOT + timedelta(days=1))
    assert part.partstat == PartStat.NEEDS_ACTION
    kinds = session.scalars(
        select(Notification.kind).where(
            Notification.version == 1, Notification.recipient_id == part.resource_id
        )
    ).all()
    assert kinds == ["interpreter-changed"]
    assert {p.partstat for p in active(appointment) if p is not part} == {PartStat.ACCEPTED}


def test_a_move_finds_the_interpreter_who_was_missing(session: Session, catalogue: Catalogue) -> None:
    appointment = book(session, catalogue, with_interpreter(catalogue), FIRST_SLOT)
    part = active_interpreter(appointment)
    assert part is not None
    decline_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)
    assert lacks_interpreter(appointment)
    move(session, catalogue, appointment, FIRST_SLOT + timedelta(days=1))
    assert not lacks_interpreter(appointment)
    assert mistakes_in(session) == []


def test_a_room_that_was_asked_for_moves_along(session: Session, town: Town, catalogue: Catalogue) -> None:
    plan = plan_appointment(catalogue, SlotRequest(("titel",), room=town.rooms[0]))
    appointment = book(session, catalogue, plan, FIRST_SLOT)
    moved = move(session, catalogue, appointment, FIRST_SLOT + timedelta(hours=3))
    assert people(moved)["room"] == town.rooms[0]
    assert moved.place == "Markt 1, Room 0"
    assert mistakes_in(session) == []


def test_a_named_person_and_the_length_stay(session: Session, town: Town, catalogue: Catalogue) -> None:
    request = SlotRequest(("titel",), people=(town.advisers[0],), minutes=50)
    appointment = book(session, catalogue, plan_appointment(catalogue, request), FIRST_SLOT)
    moved = move(session, catalogue, appointment, FIRST_SLOT + timedelta(hours=3))
    assert town.advisers[0] in people(moved).values()
    assert moved.ends_at - moved.starts_at == timedelta(minutes=50)
    assert mistakes_in(session) == []


def test_a_move_to_the_same_time_changes_nothing(session: Session, catalogue: Catalogue) -> None:
    appointment = book(session, catalogue, clerk_alone(catalogue), FIRST_SLOT)
    assert move(session, catalogue, appointment, FIRST_SLOT).sequence == 0


def test_only_the_newest_state_is_told(session: Session, catalogue: Catalogue) -> None:
    appointment = book(session, catalogue, joint(catalogue), FIRST_SLOT + timedelta(days=2))
    move(session, catalogue, appointment, FIRST_SLOT + timedelta(days=3))
    rows = session.scalars(
        select(Notification).where(Notification.recipient_id == appointment.client.resource_id)
    )
    assert {(row.version, row.kind, row.status) for row in rows} == {
        (0, "confirmation", "cancelled"),
        (0, "reminder", "cancelled"),
        (1, "change", "created"),
        (1, "reminder", "created"),
    }


def test_cancelling_frees_everybody(session: Session, town: Town, catalogue: Catalogue) -> None:
    plan = joint(catalogue)
    offered = find_slots(session, catalogue, plan, now=NOW).starts
    appointment = book(session, catalogue, plan, FIRST_SLOT)
    cancelled = cancel_appointment(session, catalogue, appointment.id, now=NOW, actor="client")
    assert (cancelled.status, cancelled.cancelled_by, cancelled.sequence) == (
        AppointmentStatus.CANCELLED,
        "client",
        1,
    )
    assert session.scalars(select(Claim)).all() == []
    assert find_slots(session, catalogue, plan, now=NOW).starts == offered
    told = select(Notification.recipient_id, Notification.kind).where(Notification.version == 1)
    assert {tuple(row) for row in session.execute(told)} == {
        (appointment.client.resource_id, "cancel"),
        (town.interpreters[0], "interpreter-released"),
    }
    assert mistakes_in(session) == []
    book(session, catalogue, plan, FIRST_SLOT)


def test_cancelling_twice_is_once(session: Session, catalogue: Catalogue) -> None:
    appointment = book(session, catalogue, joint(catalogue), FIRST_SLOT)
    for actor in ("staff:1", "client"):
        cancel_appointment(session, catalogue, appointment.id, now=NOW, actor=actor)
    assert (appointment.cancelled_by, appointment.sequence) == ("staff", 1)
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["booked", "cancelled"]


def test_what_is_over_or_cancelled_stays(session: Session, catalogue: Catalogue) -> None:
    appointment = book(session, catalogue, clerk_alone(catalogue), FIRST_SLOT)
    late, there = FIRST_SLOT + timedelta(minutes=30), FIRST_SLOT + timedelta(days=7)
    with pytest.raises(AppointmentClosed):
        cancel_appointment(session, catalogue, appointment.id, now=late, actor="client")
    with pytest.raises(AppointmentClosed):
        move_appointment(session, catalogue, appointment.id, there, now=FIRST_SLOT, actor="client")
    assert not session.in_transaction() or appointment.status == AppointmentStatus.CONFIRMED
    cancel_appointment(session, catalogue, appointment.id, now=NOW, actor="client")
    with pytest.raises(AppointmentClosed):
        move(session, catalogue, appointment, there)


def test_staff_parts_end_only_when_people_change(session: Session, catalogue: Catalogue) -> None:
    appointment = book(session, catalogue, joint(catalogue), FIRST_SLOT)
    for quarter in (1, 2, 3):
        move(session, catalogue, appointment, FIRST_SLOT + quarter * QUARTER)
    assert [p.ended_at for p in appointment.participations] == [None] * 5
    roles = [p.role for p in appointment.participations]
    assert roles.count(ParticipationRole.STAFF) == 2


def test_another_municipality_can_neither_move_nor_cancel(session: Session, catalogue: Catalogue) -> None:
    appointment = book(session, catalogue, joint(catalogue), FIRST_SLOT)
    stranger = catalogue_of(session, add_town(session, "fernheim").slug)
    with pytest.raises(UnknownThing):
        cancel_appointment(session, stranger, appointment.id, now=NOW, actor="staff:1")
    with pytest.raises(UnknownThing):
        move(session, stranger, appointment, FIRST_SLOT + QUARTER)
    assert session.get_one(Appointment, appointment.id).status == AppointmentStatus.CONFIRMED
    assert mistakes_in(session) == []


def test_a_clerk_who_was_asked_for_by_name_stays_when_it_moves(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    named, other = town.clerks[1], town.clerks[0]
    plan = plan_appointment(catalogue, SlotRequest(("titel",), people=(named,)))
    appointment = book(session, catalogue, plan, FIRST_SLOT)
    assert people(appointment)[town.role("clerk")] == named
    away = FIRST_SLOT + timedelta(hours=1)
    add_absence(session, town, named, away, away + QUARTER)
    session.commit()
    with pytest.raises(SlotTaken):
        move(session, catalogue, appointment, away)
    moved = move(session, catalogue, appointment, FIRST_SLOT + timedelta(hours=2))
    assert people(moved)[town.role("clerk")] == named != other
