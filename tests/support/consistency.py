"""What must be true of the tables at any moment, whatever has happened."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    Resource,
)
from scheduler_app.services.plan_notifications import INTERPRETER_RELEASED


def mistakes_in(session: Session) -> list[str]:
    """Empty if nothing is booked twice or by half; each mistake in words otherwise."""
    session.rollback()
    return [*overlaps(session), *_half_bookings(session), *_half_holds(session), *_messages(session)]


def overlaps(session: Session) -> list[str]:
    """Nobody is claimed more often at once than her capacity."""
    by_resource: dict[int, list[Claim]] = defaultdict(list)
    for claim in session.scalars(select(Claim)):
        by_resource[claim.resource_id].append(claim)
    capacities = {row.id: row.capacity for row in session.execute(select(Resource.id, Resource.capacity))}
    return [
        f"resource {resource_id} is claimed {count} times at {claim.starts_minute}"
        for resource_id, claims in by_resource.items()
        for claim in claims
        # most are there at once where one of them begins
        if (count := sum(c.starts_minute <= claim.starts_minute < c.ends_minute for c in claims))
        > capacities[resource_id]
    ]


def _half_bookings(session: Session) -> list[str]:
    """Exactly who takes part in a standing appointment is claimed, from when she comes until she goes."""
    claims: dict[tuple[int, int], list[Claim]] = defaultdict(list)
    for claim in session.scalars(select(Claim).where(Claim.appointment_id.is_not(None))):
        claims[claim.appointment_id or 0, claim.resource_id].append(claim)
    taking_part = session.execute(
        select(Appointment, Participation)
        .join(Participation, Participation.appointment_id == Appointment.id)
        .where(Appointment.status == AppointmentStatus.CONFIRMED, Participation.ended_at.is_(None))
    ).all()
    there = {(appointment.id, part.resource_id) for appointment, part in taking_part}
    mistakes = [f"claimed, but not taking part: {row}" for row in claims.keys() - there]
    mistakes += [f"taking part, but not claimed: {row}" for row in there - claims.keys()]
    mistakes += [
        f"booked until a deadline: {row}" for row, own in claims.items() if any(c.expires_at for c in own)
    ]
    for appointment, part in taking_part:
        own = claims[appointment.id, part.resource_id]
        first, last = epoch_minute(part.starts_at), epoch_minute(part.ends_at) - 1
        if not all(any(c.starts_minute <= at < c.ends_minute for c in own) for at in (first, last)):
            mistakes.append(f"{part.role_key} of appointment {appointment.id} is not claimed for her time")
        if not appointment.starts_at <= part.starts_at < part.ends_at <= appointment.ends_at:
            mistakes.append(f"{part.role_key} of appointment {appointment.id} comes outside of it")
    return mistakes + _visits(session, claims)


def _visits(session: Session, claims: Mapping[tuple[int, int], Sequence[Claim]]) -> list[str]:
    """The client is there for every concern, and they come one after the other."""
    mistakes = []
    for appointment in session.scalars(
        select(Appointment).where(Appointment.status == AppointmentStatus.CONFIRMED)
    ):
        times = sorted({(c.starts_at, c.ends_at) for c in appointment.concerns})
        if any(second[0] < first[1] for first, second in pairwise(times)):
            mistakes.append(f"concerns of appointment {appointment.id} overlap")
        if (times[0][0], max(ends for _, ends in times)) != (appointment.starts_at, appointment.ends_at):
            mistakes.append(f"concerns of appointment {appointment.id} are not from its start to its end")
        client = claims.get((appointment.id, appointment.client.resource_id), [])
        for starts_at, ends_at in times:
            first, last = epoch_minute(starts_at), epoch_minute(ends_at)
            if not any(c.starts_minute <= first and last <= c.ends_minute for c in client):
                mistakes.append(f"the client of appointment {appointment.id} is not there at {starts_at}")
        mistakes += _interpreter_places(appointment, claims)
    return mistakes


def _interpreter_places(
    appointment: Appointment, claims: Mapping[tuple[int, int], Sequence[Claim]]
) -> list[str]:
    """Whoever comes to interpret is known to be where each concern is dealt with, so that the ways are right."""
    if appointment.request.get("by_video"):
        return []
    return [
        f"the interpreter of appointment {appointment.id} is not known to be at place {concern.place_id}"
        for part in appointment.participations
        if part.role == ParticipationRole.INTERPRETER and part.ended_at is None
        for concern in appointment.concerns
        if not any(
            claim.starts_minute <= epoch_minute(concern.starts_at) < claim.ends_minute
            and claim.place_id == concern.place_id
            for claim in claims.get((appointment.id, part.resource_id), [])
        )
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
