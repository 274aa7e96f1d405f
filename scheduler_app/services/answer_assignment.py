"""An interpreter accepts or declines; after a decline another fitting one is claimed and told."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import AlreadyAnswered, AssignmentChanged, NotTogether, UnknownThing
from scheduler_app.domain.free_time import CELL_MINUTES, Grid, window_around
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
from scheduler_app.services.claim_slot import AROUND_MINUTES, Owner, insert_claims, lock_resources, touch
from scheduler_app.services.free_times import FreeTimes, booking_window
from scheduler_app.services.participations import end_participations, new_uid
from scheduler_app.services.plan_again import plan_again
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_notifications import INTERPRETER_ASSIGNED, tell_interpreter
from scheduler_app.services.read_free_times import read_free_times
from scheduler_app.services.ways import way_cells

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
    search = (
        _successor_search(catalogue, appointment) if finds_another(appointment.starts_at, now=now) else None
    )
    lock_resources(session, {resource_id, *(search.role.candidates if search else ())})
    participation.partstat = PartStat.DECLINED
    end_participations([participation], now=now)
    session.execute(
        delete(Claim).where(Claim.appointment_id == appointment.id, Claim.resource_id == resource_id)
    )
    successor = None if search is None else _claim_successor(session, catalogue, search, appointment, now=now)
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


@dataclass(frozen=True, slots=True)
class _SuccessorSearch:
    """The appointment's plan, and the interpreter's role for everybody who would do and has not had this job before."""

    plan: Plan
    role: Role


def _successor_search(catalogue: Catalogue, appointment: Appointment) -> _SuccessorSearch | None:
    """None where the municipality no longer has what the appointment was for: then a person has to see to it."""
    try:
        plan = plan_again(catalogue, appointment)
    except (UnknownThing, NotTogether):
        return None
    role = next((role for role in plan.roles if role.key == INTERPRETER), None)
    if role is None:
        return None
    asked = {p.resource_id for p in appointment.participations if p.role == ParticipationRole.INTERPRETER}
    spans = tuple(
        span if span.place else span._replace(place=appointment.place_id or 0) for span in role.need.spans
    )
    candidates = tuple(person for person in role.candidates if person not in asked)
    return _SuccessorSearch(plan, replace(role, candidates=candidates, need=role.need._replace(spans=spans)))


def _claim_successor(
    session: Session,
    catalogue: Catalogue,
    search: _SuccessorSearch,
    appointment: Appointment,
    *,
    now: datetime,
) -> Participation | None:
    plan, role = search.plan, search.role
    starts, candidates = epoch_minute(appointment.starts_at), role.candidates
    window = window_around(starts - AROUND_MINUTES, starts + plan.minutes + AROUND_MINUTES)
    session.execute(delete(Claim).where(Claim.resource_id.in_(candidates), Claim.expires_at <= now))
    fresh = read_free_times(session, catalogue, window, candidates, now=now)
    times = FreeTimes(Grid(window, window.cell_of(starts), 1, 1), fresh, way_cells(catalogue))
    whole = read_free_times(session, catalogue, booking_window(catalogue, now=now), candidates, now=now)
    preferred = plan.preferred
    chosen = assign(
        [role], times.starts_of, 0, rank=lambda person: (person not in preferred, whole[person].load, person)
    )
    if chosen is None:
        return None
    resource_id = chosen[INTERPRETER]
    successor = Participation(
        municipality_id=appointment.municipality_id,
        role=ParticipationRole.INTERPRETER,
        role_key=INTERPRETER,
        resource_id=resource_id,
        agency_id=catalogue.interpreters[resource_id].agency_id,
        partstat=PartStat.NEEDS_ACTION,
        starts_at=appointment.starts_at + timedelta(minutes=role.need.spans[0].offset * CELL_MINUTES),
        ends_at=min(
            appointment.starts_at + timedelta(minutes=role.need.ends * CELL_MINUTES), appointment.ends_at
        ),
        place=appointment.place,
        uid=new_uid(),
        changed_at=now,
    )
    appointment.participations.append(successor)
    plan = replace(plan, roles=(role,))
    owner = Owner(appointment_id=appointment.id)
    insert_claims(session, catalogue, plan, appointment.starts_at, chosen, owner)
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
