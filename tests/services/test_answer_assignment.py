"""Interpreters answer: yes, or no and the next one is asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import AlreadyAnswered, AssignmentChanged
from scheduler_app.models import (
    Appointment,
    AuditEntry,
    Claim,
    Notification,
    Participation,
    PartStat,
    Resource,
)
from scheduler_app.services.answer_assignment import accept_assignment, decline_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.hold_slot import hold_slot
from scheduler_app.services.participations import active_interpreter, lacks_interpreter
from tests.support.builders import FIRST_SLOT, NOW, Town, add_absence, add_town, contact
from tests.support.consistency import mistakes_in
from tests.support.plans import with_interpreter


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, interpreters=3, clerks=3)


@pytest.fixture
def appointment(session: Session, town: Town) -> Appointment:
    catalogue = catalogue_of(session, town.slug)
    plan = with_interpreter(catalogue)
    return book_appointment(session, catalogue, plan, FIRST_SLOT, contact(), now=NOW, actor="api").appointment


def asked(appointment: Appointment) -> Participation:
    part = active_interpreter(appointment)
    assert part is not None
    return part


def test_she_accepts_and_accepting_twice_is_once(session: Session, appointment: Appointment) -> None:
    part = asked(appointment)
    for _ in range(2):
        accept_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)
    assert part.partstat == PartStat.ACCEPTED
    assert session.get_one(Resource, part.resource_id).version == 3
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["booked", "accepted"]


def test_after_a_no_everybody_is_asked_once_and_then_a_person_has_to_see_to_it(
    session: Session, town: Town, appointment: Appointment
) -> None:
    order = [asked(appointment).resource_id]
    for _ in range(2):
        part = asked(appointment)
        successor = decline_assignment(
            session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW
        )
        assert part.partstat == PartStat.DECLINED
        assert part.ended_at == NOW
        assert successor is not None
        assert successor.partstat == PartStat.NEEDS_ACTION
        order.append(successor.resource_id)
        assert mistakes_in(session) == []
    assert sorted(order) == sorted(town.interpreters)
    last = asked(appointment)
    assert (
        decline_assignment(session, last.id, resource_id=last.resource_id, sequence=last.sequence, now=NOW)
        is None
    )
    assert lacks_interpreter(appointment)
    assert mistakes_in(session) == []
    told = session.scalars(
        select(Notification.recipient_id).where(Notification.kind == "interpreter-assigned")
    ).all()
    assert sorted(told) == sorted(town.interpreters)


def test_who_is_away_or_taken_is_passed_over(session: Session, town: Town, appointment: Appointment) -> None:
    first = asked(appointment)
    away, taken = (i for i in town.interpreters if i != first.resource_id)
    add_absence(session, town, away, FIRST_SLOT, FIRST_SLOT + timedelta(minutes=5))
    session.commit()
    catalogue = catalogue_of(session, town.slug)
    hold_slot(session, catalogue, with_interpreter(catalogue), FIRST_SLOT, now=NOW)
    late = NOW + timedelta(minutes=15)  # the hold on the third one has run out, and is in nobody's way
    successor = decline_assignment(
        session, first.id, resource_id=first.resource_id, sequence=first.sequence, now=late
    )
    assert successor is not None
    assert successor.resource_id == taken
    assert mistakes_in(session) == []


def test_nobody_is_taken_from_somebody_else(session: Session, town: Town, appointment: Appointment) -> None:
    catalogue = catalogue_of(session, town.slug)
    for number in (2, 3):
        book_appointment(
            session,
            catalogue,
            with_interpreter(catalogue),
            FIRST_SLOT,
            contact(number),
            now=NOW,
            actor="api",
        )
    part = asked(appointment)
    assert (
        decline_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)
        is None
    )
    assert mistakes_in(session) == []


def test_her_time_is_free_again(session: Session, appointment: Appointment) -> None:
    part = asked(appointment)
    decline_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)
    assert session.scalars(select(Claim).where(Claim.resource_id == part.resource_id)).all() == []


def test_what_is_no_longer_hers_can_not_be_answered(
    session: Session, town: Town, appointment: Appointment
) -> None:
    part = asked(appointment)
    other = next(i for i in town.interpreters if i != part.resource_id)
    for answer in (accept_assignment, decline_assignment):
        for resource_id, now in ((other, NOW), (part.resource_id, FIRST_SLOT)):
            with pytest.raises(AlreadyAnswered):
                answer(session, part.id, resource_id=resource_id, sequence=part.sequence, now=now)
            assert not session.in_transaction()
    decline_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)
    with pytest.raises(AlreadyAnswered):
        accept_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)


def test_a_cancelled_appointment_can_not_be_answered(
    session: Session, town: Town, appointment: Appointment
) -> None:
    part = asked(appointment)
    cancel_appointment(session, catalogue_of(session, town.slug), appointment.id, now=NOW, actor="client")
    with pytest.raises(AlreadyAnswered):
        accept_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)


def test_a_clerks_part_is_not_an_assignment(session: Session, town: Town, appointment: Appointment) -> None:
    clerk = next(p for p in appointment.participations if p.resource_id in town.clerks)
    with pytest.raises(AlreadyAnswered):
        decline_assignment(session, clerk.id, resource_id=clerk.resource_id, sequence=clerk.sequence, now=NOW)


def test_what_has_moved_since_is_not_answered(session: Session, town: Town, appointment: Appointment) -> None:
    part, catalogue = asked(appointment), catalogue_of(session, town.slug)
    later = FIRST_SLOT + timedelta(hours=2)
    move_appointment(session, catalogue, appointment.id, later, now=NOW, actor="client")
    for answer in (accept_assignment, decline_assignment):
        with pytest.raises(AssignmentChanged):
            answer(session, part.id, resource_id=part.resource_id, sequence=0, now=NOW)
        assert not session.in_transaction()
    assert part.partstat == PartStat.NEEDS_ACTION
    accept_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW)
    assert (part.partstat, part.starts_at) == (PartStat.ACCEPTED, later)
    assert mistakes_in(session) == []


def test_who_has_most_time_left_is_asked_next(session: Session, town: Town, appointment: Appointment) -> None:
    part = asked(appointment)
    busy, idle = (i for i in town.interpreters if i != part.resource_id)
    elsewhere = FIRST_SLOT + timedelta(days=1)
    add_absence(session, town, busy, elsewhere, elsewhere + timedelta(hours=1))
    session.commit()
    successor = decline_assignment(
        session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW
    )
    assert successor is not None
    assert successor.resource_id == idle


@pytest.mark.parametrize(("minutes", "is_asked"), [(120, True), (119, False)])
def test_nobody_is_sent_without_notice(
    session: Session, appointment: Appointment, minutes: int, is_asked: bool
) -> None:
    part, late = asked(appointment), FIRST_SLOT - timedelta(minutes=minutes)
    successor = decline_assignment(
        session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=late
    )
    assert (successor is not None) is is_asked
    assert lacks_interpreter(appointment) is not is_asked
    assert mistakes_in(session) == []
