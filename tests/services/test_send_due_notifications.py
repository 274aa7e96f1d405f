"""The outbox, on both databases: what leaves, once, and what becomes of what does not."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.channels.delivery import Delivery, ErrorClass, Outcome
from notifications.statuses import Status
from scheduler_app.models import Appointment, InvitationStatus, Notification, StaffMember
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.check_notification import MOST_TEXTS_AN_HOUR
from scheduler_app.services.invite_client import OPEN_FOR, Invited, invite_client
from scheduler_app.services.open_case import open_case
from scheduler_app.services.send_due_notifications import LEASE, RETRY_AFTER, send_due_notifications
from scheduler_app.services.write_message import nearby
from tests.support.builders import FIRST_SLOT, NOW, Town, add_town, contact
from tests.support.outbox import PUBLIC_URL, RecordingChannel, one_row, outbox_with, send_at
from tests.support.plans import clerk_alone
from tests.support.rivals import all_at_once

START = FIRST_SLOT + timedelta(days=1)
REMINDER_DUE = START - timedelta(hours=23)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
NOT_SENT = Delivery(Outcome.NOT_SENT, code="503", error_class=ErrorClass.CONNECTION)


@pytest.fixture
def appointment(session: Session, catalogue: Catalogue) -> Appointment:
    return book(session, catalogue, 1, START)


def book(session: Session, catalogue: Catalogue, number: int, start: datetime) -> Appointment:
    client = contact(number)
    return book_appointment(
        session, catalogue, clerk_alone(catalogue), start, client, now=NOW, actor="api"
    ).appointment


def invite(session: Session, catalogue: Catalogue, town: Town) -> Invited:
    manager = session.scalars(select(StaffMember).where(StaffMember.resource_id == town.advisers[0])).one()
    case = open_case(
        session, catalogue, contact(7), case_manager_id=manager.id, interpreter_language="apc", now=NOW
    )
    return invite_client(
        session, catalogue, case, clerk_alone(catalogue), staff_member_id=manager.id, now=NOW
    )


def test_confirmation_at_once_and_reminder_the_day_before(session: Session, appointment: Appointment) -> None:
    channel = RecordingChannel()
    assert send_at(session, channel, NOW) == 1
    assert send_at(session, channel, REMINDER_DUE - SECOND) == 0
    assert send_at(session, channel, REMINDER_DUE) == 1
    assert [message.to for message in channel.sent] == [appointment.client.phone] * 2
    assert all(f"{START:%-d.%-m.}" in message.body for message in channel.sent)
    row = one_row(session, "reminder")
    assert (row.status, row.sent_at, row.attempts, row.failure) == (Status.SENT, REMINDER_DUE, 1, "")
    assert (row.provider_reference, row.lease_until) == (f"provider-{row.id}", None)


@pytest.mark.parametrize("kind", ["confirmation", "reminder"])
def test_nothing_goes_out_once_it_has_begun(session: Session, appointment: Appointment, kind: str) -> None:
    channel = RecordingChannel()
    send_at(session, channel, START)
    assert channel.sent == []
    assert one_row(session, kind).status == Status.CANCELLED


def test_a_text_is_valid_until_it_begins(session: Session, appointment: Appointment) -> None:
    channel = RecordingChannel()
    send_at(session, channel, START - HOUR)
    assert {message.valid_for for message in channel.sent} == {HOUR}


def test_a_cancellation_is_still_of_use_while_it_would_last(
    session: Session, catalogue: Catalogue, appointment: Appointment
) -> None:
    cancel_appointment(session, catalogue, appointment.id, now=START, actor="staff:1")
    channel = RecordingChannel()
    send_at(session, channel, START + MINUTE)
    assert one_row(session, "cancel", version=1).status == Status.SENT
    assert len(channel.sent) == 1


def test_what_surely_was_not_sent_is_tried_again_until_the_table_ends(
    session: Session, appointment: Appointment
) -> None:
    channel = RecordingChannel([NOT_SENT] * 20)
    now = NOW
    for wait in RETRY_AFTER:
        assert send_at(session, channel, now) == 1
        row = one_row(session, "confirmation")
        assert (row.status, row.due_at, row.failure) == (Status.CREATED, now + wait, "connection 503")
        assert send_at(session, channel, row.due_at - SECOND) == 0
        now = row.due_at
    send_at(session, channel, now)
    row = one_row(session, "confirmation")
    assert (row.status, row.attempts) == (Status.TECHNICAL_FAILURE, len(RETRY_AFTER) + 1)
    assert len(channel.sent) == len(RETRY_AFTER) + 1


def test_the_provider_may_ask_for_a_longer_pause(session: Session, appointment: Appointment) -> None:
    channel = RecordingChannel([Delivery(Outcome.NOT_SENT, retry_after=7 * MINUTE)])
    send_at(session, channel, NOW)
    assert one_row(session, "confirmation").due_at == NOW + 7 * MINUTE
    send_at(session, channel, NOW + 7 * MINUTE)
    row = one_row(session, "confirmation")
    assert (row.status, row.attempts, row.failure) == (Status.SENT, 2, "")


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (Delivery(Outcome.REFUSED, None, "21211", ErrorClass.NUMBER), "permanent-failure", "number 21211"),
        (Delivery(Outcome.UNKNOWN, code="timeout"), "technical-failure", "timeout; it may have been sent"),
        (RuntimeError("x"), "technical-failure", "unknown RuntimeError; it may have been sent"),
    ],
)
def test_the_rest_is_not_tried_again(
    session: Session, appointment: Appointment, answer: Delivery | Exception, status: str, reason: str
) -> None:
    channel = RecordingChannel([answer])
    for minutes in range(0, 120, 20):
        send_at(session, channel, NOW + minutes * MINUTE)
    row = one_row(session, "confirmation")
    assert (row.status, row.failure, row.sent_at) == (status, reason, None)
    assert len(channel.sent) == 1


def test_a_row_that_fails_does_not_stop_the_others(
    session: Session, catalogue: Catalogue, appointment: Appointment, caplog: pytest.LogCaptureFixture
) -> None:
    phone = appointment.client.phone
    other = book(session, catalogue, 2, START).client.phone
    row = one_row(session, "confirmation", recipient=appointment.client.resource_id)
    row_id = row.id
    row.channel = "pigeon"  # there is none
    session.commit()
    channel = RecordingChannel()
    with caplog.at_level(logging.ERROR):
        assert send_at(session, channel, NOW) == 2
    assert [message.to for message in channel.sent] == [other]
    row = session.get_one(Notification, row_id)
    assert (row.status, row.attempts, row.due_at) == (Status.CREATED, 1, NOW + RETRY_AFTER[0])
    assert (row.failure, row.lease_until, row.body) == ("not prepared: KeyError", None, "")
    assert f"preparing notification {row_id}: KeyError" in caplog.text
    assert phone not in caplog.text
    for _ in RETRY_AFTER:
        send_at(session, channel, session.get_one(Notification, row_id).due_at)
    row = session.get_one(Notification, row_id)
    assert (row.status, row.attempts) == (Status.TECHNICAL_FAILURE, len(RETRY_AFTER) + 1)


def test_a_worker_that_stops_before_the_call_is_replaced(session: Session, appointment: Appointment) -> None:
    channel = RecordingChannel()
    row = one_row(session, "confirmation")
    row.lease_until = NOW + LEASE
    session.commit()
    assert send_at(session, channel, NOW + LEASE - SECOND) == 0
    assert send_at(session, channel, NOW + LEASE) == 1
    assert len(channel.sent) == 1


def test_a_worker_that_stops_during_the_call_is_not(session: Session, appointment: Appointment) -> None:
    class Killed(BaseException):
        """As by the system."""

    with pytest.raises(Killed):
        send_at(session, RecordingChannel([Killed()]), NOW)
    row = one_row(session, "confirmation")
    assert (row.status, row.attempts, row.lease_until) == (Status.SENDING, 1, NOW + LEASE)
    channel = RecordingChannel()
    for minutes in (0, 1, 2, 30):
        send_at(session, channel, NOW + minutes * MINUTE)
    row = one_row(session, "confirmation")
    assert (row.status, row.lease_until) == (Status.TECHNICAL_FAILURE, None)
    assert "may have been sent" in row.failure
    assert channel.sent == []


def test_each_row_of_a_slow_batch_has_its_own_time_and_lease(
    session: Session, catalogue: Catalogue, appointment: Appointment
) -> None:
    book(session, catalogue, 2, START)
    ticks = count()
    leases = []

    def look() -> None:
        sending = select(Notification.lease_until).where(Notification.status == Status.SENDING)
        leases.append(session.scalars(sending).one())
        session.rollback()

    outbox = outbox_with(RecordingChannel(meanwhile=look))
    send_due_notifications(session, outbox, clock=lambda: NOW + 13 * next(ticks) * SECOND)
    assert leases == [NOW + LEASE + 13 * SECOND, NOW + LEASE + 39 * SECOND]
    sent = select(Notification.sent_at).where(Notification.status == Status.SENT).order_by(Notification.id)
    assert session.scalars(sent).all() == [NOW + 26 * SECOND, NOW + 52 * SECOND]


def test_a_row_that_another_worker_took_meanwhile_is_left_to_it(
    session: Session, catalogue: Catalogue, appointment: Appointment, database_url: str
) -> None:
    book(session, catalogue, 2, START)
    others = RecordingChannel([NOT_SENT])
    too_late = NOW + LEASE  # for the second row; the first has a new lease since its call began

    def work_too() -> None:
        all_at_once(database_url, [lambda own: send_at(own, others, too_late)])

    slow = RecordingChannel(meanwhile=work_too)
    clock = iter([NOW, NOW + 30 * SECOND, too_late + SECOND, too_late + 2 * SECOND])
    assert send_due_notifications(session, outbox_with(slow), clock=lambda: next(clock)) == 2
    assert (len(slow.sent), len(others.sent)) == (1, 1)
    rows = session.scalars(select(Notification).where(Notification.kind == "confirmation")).all()
    assert {(row.status, row.attempts) for row in rows} == {(Status.SENT, 1), (Status.CREATED, 1)}


@pytest.mark.parametrize("then", ["cancelled", "moved"])
def test_what_changed_between_planning_and_sending_is_told_as_it_is(
    session: Session, catalogue: Catalogue, appointment: Appointment, then: str
) -> None:
    if then == "cancelled":
        cancel_appointment(session, catalogue, appointment.id, now=NOW, actor="client")
    else:
        there = START + timedelta(days=1)
        move_appointment(session, catalogue, appointment.id, there, now=NOW, actor="client")
    row = one_row(session, "confirmation")
    row.status = Status.CREATED  # as if it had been taken before
    session.commit()
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    assert one_row(session, "confirmation").status == Status.CANCELLED
    told = select(Notification.kind).where(Notification.status == Status.SENT)
    assert session.scalars(told).all() == [{"cancelled": "cancel", "moved": "change"}[then]]


def test_an_invitation_is_sent_while_it_is_open(session: Session, catalogue: Catalogue, town: Town) -> None:
    invite(session, catalogue, town)
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    assert f"{PUBLIC_URL}/t/" in channel.sent[0].body


@pytest.mark.parametrize(("withdrawn", "after"), [(True, timedelta(0)), (False, OPEN_FOR)])
def test_an_invitation_that_was_withdrawn_or_expired_is_not(
    session: Session, catalogue: Catalogue, town: Town, withdrawn: bool, after: timedelta
) -> None:
    invitation = invite(session, catalogue, town).invitation
    if withdrawn:
        invitation.status = InvitationStatus.WITHDRAWN
        session.commit()
    channel = RecordingChannel()
    send_at(session, channel, NOW + after)
    assert channel.sent == []
    assert one_row(session, "invitation").status == Status.CANCELLED


@pytest.mark.parametrize("keeps_links", [True, False])
def test_the_secret_link_is_kept_only_where_the_screen_is_the_phone(
    session: Session, appointment: Appointment, keeps_links: bool
) -> None:
    channel = RecordingChannel()
    send_due_notifications(session, outbox_with(channel, keeps_links=keeps_links), clock=lambda: NOW)
    (message,) = channel.sent
    (token,) = (word for word in message.body.split() if word.startswith(f"{PUBLIC_URL}/t/"))
    kept = one_row(session, "confirmation").body
    assert kept == (message.body if keeps_links else message.body.replace(token, f"{PUBLIC_URL}/t/…"))


def test_workers_at_once_send_each_row_once(session: Session, database_url: str) -> None:
    town = add_town(session, clerks=8)
    catalogue = catalogue_of(session, town.slug)
    for number in range(1, 9):
        book(session, catalogue, number, START)
    session.rollback()
    channel = RecordingChannel()

    def work(own: Session) -> int:
        return sum(send_at(own, channel, NOW, batch=2) for _ in range(8))

    tasks: list[Callable[[Session], int]] = [work] * 3
    assert sum(all_at_once(database_url, tasks)) == 8
    assert len({message.reference for message in channel.sent}) == len(channel.sent) == 8


def test_too_many_texts_to_one_number_wait_an_hour(
    session: Session, catalogue: Catalogue, town: Town
) -> None:
    for slot in range(MOST_TEXTS_AN_HOUR + 3):
        start = START + timedelta(days=slot // 13, minutes=30 * (slot % 13))
        book(session, catalogue, 1, start)
    other = book(session, catalogue, 2, START).client.phone
    unknown = [Delivery(Outcome.UNKNOWN)] * 4  # they may have been sent, and count
    channel = RecordingChannel(unknown)
    send_at(session, channel, NOW)
    assert len(channel.bodies_to(contact(1).phone)) == MOST_TEXTS_AN_HOUR
    assert len(channel.bodies_to(other)) == 1
    waiting = session.scalars(select(Notification).where(Notification.failure.startswith("postponed"))).all()
    assert {(row.status, row.due_at, row.attempts) for row in waiting} == {(Status.CREATED, NOW + HOUR, 0)}
    assert len(waiting) == 3
    assert send_at(session, channel, NOW + HOUR - SECOND) == 0
    assert send_at(session, channel, NOW + HOUR) == 3
    assert len(channel.bodies_to(contact(1).phone)) == MOST_TEXTS_AN_HOUR + 3


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Rathausplatz 1, 47441 Moers, Raum 112", "Rathausplatz 1, Raum 112"),
        ("Reeser Landstraße 31, 46483 Wesel", "Reeser Landstraße 31, 46483 Wesel"),
        ("Markt 1", "Markt 1"),
    ],
)
def test_a_place_in_town_is_said_without_the_town(place: str, said: str) -> None:
    assert nearby(place, "Stadt Moers") == said
