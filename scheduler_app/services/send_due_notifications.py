"""The outbox: claim what is due, look at the appointment again, hand over once, write down what came of it."""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from notifications.channels.delivery import Channel, Delivery, ErrorClass, Outcome, OutgoingMessage
from notifications.statuses import Status
from notifications.texts import TextError, Texts
from scheduler_app.clock import Clock
from scheduler_app.models import Appointment, Notification
from scheduler_app.models.engine import begin_write
from scheduler_app.services.check_notification import postponement, useful_until
from scheduler_app.services.write_message import write_message

LEASE = timedelta(seconds=60)
"""At least four times what one hand-over may take (connect 3 s, read 10 s): nobody else tries meanwhile."""

RETRY_AFTER = tuple(timedelta(seconds=s) for s in (5, 30, 120, 300, 600, 1800))
"""Waits after a try that surely did not reach the provider."""

LONGEST_VALID = timedelta(hours=10)  # Twilio's limit

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outbox:
    """How messages leave this installation. ``keeps_links``: the channel is the demo's phone, which shows them.

    Elsewhere the stored text has no secret link in it: of links only hashes are kept.
    """

    channels: Mapping[str, Channel]
    texts: Texts
    public_url: str
    keeps_links: bool = False


@dataclass(frozen=True)
class _Lease:
    """A row that this worker took. Whoever takes it later takes it until later, so ``until`` tells whose it is."""

    notification_id: int
    until: datetime


def send_due_notifications(session: Session, outbox: Outbox, *, clock: Clock, batch: int = 50) -> int:
    """Send what is due, at most ``batch``; returns how many were dealt with. Any number of workers may run.

    A message is handed over at most once: if a worker dies, or the network breaks, during the call, the row ends as
    technical-failure for a person to look at, and is not sent again. A row that fails does not stop the others;
    database errors that outlast the row are raised.
    """
    leases = _take(session, now=clock(), batch=batch)
    for lease in leases:
        _send_one(session, outbox, lease, clock)
    return len(leases)


def _take(session: Session, *, now: datetime, batch: int) -> list[_Lease]:
    """Lease due rows. A row whose worker vanished before the call is taken again; one that was being sent is not."""
    begin_write(session)
    rows = session.scalars(
        select(Notification)
        .where(
            Notification.status.in_((Status.CREATED, Status.SENDING)),
            Notification.due_at <= now,
            or_(Notification.lease_until.is_(None), Notification.lease_until <= now),
            Notification.sent_at.is_(None),
        )
        .order_by(Notification.due_at, Notification.id)
        .limit(batch)
        .with_for_update(skip_locked=True)
    ).all()
    taken = []
    for row in rows:
        if row.status == Status.SENDING:
            _end(row, Status.TECHNICAL_FAILURE, "worker stopped during the call; it may have been sent")
        else:
            row.lease_until = now + LEASE
            taken.append(_Lease(row.id, row.lease_until))
    session.commit()
    return taken


def _send_one(session: Session, outbox: Outbox, lease: _Lease, clock: Clock) -> None:
    try:
        message = _prepare(session, outbox, lease, now=clock())
    except Exception as error:  # noqa: BLE001  # the rows behind it wait
        session.rollback()
        _log_error("preparing", lease, error)
        _set_back(session, lease, error, now=clock())
        return
    if message is None:
        return
    channel, outgoing = message
    delivery = _hand_over(channel, outgoing, lease)
    try:
        _write_down(session, lease, delivery, now=clock())
    except Exception as error:  # noqa: BLE001  # stays as being sent, and ends so when the lease does
        session.rollback()
        _log_error("writing down", lease, error)


def _prepare(
    session: Session, outbox: Outbox, lease: _Lease, *, now: datetime
) -> tuple[Channel, OutgoingMessage] | None:
    """Write the text by the state of this moment, and that the call begins; None if there is nothing to send."""
    begin_write(session)
    row = _lock(session, lease, with_appointment=True)
    if row.status != Status.CREATED or row.lease_until != lease.until:
        session.rollback()
        return None
    until = useful_until(session, row)
    if until is None or until <= now:
        _end(row, Status.CANCELLED, "outdated")
        ready = None
    elif later := postponement(session, row, now=now):
        row.due_at, row.failure, row.lease_until = later.due_at, later.reason, None
        ready = None
    else:
        ready = _begin_call(session, outbox, row, valid_for=min(until - now, LONGEST_VALID), now=now)
    session.commit()
    return ready


