"""The outbox: claim what is due, look at the appointment again, hand over once, write down what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from notifications.channels.delivery import Channel, Delivery, Outcome, OutgoingMessage
from notifications.dates import appointment_words
from notifications.statuses import Status
from notifications.texts import TextError, Texts
from scheduler_app.models import (
    Appointment,
    AppointmentStatus,
    Invitation,
    InvitationStatus,
    Notification,
    Participation,
)
from scheduler_app.models.engine import begin_write
from scheduler_app.services.catalogue import Catalogue, catalogue_by_id
from scheduler_app.services.links import appointment_link, invitation_link
from scheduler_app.services.plan_notifications import (
    CANCEL,
    INTERPRETER_ASSIGNED,
    INTERPRETER_CHANGED,
    INTERPRETER_RELEASED,
    INVITATION,
)

LEASE = timedelta(seconds=60)
"""At least six times what one hand-over may take (connect 3 s, read 10 s): nobody else tries meanwhile."""

RETRY_AFTER = tuple(timedelta(seconds=s) for s in (5, 30, 120, 300, 600, 1800))
"""Waits after a hand-over that surely did not reach the provider."""

LONGEST_VALID = timedelta(hours=10)  # Twilio's limit
_TO_INTERPRETER = (INTERPRETER_ASSIGNED, INTERPRETER_CHANGED, INTERPRETER_RELEASED)


@dataclass(frozen=True)
class Outbox:
    """How messages leave this installation. ``keeps_links``: the channel is the demo's phone, which shows them.

    Elsewhere the stored text has no secret link in it: of links only hashes are kept.
    """

    channels: Mapping[str, Channel]
    texts: Texts
    public_url: str
    keeps_links: bool = False


def send_due_notifications(session: Session, outbox: Outbox, *, now: datetime, batch: int = 50) -> int:
    """Send what is due, at most ``batch``; returns how many were dealt with. Any number of workers may run.

    A message is handed over at most once: if a worker dies, or the network breaks, during the call, the row ends as
    technical-failure for a person to look at, and is not sent again.
    """
    ids = _take(session, now=now, batch=batch)
    for notification_id in ids:
        message = _prepare(session, outbox, notification_id, now=now)
        if message is not None:
            channel, outgoing = message
            delivery = outbox.channels[channel].send(outgoing)
            _write_down(session, notification_id, delivery, now=now)
    return len(ids)


def _take(session: Session, *, now: datetime, batch: int) -> list[int]:
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
            row.status = Status.TECHNICAL_FAILURE
            row.failure = "worker stopped during the call; it may have been sent"
            row.lease_until = None
        else:
            row.lease_until = now + LEASE
            taken.append(row.id)
    session.commit()
    return taken


def _prepare(
    session: Session, outbox: Outbox, notification_id: int, *, now: datetime
) -> tuple[str, OutgoingMessage] | None:
    """Write the text by the state of this moment, and that the call begins; None if nothing is left to say."""
    begin_write(session)
    row = session.scalars(
        select(Notification).where(Notification.id == notification_id).with_for_update()
    ).one()
    if row.status != Status.CREATED:
        session.rollback()
        return None
    useful_until = _useful_until(session, row)
    if useful_until is None or useful_until <= now:
        row.status = Status.CANCELLED
        row.failure = "outdated"
        row.lease_until = None
        session.commit()
        return None
    catalogue = catalogue_by_id(session, row.municipality_id)
    try:
        body, shown = _text(session, outbox, row, catalogue, now=now)
    except TextError as error:
        row.status = Status.VALIDATION_FAILED
        row.failure = f"{error.code}: {error}"
        row.lease_until = None
        session.commit()
        return None
    row.body = shown
    row.status = Status.SENDING
    row.attempts += 1
    outgoing = OutgoingMessage(
        reference=str(row.id),
        to=row.recipient_address,
        body=body,
        valid_for=min(useful_until - now, LONGEST_VALID),
    )
    channel = row.channel
    session.commit()
    return channel, outgoing


def _useful_until(session: Session, row: Notification) -> datetime | None:
    """Until when this message helps anybody; None if what it says is no longer so."""
    if row.invitation_id is not None:
        invitation = session.get_one(Invitation, row.invitation_id)
        return invitation.expires_at if invitation.status == InvitationStatus.OPEN else None
    appointment = session.get_one(Appointment, row.appointment_id)
    is_off = appointment.status == AppointmentStatus.CANCELLED
    if row.kind == INTERPRETER_RELEASED:
        return appointment.ends_at if _was_told(session, row) else None
    if row.version != appointment.sequence or is_off != (row.kind == CANCEL):
        return None
    if row.kind in _TO_INTERPRETER:
        part = _participation(session, row)
        if part is None or part.ended_at is not None:
            return None
    return appointment.ends_at


def _was_told(session: Session, row: Notification) -> bool:
    """Whoever never heard of a job need not hear that it is gone."""
    told = select(Notification.id).where(
        Notification.appointment_id == row.appointment_id,
        Notification.recipient_id == row.recipient_id,
        Notification.sent_at.is_not(None),
    )
    return session.scalars(told).first() is not None


def _text(
    session: Session, outbox: Outbox, row: Notification, catalogue: Catalogue, *, now: datetime
) -> tuple[str, str]:
    """The text to send, and the text to keep."""
    language = outbox.texts.language_for(row.kind, [row.language])
    values = {"phone": catalogue.phone, "link": _link(session, outbox, row, now=now)}
    if row.appointment_id is not None:
        appointment = session.get_one(Appointment, row.appointment_id)
        part = _participation(session, row)  # whoever was released hears of the time that was hers
        starts_at = part.starts_at if part is not None else appointment.starts_at
        values |= appointment_words(starts_at.astimezone(ZoneInfo(catalogue.timezone)), language)
        values |= {"place": appointment.place, "number": appointment.number}
    body = outbox.texts.render(row.kind, [language], values).body
    return body, body if outbox.keeps_links else body.replace(values["link"], f"{outbox.public_url}/t/…")


def _link(session: Session, outbox: Outbox, row: Notification, *, now: datetime) -> str:
    if row.kind in _TO_INTERPRETER:
        part = _participation(session, row)
        is_hers = part is not None and part.ended_at is None
        return f"{outbox.public_url}/interpreter/" + (f"assignments/{part.id}" if part and is_hers else "")
    if row.kind == INVITATION:
        token = invitation_link(session, session.get_one(Invitation, row.invitation_id), now=now)
    else:
        token = appointment_link(session, session.get_one(Appointment, row.appointment_id), now=now)
    return f"{outbox.public_url}/t/{token}"


def _participation(session: Session, row: Notification) -> Participation | None:
    """The recipient's part, the latest if she had several."""
    return session.scalars(
        select(Participation)
        .where(
            Participation.appointment_id == row.appointment_id, Participation.resource_id == row.recipient_id
        )
        .order_by(Participation.id.desc())
    ).first()


