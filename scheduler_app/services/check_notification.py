"""Whether a notification that is due shall still leave, and whether now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from notifications.statuses import Status
from scheduler_app.models import (
    Appointment,
    AppointmentStatus,
    Invitation,
    InvitationStatus,
    Notification,
    PartStat,
)
from scheduler_app.services.plan_notifications import CANCEL, INTERPRETER_RELEASED
from scheduler_app.services.write_message import TO_INTERPRETER, participation_of

MOST_TEXTS_AN_HOUR = 20
"""To one number. Anybody may book for any number, and the municipality pays for every text."""

HOUR = timedelta(hours=1)
ON_ITS_WAY = timedelta(seconds=15)
"""A little more than one hand-over may take."""


@dataclass(frozen=True)
class Later:
    """Not now: try again at ``due_at``."""

    due_at: datetime
    reason: str


def useful_until(session: Session, row: Notification) -> datetime | None:
    """Until when this message helps anybody; None if what it says is no longer so."""
    if row.invitation_id is not None:
        invitation = session.get_one(Invitation, row.invitation_id)
        return invitation.expires_at if invitation.status == InvitationStatus.OPEN else None
    appointment = session.get_one(Appointment, row.appointment_id)
    is_off = appointment.status == AppointmentStatus.CANCELLED
    part = participation_of(session, row)
    is_in = part is not None and part.ended_at is None
    if row.kind == INTERPRETER_RELEASED:
        if (is_in and not is_off) or not _was_told(session, row):
            return None
        return part.ends_at if part is not None else appointment.ends_at
    if row.version != appointment.sequence or is_off != (row.kind == CANCEL):
        return None
    if row.kind in TO_INTERPRETER and not is_in:
        return None
    return appointment.ends_at if is_off else appointment.starts_at


def postponement(session: Session, row: Notification, *, now: datetime) -> Later | None:
    """Why this message has to wait, if it has to.

    It must not overtake an earlier one about the same appointment that is being handed over, and too many texts to
    one number in an hour are no use to anybody. Workers that send at the very same moment may exceed that by one each.
    """
    on_its_way = _others_to_her(row).where(Notification.status == Status.SENDING)
    if row.appointment_id is not None and session.scalar(on_its_way.limit(1)) is not None:
        return Later(now + ON_ITS_WAY, "an earlier message to her is on its way")
    if _texts_within_the_hour(session, row, now=now) >= MOST_TEXTS_AN_HOUR:
        return Later(now + HOUR, f"postponed: {MOST_TEXTS_AN_HOUR} texts to this number within an hour")
    return None


def _was_told(session: Session, row: Notification) -> bool:
    """Whether she may count on a job: whoever never heard of it need not hear that it is gone.

    A text that was tried may have reached her, whatever came of it; an answer shows that she knows.
    """
    part = participation_of(session, row)
    if part is not None and part.partstat != PartStat.NEEDS_ACTION:
        return True
    tried = _others_to_her(row).where(Notification.attempts > 0)
    last = session.scalars(tried.order_by(Notification.id.desc()).limit(1)).one_or_none()
    return last is not None and not (last.kind == INTERPRETER_RELEASED and last.sent_at is not None)


def _others_to_her(row: Notification) -> Select[Notification]:
    """The other messages to the same recipient about the same appointment."""
    return select(Notification).where(
        Notification.appointment_id == row.appointment_id,
        Notification.recipient_id == row.recipient_id,
        Notification.id != row.id,
    )


def _texts_within_the_hour(session: Session, row: Notification, *, now: datetime) -> int:
    """How many were sent to this number, or may have been: of those it is only known when they were due."""
    to_it = select(func.count()).where(
        Notification.municipality_id == row.municipality_id,
        Notification.recipient_address == row.recipient_address,
    )
    sent = to_it.where(Notification.sent_at > now - HOUR)
    unknown = to_it.where(
        Notification.status.in_((Status.SENDING, Status.TECHNICAL_FAILURE)),
        Notification.sent_at.is_(None),
        Notification.attempts > 0,
        Notification.due_at > now - HOUR,
    )
    return sum(session.scalar(query) or 0 for query in (sent, unknown))
