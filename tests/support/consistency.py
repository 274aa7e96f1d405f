"""What must be true of the tables at any moment, whatever has happened."""

from collections import Counter, defaultdict
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import (
    Appointment,
    AppointmentStatus,
    Claim,
    Hold,
    HoldStatus,
    Notification,
    Participation,
    ParticipationRole,
)
from scheduler_app.services.plan_notifications import INTERPRETER_RELEASED


def mistakes_in(session: Session) -> list[str]:
    """Empty if nothing is booked twice or by half; each mistake in words otherwise."""
    session.rollback()
    return [*overlaps(session), *_half_bookings(session), *_half_holds(session), *_messages(session)]


def overlaps(session: Session) -> list[str]:
    by_resource: dict[int, list[Claim]] = defaultdict(list)
    for claim in session.scalars(select(Claim).order_by(Claim.starts_minute)):
        by_resource[claim.resource_id].append(claim)
    return [
        f"resource {resource_id} is claimed twice at {second.starts_minute}"
        for resource_id, claims in by_resource.items()
        for first, second in pairwise(claims)
        if second.starts_minute < first.ends_minute
    ]


def _half_bookings(session: Session) -> list[str]:
    """Exactly who takes part in a standing appointment is claimed for its time."""
    claimed: Counter[tuple[object, ...]] = Counter(
        (claim.appointment_id, claim.resource_id, claim.starts_minute, claim.ends_minute, claim.expires_at)
        for claim in session.scalars(select(Claim).where(Claim.appointment_id.is_not(None)))
    )
    taking_part: Counter[tuple[object, ...]] = Counter(
        (a.id, p.resource_id, epoch_minute(a.starts_at), epoch_minute(a.ends_at), None)
        for a, p in session.execute(
            select(Appointment, Participation)
            .join(Participation, Participation.appointment_id == Appointment.id)
            .where(Appointment.status == AppointmentStatus.CONFIRMED, Participation.ended_at.is_(None))
        )
    )
    return [f"claimed, but not taking part: {row}" for row in claimed - taking_part] + [
        f"taking part, but not claimed: {row}" for row in taking_part - claimed
    ]


def _half_holds(session: Session) -> list[str]:
    """A hold claims everybody in it, or (when it is over, or had run out) nobody of them."""
    mistakes = []
    for hold in session.scalars(select(Hold)):
        claims = session.scalars(select(Claim).where(Claim.hold_id == hold.id)).all()
        resources = sorted(claim.resource_id for claim in claims)
        if hold.status != HoldStatus.HELD and resources:
            mistakes.append(f"hold {hold.id} is {hold.status} and claims {resources}")
        if not set(resources) <= set(hold.assignment.values()):
            mistakes.append(f"hold {hold.id} claims {resources} beyond {hold.assignment}")
    if session.scalar(select(Claim.id).where(Claim.hold_id.is_(None), Claim.appointment_id.is_(None))):
        mistakes.append("a claim of nobody")
    return mistakes


def _messages(session: Session) -> list[str]:
    """Nothing is said of an earlier state, and everybody who has to come has been told of the present one."""
    mistakes = []
    for appointment in session.scalars(select(Appointment)):
        rows = session.scalars(
            select(Notification).where(Notification.appointment_id == appointment.id)
        ).all()
        mistakes += [
            f"message {row.id} tells of version {row.version} of {appointment.sequence}"
            for row in rows
            if row.version < appointment.sequence
            and row.status == "created"
            and row.kind != INTERPRETER_RELEASED  # whoever was sent away must hear it, whatever came after
        ]
        told = {row.recipient_id for row in rows if row.version == appointment.sequence}
        due = {appointment.client.resource_id}
        if appointment.status == AppointmentStatus.CONFIRMED:
            due |= {
                p.resource_id
                for p in appointment.participations
                if p.role == ParticipationRole.INTERPRETER and p.ended_at is None
            }
        if not due <= told:
            mistakes.append(f"appointment {appointment.id}: {due - told} were not told")
    return mistakes