def _begin_call(
    session: Session, outbox: Outbox, row: Notification, *, valid_for: timedelta, now: datetime
) -> tuple[Channel, OutgoingMessage] | None:
    try:
        message = write_message(session, outbox.texts, outbox.public_url, row, now=now)
    except TextError as error:
        _end(row, Status.VALIDATION_FAILED, f"{error.code}: {error}")
        return None
    channel = outbox.channels[row.channel]
    outgoing = OutgoingMessage(str(row.id), row.recipient_address, message.body, valid_for)
    row.body = message.body if outbox.keeps_links else message.without_secret
    row.status = Status.SENDING
    row.attempts += 1
    row.lease_until = now + LEASE  # the call has all of it, however long those before it took
    return channel, outgoing


def _lock(session: Session, lease: _Lease, *, with_appointment: bool = False) -> Notification:
    """The row; before it its appointment, which those who change appointments lock first, too."""
    mine = Notification.id == lease.notification_id
    if with_appointment:
        appointment_id = select(Notification.appointment_id).where(mine).scalar_subquery()
        session.execute(
            select(Appointment.id).where(Appointment.id == appointment_id).with_for_update(read=True)
        )
    return session.scalars(select(Notification).where(mine).with_for_update()).one()


def _hand_over(channel: Channel, outgoing: OutgoingMessage, lease: _Lease) -> Delivery:
    try:
        return channel.send(outgoing)
    except Exception as error:  # noqa: BLE001  # whatever it was, the provider may have the message by now
        _log_error("sending", lease, error)
        return Delivery(Outcome.UNKNOWN, code=type(error).__name__, error_class=ErrorClass.UNKNOWN)


def _write_down(session: Session, lease: _Lease, delivery: Delivery, *, now: datetime) -> None:
    begin_write(session)
    row = _lock(session, lease)
    row.provider_reference = delivery.provider_reference or ""
    match delivery.outcome:
        case Outcome.ACCEPTED:
            _end(row, Status.SENT)  # Notify's word for what no receipt is expected of
            row.sent_at = now
        case Outcome.NOT_SENT:
            _retry(row, _reason(delivery), now=now, wait=delivery.retry_after)
        case Outcome.REFUSED:
            _end(row, Status.PERMANENT_FAILURE, _reason(delivery))
        case Outcome.UNKNOWN:
            _end(row, Status.TECHNICAL_FAILURE, f"{_reason(delivery)}; it may have been sent")
    session.commit()


def _set_back(session: Session, lease: _Lease, error: Exception, *, now: datetime) -> None:
    """Nothing was handed over: try again later, after those that can be sent."""
    begin_write(session)
    row = _lock(session, lease)
    if row.status != Status.CREATED or row.lease_until != lease.until:
        session.rollback()
        return
    row.attempts += 1
    _retry(row, f"not prepared: {type(error).__name__}", now=now)
    session.commit()


def _retry(row: Notification, reason: str, *, now: datetime, wait: timedelta | None = None) -> None:
    if row.attempts > len(RETRY_AFTER):
        _end(row, Status.TECHNICAL_FAILURE, reason)
        return
    _end(row, Status.CREATED, reason)
    row.due_at = now + (wait or RETRY_AFTER[row.attempts - 1])


def _end(row: Notification, status: Status, failure: str = "") -> None:
    """This worker is done with it."""
    row.status, row.failure, row.lease_until = status, failure, None


def _reason(delivery: Delivery) -> str:
    return " ".join(part for part in (delivery.error_class, delivery.code) if part)


def _log_error(doing: str, lease: _Lease, error: Exception) -> None:
    """Where it happened; not its words, which may hold a number or a text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    _log.error(
        "%s notification %d: %s in %s, line %s",
        doing, lease.notification_id, type(error).__name__, frame.name, frame.lineno,
    )  # fmt: skip
