"""Booking at once: all of it or nothing, once, and only what is really offered."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ClientBusy, NotOffered, RequestChanged, SlotTaken
from scheduler_app.models import (
    Appointment,
    AuditEntry,
    Claim,
    Client,
    Notification,
    ParticipationRole,
    PartStat,
    Resource,
    StaffMember,
)
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.links import open_link
from scheduler_app.services.participations import active_interpreter
from scheduler_app.services.ways import UNKNOWN_WAY_MINUTES
from tests.support.builders import (
    FIRST_SLOT,
    NOW,
    Town,
    add_absence,
    add_interpreter,
    add_town,
    contact,
    lend_pool,
    raise_catalogue_version,
)
from tests.support.consistency import mistakes_in
from tests.support.plans import clerk_alone, joint, with_interpreter


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_everybody_takes_part_and_is_told(session: Session, town: Town, catalogue: Catalogue) -> None:
    booked = book_appointment(
        session, catalogue, joint(catalogue), FIRST_SLOT, contact(1, "ar"), now=NOW, actor="api"
    )
    appointment = booked.appointment
    parts = {(p.role, p.partstat) for p in appointment.participations}
    assert parts == {
        (ParticipationRole.STAFF, PartStat.ACCEPTED),
        (ParticipationRole.INTERPRETER, PartStat.NEEDS_ACTION),
        (ParticipationRole.ROOM, PartStat.ACCEPTED),
        (ParticipationRole.CLIENT, PartStat.ACCEPTED),
    }
    assert len(appointment.participations) == 5
    assert appointment.ends_at - appointment.starts_at == timedelta(minutes=75)
    assert appointment.place == "Markt 1, Room 0"
    messages = session.execute(select(Notification.recipient_id, Notification.kind, Notification.language))
    assert {tuple(row) for row in messages} == {
        (appointment.client.resource_id, "confirmation", "ar"),
        (appointment.client.resource_id, "reminder", "ar"),
        (town.interpreters[0], "interpreter-assigned", "de"),
    }
    assert open_link(session, booked.token, now=NOW).appointment_id == appointment.id
    assert mistakes_in(session) == []


def test_versions_rise_with_a_booking(session: Session, town: Town, catalogue: Catalogue) -> None:
    book_appointment(session, catalogue, joint(catalogue), FIRST_SLOT, contact(), now=NOW, actor="api")
    taken = [town.advisers[0], town.interpreters[0], town.rooms[0]]
    versions = {row.id: row.version for row in session.scalars(select(Resource))}
    assert [versions[resource_id] for resource_id in taken] == [2, 2, 2]
    assert sorted(versions[clerk] for clerk in town.clerks) == [1, 2]


def test_a_taken_slot_comes_with_the_nearest_others(session: Session, catalogue: Catalogue) -> None:
    start = FIRST_SLOT + timedelta(hours=2)
    book_appointment(session, catalogue, joint(catalogue), start, contact(1), now=NOW, actor="api")
    with pytest.raises(SlotTaken) as taken:
        book_appointment(session, catalogue, joint(catalogue), start, contact(2), now=NOW, actor="api")
    length = timedelta(minutes=75)
    quarters = [start - length, start + length]
    assert set(quarters) <= set(taken.value.next_starts)
    offered = find_slots(session, catalogue, joint(catalogue), now=NOW).starts
    assert set(taken.value.next_starts) <= set(offered)
    assert (count(session, Appointment), count(session, Client)) == (1, 1)
    assert mistakes_in(session) == []


def test_appointments_may_touch(session: Session, catalogue: Catalogue) -> None:
    for number in range(4):
        book_appointment(
            session,
            catalogue,
            joint(catalogue),
            FIRST_SLOT + number * timedelta(minutes=75),
            contact(number),
            now=NOW,
            actor="api",
        )
    assert mistakes_in(session) == []


def test_whoever_has_most_time_left_is_asked_first(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    add_absence(session, town, town.clerks[0], FIRST_SLOT + timedelta(days=2), FIRST_SLOT + timedelta(days=4))
    session.commit()
    chosen = [
        next(
            p.resource_id
            for p in book_appointment(
                session,
                catalogue,
                clerk_alone(catalogue),
                FIRST_SLOT + timedelta(hours=number),
                contact(number),
                now=NOW,
                actor="api",
            ).appointment.participations
            if p.role == ParticipationRole.STAFF
        )
        for number in range(3)
    ]
    assert chosen == [town.clerks[1]] * 3


def test_a_client_is_not_in_two_places(session: Session, catalogue: Catalogue) -> None:
    plan = clerk_alone(catalogue)
    book_appointment(session, catalogue, plan, FIRST_SLOT, contact(), now=NOW, actor="api")
    with pytest.raises(ClientBusy):
        book_appointment(
            session, catalogue, plan, FIRST_SLOT + timedelta(minutes=15), contact(), now=NOW, actor="api"
        )
    after = FIRST_SLOT + timedelta(minutes=30)
    book_appointment(session, catalogue, plan, after, contact(), now=NOW, actor="api")
    book_appointment(session, catalogue, plan, FIRST_SLOT, contact(2), now=NOW, actor="api")
    assert mistakes_in(session) == []


def test_what_is_offered_instead_tells_nothing_about_a_known_client(
    session: Session, catalogue: Catalogue
) -> None:
    """Anybody may know a name and a number."""
    plan, taken_at = joint(catalogue), FIRST_SLOT + timedelta(hours=2)
    book_appointment(session, catalogue, plan, taken_at, contact(2), now=NOW, actor="api")
    hers = FIRST_SLOT + timedelta(minutes=30)
    book_appointment(session, catalogue, clerk_alone(catalogue), hers, contact(1), now=NOW, actor="api")
    offered = []
    for number in (1, 3):
        with pytest.raises(SlotTaken) as taken:
            book_appointment(session, catalogue, plan, taken_at, contact(number), now=NOW, actor="api")
        offered.append(taken.value.next_starts)
    assert offered[0] == offered[1] != ()


def test_the_same_request_again_gives_the_same_answer(session: Session, catalogue: Catalogue) -> None:
    def book(number: int = 1, after: timedelta = timedelta()) -> tuple[int, str]:
        booked = book_appointment(
            session,
            catalogue,
            with_interpreter(catalogue),
            FIRST_SLOT + after,
            contact(number),
            now=NOW,
            actor="api",
            idempotency_key="4711",
        )
        return booked.appointment.id, booked.token

    first = book()
    assert book() == first
    assert count(session, Appointment) == 1
    with pytest.raises(RequestChanged):
        book(number=2)
    with pytest.raises(RequestChanged):
        book(after=timedelta(minutes=15))
    assert open_link(session, first[1], now=NOW).appointment_id == first[0]
    assert mistakes_in(session) == []


def test_a_key_is_the_municipalitys_own(session: Session, catalogue: Catalogue) -> None:
    other = catalogue_of(session, add_town(session, "nachbarstadt").slug)
    numbers = {
        book_appointment(
            session, c, clerk_alone(c), FIRST_SLOT, contact(), now=NOW, actor="api", idempotency_key="4711"
        ).appointment.id
        for c in (catalogue, other)
    }
    assert len(numbers) == 2


def test_a_refused_request_may_come_again_with_its_key(session: Session, catalogue: Catalogue) -> None:
    with pytest.raises(NotOffered):
        book_appointment(
            session,
            catalogue,
            clerk_alone(catalogue),
            NOW,
            contact(),
            now=NOW,
            actor="api",
            idempotency_key="1",
        )
    book_appointment(
        session,
        catalogue,
        clerk_alone(catalogue),
        FIRST_SLOT,
        contact(),
        now=NOW,
        actor="api",
        idempotency_key="1",
    )


def test_whoever_left_between_search_and_booking_is_not_booked(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    """The catalogue of the search is a snapshot; under the lock it must still be the present one."""
    plan = clerk_alone(catalogue)
    assert FIRST_SLOT in find_slots(session, catalogue, plan, now=NOW).starts
    session.execute(
        update(StaffMember).where(StaffMember.resource_id.in_(town.clerks)).values(is_active=False)
    )
    raise_catalogue_version(session, town)
    session.commit()
    with pytest.raises(SlotTaken):
        book_appointment(session, catalogue, plan, FIRST_SLOT, contact(), now=NOW, actor="api")
    newest = catalogue_of(session, town.slug)
    assert clerk_alone(newest).roles[0].candidates == ()
    assert count(session, Claim) == 0


def test_interpreters_of_a_shared_pool_are_booked_once(session: Session, town: Town) -> None:
    borrower = add_town(session, "nachbarstadt", interpreters=0)
    lend_pool(session, town, borrower)
    here, there = catalogue_of(session, town.slug), catalogue_of(session, borrower.slug)
    book_appointment(session, here, with_interpreter(here), FIRST_SLOT, contact(), now=NOW, actor="api")
    assert FIRST_SLOT not in find_slots(session, there, with_interpreter(there), now=NOW).starts
    with pytest.raises(SlotTaken):
        book_appointment(session, there, with_interpreter(there), FIRST_SLOT, contact(), now=NOW, actor="api")
    right_after = FIRST_SLOT + timedelta(minutes=30)
    assert (
        right_after not in find_slots(session, there, with_interpreter(there), now=NOW).starts
    )  # she is on her way
    after = right_after + timedelta(minutes=UNKNOWN_WAY_MINUTES)
    booked = book_appointment(
        session, there, with_interpreter(there), after, contact(), now=NOW, actor="api"
    ).appointment
    interpreter = active_interpreter(booked)
    assert interpreter is not None
    assert (interpreter.resource_id, interpreter.municipality_id) == (
        town.interpreters[0],
        borrower.municipality_id,
    )
    assert after not in find_slots(session, here, with_interpreter(here), now=NOW).starts
    assert mistakes_in(session) == []


def test_a_new_interpreter_is_found_at_once(session: Session, town: Town, catalogue: Catalogue) -> None:
    plan = with_interpreter(catalogue)
    book_appointment(session, catalogue, plan, FIRST_SLOT, contact(1), now=NOW, actor="api")
    assert FIRST_SLOT not in find_slots(session, catalogue, plan, now=NOW).starts
    added = add_interpreter(session, town, "new")
    raise_catalogue_version(session, town)
    session.commit()
    newest = catalogue_of(session, town.slug)
    booked = book_appointment(
        session, newest, with_interpreter(newest), FIRST_SLOT, contact(2), now=NOW, actor="api"
    )
    interpreter = active_interpreter(booked.appointment)
    assert interpreter is not None
    assert interpreter.resource_id == added


def test_the_audit_trail_names_nobody(session: Session, catalogue: Catalogue) -> None:
    booked = book_appointment(
        session, catalogue, joint(catalogue), FIRST_SLOT, contact(), now=NOW, actor="api"
    )
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject, entry.subject_id, entry.detail) == (
        "api",
        "booked",
        "appointment",
        booked.appointment.id,
        {},
    )