def _write_down(session: Session, notification_id: int, delivery: Delivery, *, now: datetime) -> None:
    begin_write(session)
    row = session.scalars(
        select(Notification).where(Notification.id == notification_id).with_for_update()
    ).one()
    row.lease_until = None
    row.provider_reference = delivery.provider_reference or ""
    match delivery.outcome:
        case Outcome.ACCEPTED:
            row.status = Status.SENT  # Notify's word for what no receipt is expected of
            row.sent_at = now
        case Outcome.NOT_SENT:
            _retry(row, delivery, now=now)
        case Outcome.REFUSED:
            row.status = Status.PERMANENT_FAILURE
            row.failure = _reason(delivery)
        case Outcome.UNKNOWN:
            row.status = Status.TECHNICAL_FAILURE
            row.failure = f"{_reason(delivery)}; it may have been sent"
    session.commit()


def _retry(row: Notification, delivery: Delivery, *, now: datetime) -> None:
    row.failure = _reason(delivery)
    if row.attempts > len(RETRY_AFTER):
        row.status = Status.TECHNICAL_FAILURE
        return
    row.status = Status.CREATED
    row.due_at = now + (delivery.retry_after or RETRY_AFTER[row.attempts - 1])


def _reason(delivery: Delivery) -> str:
    return " ".join(part for part in (delivery.error_class, delivery.code) if part)
