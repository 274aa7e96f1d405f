"""Writing an appointment down: what booking directly and confirming a hold have in common."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.numbers import appointment_number
from scheduler_app.models import Appointment, AppointmentConcern, AppointmentStatus, Client
from scheduler_app.services.audit import record
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import Assignment
from scheduler_app.services.links import appointment_link
from scheduler_app.services.participations import active_interpreter, add_participations, new_uid, place_of
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_notifications import (
    CONFIRMATION,
    INTERPRETER_ASSIGNED,
    tell_client,
    tell_interpreter,
)


@dataclass(frozen=True)
class Booked:
    """An appointment that now stands, and the token of the client's secret link to it."""

    appointment: Appointment
    token: str


def write_appointment(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    client: Client,
    assignment: Assignment,
    *,
    now: datetime,
    requested_at: datetime,
    language: str,
    actor: str,
    case_id: int | None = None,
    token: str = "",
) -> Booked:
    """Appointment, concerns, participations, notifications and audit entry; the caller claims and commits."""
    appointment = Appointment(
        municipality_id=catalogue.municipality_id,
        number=_free_number(session, catalogue),
        uid=new_uid(),
        sequence=0,
        status=AppointmentStatus.CONFIRMED,
        starts_at=starts_at,
        request=plan.request.to_json(),
        client=client,
        case_id=case_id,
        language=language,
        interpreter_language=plan.request.language if plan.level else "",
        interpreter_variety=plan.request.variety if plan.level else "",
        interpreter_level=plan.level,
        requested_at=requested_at,
        changed_at=now,
        concerns=[
            AppointmentConcern(
                municipality_id=catalogue.municipality_id, service_id=concern.id, position=position
            )
            for position, concern in enumerate(plan.concerns)
        ],
    )
    write_times(catalogue, plan, appointment, assignment)
    session.add(appointment)
    session.flush()
    add_participations(session, catalogue, plan, appointment, assignment, now=now)
    token = appointment_link(session, appointment, now=now, token=token)
    tell_client(session, catalogue, appointment, CONFIRMATION, now=now)
    tell_interpreter(session, appointment, active_interpreter(appointment), INTERPRETER_ASSIGNED, now=now)
    record(
        session,
        catalogue.municipality_id,
        at=now,
        actor=actor,
        action="booked",
        subject="appointment",
        subject_id=appointment.id,
    )
    return Booked(appointment, token)


def write_times(catalogue: Catalogue, plan: Plan, appointment: Appointment, assignment: Assignment) -> None:
    """Until when it takes from ``starts_at`` on, and where: all of it, and each of its concerns."""
    starts_at = appointment.starts_at
    appointment.ends_at = starts_at + timedelta(minutes=plan.minutes)
    concerns = iter(appointment.concerns)
    for visit in plan.visits:
        place, place_id = place_of(catalogue, plan, visit, assignment)
        if visit is plan.visits[0]:
            appointment.place, appointment.place_id = place, place_id
        for _ in visit.concerns:
            concern = next(concerns)
            concern.starts_at = starts_at + timedelta(minutes=visit.offset)
            concern.ends_at = concern.starts_at + timedelta(minutes=visit.minutes)
            concern.place, concern.place_id = place, place_id


def _free_number(session: Session, catalogue: Catalogue) -> str:
    """A number that no appointment here has; the unique key stands behind it."""
    while True:
        number = appointment_number(catalogue.number_prefix)
        taken = select(Appointment.id).where(
            Appointment.municipality_id == catalogue.municipality_id, Appointment.number == number
        )
        if session.scalar(taken) is None:
            return number
