"""What is planned when, and which interpreter hears that she need not come."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.channels.delivery import Delivery, Outcome
from notifications.statuses import Status
from scheduler_app.models import Appointment, Notification
from scheduler_app.services.answer_assignment import accept_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.participations import active_interpreter
from tests.support.builders import FIRST_SLOT, NOW, Town, add_absence, add_town, contact
from tests.support.outbox import RecordingChannel, one_row, send_at
from tests.support.plans import with_interpreter

START = FIRST_SLOT + timedelta(days=1)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
RELEASED = "interpreter-released"


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, interpreters=2)


@pytest.fixture
def appointment(session: Session, catalogue: Catalogue) -> Appointment:
    plan = with_interpreter(catalogue)
    return book_appointment(
        session, catalogue, plan, START, contact(1, "ar"), now=NOW, actor="api"
    ).appointment


@pytest.fixture
def first(appointment: Appointment) -> int:
    """The interpreter who was asked first."""
    part = active_interpreter(appointment)
    assert part is not None
    return part.resource_id


def replace_her(session: Session, town: Town, appointment: Appointment, resource_id: int) -> None:
    """Move the appointment by a day, to where she is away."""
    catalogue = catalogue_of(session, town.slug)
    there = appointment.starts_at + DAY
    add_absence(session, town, resource_id, there - HOUR, there + HOUR)
    session.commit()
    move_appointment(session, catalogue, appointment.id, there, now=NOW, actor="client")
    part = active_interpreter(appointment)
    assert part is not None
    assert part.resource_id != resource_id
    session.rollback()


def bring_back(session: Session, town: Town, appointment: Appointment, resource_id: int) -> None:
    others = [person for person in town.interpreters if person != resource_id]
    for other in others:
        replace_her(session, town, appointment, other)


def cancel(session: Session, town: Town, appointment: Appointment) -> None:
    catalogue = catalogue_of(session, town.slug)
    cancel_appointment(session, catalogue, appointment.id, now=NOW, actor="client")


def released_texts(session: Session, channel: RecordingChannel, resource_id: int) -> int:
    """How often she was told that she need not come."""
    session.rollback()
    rows = select(Notification).where(Notification.kind == RELEASED, Notification.recipient_id == resource_id)
    references = {str(row.id) for row in session.scalars(rows)}
    return sum(message.reference in references for message in channel.sent)


def test_what_is_planned(session: Session, appointment: Appointment, first: int) -> None:
    rows = session.scalars(select(Notification).order_by(Notification.id)).all()
    client = appointment.client.resource_id
    assert {(row.kind, row.recipient_id, row.language) for row in rows} == {
        ("confirmation", client, "ar"),
        ("reminder", client, "ar"),
        ("interpreter-assigned", first, "de"),
    }
    due = {row.kind: row.due_at for row in rows}
    assert due == {
        "confirmation": NOW,
        "interpreter-assigned": NOW,
        "reminder": START - DAY + HOUR,  # at ten in Berlin
    }
    assert {(row.status, row.version, row.invitation_id) for row in rows} == {("created", 0, None)}


def test_the_text_is_in_the_language_of_the_appointment(
    session: Session, town: Town, appointment: Appointment
) -> None:
    appointment.client.language = "tr"  # as of her next appointment
    session.commit()
    move_appointment(
        session, catalogue_of(session, town.slug), appointment.id, START + DAY, now=NOW, actor="client"
    )
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    assert one_row(session, "change", version=1).language == "ar"
    (body,) = channel.bodies_to(appointment.client.phone)
    assert any("\u0600" <= letter <= "\u06ff" for letter in body)


@pytest.mark.parametrize("then", ["cancel", "move"])
def test_who_was_told_and_replaced_hears_of_it_whatever_comes_next(
    session: Session, town: Town, appointment: Appointment, first: int, then: str
) -> None:
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    replace_her(session, town, appointment, first)
    if then == "move":
        catalogue = catalogue_of(session, town.slug)
        there = appointment.starts_at + 2 * HOUR
        add_absence(session, town, first, there - HOUR, there + HOUR)
        session.commit()
        move_appointment(session, catalogue, appointment.id, there, now=NOW, actor="client")
    else:
        cancel(session, town, appointment)
    send_at(session, channel, NOW + SECOND)
    assert released_texts(session, channel, first) == 1
    assert one_row(session, RELEASED, version=1).status == Status.SENT
    assert (
        f"{START:%-d.%-m.}" in channel.bodies_to(one_row(session, RELEASED, version=1).recipient_address)[-1]
    )


def test_who_takes_part_again_is_not_sent_away(
    session: Session, town: Town, appointment: Appointment, first: int
) -> None:
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    replace_her(session, town, appointment, first)
    bring_back(session, town, appointment, first)
    send_at(session, channel, NOW + SECOND)
    assert released_texts(session, channel, first) == 0
    assert one_row(session, RELEASED, version=1).status == Status.CANCELLED
    assert one_row(session, "interpreter-assigned", version=2).status == Status.SENT


def test_released_twice_is_told_once(
    session: Session, town: Town, appointment: Appointment, first: int
) -> None:
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    replace_her(session, town, appointment, first)
    bring_back(session, town, appointment, first)
    cancel(session, town, appointment)
    send_at(session, channel, NOW + SECOND)
    assert released_texts(session, channel, first) == 1


def test_who_heard_that_she_need_not_come_and_no_more_is_not_told_again(
    session: Session, town: Town, appointment: Appointment, first: int
) -> None:
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    replace_her(session, town, appointment, first)
    send_at(session, channel, NOW + SECOND)
    bring_back(session, town, appointment, first)
    cancel(session, town, appointment)
    send_at(session, channel, NOW + 2 * SECOND)
    assert released_texts(session, channel, first) == 1


def test_who_never_heard_of_it_need_not_hear_that_it_is_gone(
    session: Session, town: Town, appointment: Appointment, first: int
) -> None:
    cancel(session, town, appointment)
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    assert released_texts(session, channel, first) == 0
    assert [message.to for message in channel.sent] == [appointment.client.phone]


def test_a_text_that_may_have_been_sent_counts(
    session: Session, town: Town, appointment: Appointment, first: int
) -> None:
    channel = RecordingChannel([Delivery(Outcome.UNKNOWN), Delivery(Outcome.UNKNOWN)])
    send_at(session, channel, NOW)
    cancel(session, town, appointment)
    send_at(session, channel, NOW + SECOND)
    assert released_texts(session, channel, first) == 1


def test_who_accepted_on_the_page_is_told(
    session: Session, town: Town, appointment: Appointment, first: int
) -> None:
    part = active_interpreter(appointment)
    assert part is not None
    accept_assignment(session, part.id, resource_id=first, sequence=part.sequence, now=NOW)
    cancel(session, town, appointment)
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    assert released_texts(session, channel, first) == 1


def test_a_release_waits_for_the_text_that_is_on_its_way(
    session: Session, town: Town, appointment: Appointment, first: int
) -> None:
    assigned = one_row(session, "interpreter-assigned")
    assigned.status, assigned.attempts, assigned.lease_until = Status.SENDING, 1, NOW + 60 * SECOND
    session.commit()
    cancel(session, town, appointment)
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    row = one_row(session, RELEASED, version=1)
    assert (row.status, row.lease_until, row.due_at) == (Status.CREATED, None, NOW + 15 * SECOND)
    for seconds in (15, 30, 45, 60, 75):
        send_at(session, channel, NOW + seconds * SECOND)
    assert one_row(session, "interpreter-assigned").status == Status.TECHNICAL_FAILURE
    assert released_texts(session, channel, first) == 1
