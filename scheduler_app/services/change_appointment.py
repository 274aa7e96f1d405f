"""Moving and cancelling an appointment: for everybody at once, or not at all."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import AppointmentClosed, UnknownThing
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
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import Assignment, Owner, claim_slot, lock_resources, touch
from scheduler_app.services.contact import refuse_busy_client
from scheduler_app.services.participations import (
    active,
    active_interpreter,
    add_participations,
    end_participations,
    set_times,
)
from scheduler_app.services.plan_again import plan_again
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_notifications import (
    CANCEL,
    CHANGE,
    INTERPRETER_ASSIGNED,
    INTERPRETER_CHANGED,
    INTERPRETER_RELEASED,
    tell_client,
    tell_interpreter,
)
from scheduler_app.services.write_appointment import write_times


def move_appointment(
    session: Session,
    catalogue: Catalogue,
    appointment_id: int,
    starts_at: datetime,
    *,
    now: datetime,
    actor: str,
    lead_time: timedelta | None = None,
) -> Appointment:
    """Give the appointment a new time, with the same people where they are free, and tell everybody; commit.

    Same UID, SEQUENCE + 1 (RFC 5546 2.1.4); whoever has to come is asked again. Raises AppointmentClosed, NotOffered,
    SlotTaken, ClientBusy, UnknownThing for an appointment of another municipality; then everything stays as it was.
    """
    appointment = _open(session, catalogue, appointment_id, now=now)
    if appointment.starts_at == starts_at:
        return appointment
    plan = plan_again(catalogue, appointment)
    refuse_busy_client(session, appointment.client, starts_at, plan.minutes, but=appointment.id)
    before = {p.resource_id for p in active(appointment)}

    def write(assignment: Assignment) -> Owner:
        moved = session.get_one(Appointment, appointment_id)
        _write_move(session, catalogue, plan, moved, starts_at, assignment, now=now)
        record(
            session,
            catalogue.municipality_id,
            at=now,
            actor=actor,
            action="moved",
            subject="appointment",
            subject_id=appointment_id,
        )
        return Owner(appointment_id=appointment_id)

    claim_slot(
        session,
        catalogue,
        plan,
        starts_at,
        now=now,
        write=write,
        prefer=before,
        release=appointment_id,
        lead_time=lead_time,
        lock_owner=lambda: _open(session, catalogue, appointment_id, now=now, lock=True),
    )
    return session.get_one(Appointment, appointment_id)


def _write_move(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    appointment: Appointment,
    starts_at: datetime,
    assignment: Assignment,
    *,
    now: datetime,
) -> None:
    interpreter_before = active_interpreter(appointment)
    keeps = set(assignment.items())
    leaving = [p for p in active(appointment) if (p.role_key, p.resource_id) not in keeps]
    appointment.starts_at = starts_at
    appointment.ends_at = starts_at + timedelta(minutes=plan.minutes)
    appointment.sequence += 1
    appointment.changed_at = now
    end_participations(leaving, now=now)  # with the old time: that is what is cancelled for them
    write_times(catalogue, plan, appointment, assignment)
    for participation in active(appointment):
        role = next(role for role in plan.roles if role.key == participation.role_key)
        set_times(participation, catalogue, plan, appointment, assignment, role)
        participation.sequence += 1
        participation.changed_at = now
        if participation.role == ParticipationRole.INTERPRETER:
            participation.partstat = PartStat.NEEDS_ACTION  # she accepted another time
    add_participations(session, catalogue, plan, appointment, assignment, now=now)
    tell_client(session, catalogue, appointment, CHANGE, now=now)
    interpreter = active_interpreter(appointment)
    if interpreter is interpreter_before:
        tell_interpreter(session, appointment, interpreter, INTERPRETER_CHANGED, now=now)
    else:
        tell_interpreter(session, appointment, interpreter_before, INTERPRETER_RELEASED, now=now)
        tell_interpreter(session, appointment, interpreter, INTERPRETER_ASSIGNED, now=now)


def cancel_appointment(
    session: Session, catalogue: Catalogue, appointment_id: int, *, now: datetime, actor: str
) -> Appointment:
    """Free everybody's time, tell everybody, commit. Cancelling twice changes nothing more.

    Raises AppointmentClosed when it is over, UnknownThing for an appointment of another municipality.
    """
    begin_write(session)
    appointment = _find(session, catalogue, appointment_id, lock=True)
    if appointment.status == AppointmentStatus.CANCELLED:
        session.rollback()
        return session.get_one(Appointment, appointment_id)
    if appointment.ends_at <= now:
        session.rollback()
        raise AppointmentClosed
    cancel_within(session, catalogue, appointment, now=now, actor=actor)
    session.commit()
    return appointment


def cancel_within(
    session: Session, catalogue: Catalogue, appointment: Appointment, *, now: datetime, actor: str
) -> None:
    """Cancel in the transaction of the caller, who has locked the appointment and commits."""
    resources = {p.resource_id for p in active(appointment)}
    lock_resources(session, resources)
    session.execute(delete(Claim).where(Claim.appointment_id == appointment.id))
    appointment.status = AppointmentStatus.CANCELLED
    appointment.sequence += 1
    appointment.changed_at = appointment.cancelled_at = now
    appointment.cancelled_by = "client" if actor == "client" else "staff"
    interpreter: Participation | None = active_interpreter(appointment)
    for participation in active(appointment):
        participation.sequence += 1
        participation.changed_at = now
    tell_client(session, catalogue, appointment, CANCEL, now=now)
    tell_interpreter(session, appointment, interpreter, INTERPRETER_RELEASED, now=now)
    record(
        session,
        appointment.municipality_id,
        at=now,
        actor=actor,
        action="cancelled",
        subject="appointment",
        subject_id=appointment.id,
    )
    touch(session, resources, now=now)


def _open(
    session: Session, catalogue: Catalogue, appointment_id: int, *, now: datetime, lock: bool = False
) -> Appointment:
    """The appointment, if it can still be changed; raises AppointmentClosed."""
    appointment = _find(session, catalogue, appointment_id, lock=lock)
    if appointment.status == AppointmentStatus.CANCELLED or appointment.starts_at <= now:
        raise AppointmentClosed
    return appointment


def _find(session: Session, catalogue: Catalogue, appointment_id: int, *, lock: bool) -> Appointment:
    """An appointment of this municipality; raises UnknownThing for any other."""
    query = select(Appointment).where(
        Appointment.id == appointment_id, Appointment.municipality_id == catalogue.municipality_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    appointment = session.scalars(query).one_or_none()
    if appointment is None:
        session.rollback()
        raise UnknownThing("appointment", str(appointment_id))
    return appointment
