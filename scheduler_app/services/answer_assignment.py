"""An interpreter accepts or declines; after a decline another fitting one is claimed and told."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import AlreadyAnswered, AssignmentChanged
from scheduler_app.domain.free_time import cells_for, window_around
from scheduler_app.domain.joint_search import Role, assign
from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import (
    Appointment,
    AppointmentStatus,
    Claim,
    Participation,
    ParticipationRole,
    PartStat,
)
from scheduler_app.models.engine import begin_write
from scheduler_app.services.audit import record
from scheduler_app.services.catalogue import Catalogue, catalogue_by_id
from scheduler_app.services.claim_slot import lock_resources, touch
from scheduler_app.services.free_times import FreeTimes, booking_window, read_free_times
from scheduler_app.services.participations import end_participations, new_uid
from scheduler_app.services.plan_appointment import INTERPRETER
from scheduler_app.services.plan_notifications import INTERPRETER_ASSIGNED, tell_interpreter

SHORTEST_NOTICE = timedelta(hours=2)
"""Nobody is claimed for a job that begins sooner: an interpreter must see the message, and get there."""


def accept_assignment(
    session: Session, participation_id: int, *, resource_id: int, sequence: int, now: datetime
) -> Participation:
    """The interpreter says yes to what she saw; saying it twice is once.

    ``sequence`` is that of her participation (RFC 5545 3.8.7.4) when she was shown it. Raises AssignmentChanged if
    it has moved since, AlreadyAnswered if the job is no longer hers.
    """
    participation = _lock_own(session, participation_id, resource_id=resource_id, sequence=sequence, now=now)
    if participation.partstat != PartStat.ACCEPTED:
        lock_resources(session, [resource_id])
        participation.partstat = PartStat.ACCEPTED
        participation.changed_at = now
        _record(session, participation, "accepted", at=now)
        touch(session, [resource_id], now=now)
    session.commit()
    return participation


def decline_assignment(
    session: Session, participation_id: int, *, resource_id: int, sequence: int, now: datetime
) -> Participation | None:
    """The interpreter says no: her time is free again, and of those who fit who has most time left is claimed and
    told; commit.

    Returns the next one's participation, None if nobody is left or it begins within SHORTEST_NOTICE: then a person
    has to see to it. ``sequence`` and errors as in ``accept_assignment``.
    """
    participation = _lock_own(session, participation_id, resource_id=resource_id, sequence=sequence, now=now)
    appointment = participation.appointment
    catalogue = catalogue_by_id(session, appointment.municipality_id)
    candidates = _candidates(catalogue, appointment) if finds_another(appointment.starts_at, now=now) else ()
    lock_resources(session, {resource_id, *candidates})
    participation.partstat = PartStat.DECLINED
    end_participations([participation], now=now)
    session.execute(
        delete(Claim).where(Claim.appointment_id == appointment.id, Claim.resource_id == resource_id)
    )
    successor = _claim_successor(session, catalogue, appointment, candidates, now=now)
    _record(session, participation, "declined", at=now)
    touch(session, {resource_id, *([successor.resource_id] if successor else [])}, now=now)
    session.commit()
    return successor


def finds_another(starts_at: datetime, *, now: datetime) -> bool:
    """Whether there is time to ask somebody else after a decline."""
    return starts_at - now >= SHORTEST_NOTICE


def _lock_own(
    session: Session, participation_id: int, *, resource_id: int, sequence: int, now: datetime
) -> Participation:
    """Her part, with the appointment locked; rows that own claims are locked before resources."""
    begin_write(session)
    appointment_id = session.scalar(
        select(Participation.appointment_id).where(
            Participation.id == participation_id,
            Participation.resource_id == resource_id,
            Participation.role == ParticipationRole.INTERPRETER,
        )
    )
    if appointment_id is not None:
        appointment = session.scalars(
            select(Appointment).where(Appointment.id == appointment_id).with_for_update()
        ).one()
        participation = session.scalars(
            select(Participation).where(Participation.id == participation_id)
        ).one()
        is_on = appointment.status == AppointmentStatus.CONFIRMED and appointment.starts_at > now
        if is_on and participation.ended_at is None:
            if participation.sequence == sequence:
                return participation
            session.rollback()
            raise AssignmentChanged
    session.rollback()
    raise AlreadyAnswered


def _candidates(catalogue: Catalogue, appointment: Appointment) -> tuple[int, ...]:
    """Everybody of the language and level who has not had this job before."""
    asked = {p.resource_id for p in appointment.participations if p.role == ParticipationRole.INTERPRETER}
    fitting = catalogue.interpreters_of(
        appointment.interpreter_language, appointment.interpreter_variety, appointment.interpreter_level
    )
    return tuple(resource_id for resource_id in fitting if resource_id not in asked)


def _claim_successor(
    session: Session,
    catalogue: Catalogue,
    appointment: Appointment,
    candidates: tuple[int, ...],
    *,
    now: datetime,
) -> Participation | None:
    starts, ends = epoch_minute(appointment.starts_at), epoch_minute(appointment.ends_at)
    window = window_around(starts, ends)
    session.execute(delete(Claim).where(Claim.resource_id.in_(candidates), Claim.expires_at <= now))
    times = FreeTimes(window, read_free_times(session, catalogue, window, candidates, now=now))
    role = Role(INTERPRETER, candidates, cells_for(ends - starts))
    whole = booking_window(catalogue, now=now)
    left = FreeTimes(whole, read_free_times(session, catalogue, whole, candidates, now=now))
    chosen = assign([role], times.fits, 0, rank=lambda candidate: (-left.free_cells(candidate), candidate))
    if chosen is None:
        return None
    successor = Participation(
        municipality_id=appointment.municipality_id,
        role=ParticipationRole.INTERPRETER,
        role_key=INTERPRETER,
        resource_id=chosen[INTERPRETER],
        agency_id=catalogue.interpreters[chosen[INTERPRETER]].agency_id,
        partstat=PartStat.NEEDS_ACTION,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        place=appointment.place,
        uid=new_uid(),
        changed_at=now,
    )
    appointment.participations.append(successor)
    session.execute(
        insert(Claim).values(
            municipality_id=appointment.municipality_id,
            resource_id=successor.resource_id,
            starts_minute=starts,
            ends_minute=ends,
            appointment_id=appointment.id,
        )
    )
    session.flush()
    tell_interpreter(session, appointment, successor, INTERPRETER_ASSIGNED, now=now)
    return successor


def _record(session: Session, participation: Participation, action: str, *, at: datetime) -> None:
    record(
        session,
        participation.municipality_id,
        at=at,
        actor=f"interpreter:{participation.resource_id}",
        action=action,
        subject="participation",
        subject_id=participation.id,
    )
