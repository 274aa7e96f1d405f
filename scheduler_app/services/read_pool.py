"""What an interpreter pool's coordinator watches: her interpreters' assignments, and appointments that lack one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.domain.visibility import Viewer, sees_pool, sight_of_open_point
from scheduler_app.models import (
    Agency,
    Appointment,
    AppointmentStatus,
    Interpreter,
    Municipality,
    Participation,
    ParticipationRole,
    PoolServes,
)
from scheduler_app.services.appointment_parties import parties_of
from scheduler_app.services.read_assignments import Assignment, assignment_query, to_assignment


@dataclass(frozen=True, slots=True)
class PoolAssignment:
    """One interpreter of the pool, by name, and her job."""

    interpreter: str
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class OpenAppointment:
    """An appointment that needs an interpreter and has none; ``language`` as in Assignment."""

    number: str
    starts_at: datetime
    ends_at: datetime
    place: str
    language: str
    level: str
    municipality: str
    zone: ZoneInfo

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


def read_pool(session: Session, viewer: Viewer) -> Agency:
    """The pool whose assignments the viewer sees. Raises UnknownThing if there is none."""
    agency = session.get(Agency, viewer.agency_id)
    if agency is None or not sees_pool(viewer):
        raise UnknownThing("pool", str(viewer.agency_id))
    return agency


def read_pool_assignments(
    session: Session, pool: Agency, *, from_at: datetime, until_at: datetime, now: datetime
) -> tuple[PoolAssignment, ...]:
    """Jobs of the pool's interpreters that start in this time, in every municipality that it serves."""
    names = _interpreter_names(session, pool)
    rows = session.execute(
        assignment_query()
        .where(
            Participation.resource_id.in_(names),
            Participation.starts_at >= from_at,
            Participation.starts_at < until_at,
        )
        .order_by(Participation.starts_at, Participation.id)
    )
    assignments = (to_assignment(row, now=now) for row in rows)
    return tuple(PoolAssignment(names[found.resource_id], found) for found in assignments)


def read_open_appointments(
    session: Session, pool: Agency, viewer: Viewer, *, now: datetime
) -> tuple[OpenAppointment, ...]:
    """Appointments ahead, of the municipalities that the pool serves, for which no interpreter is there."""
    has_one = (
        select(Participation.id)
        .where(
            Participation.appointment_id == Appointment.id,
            Participation.role == ParticipationRole.INTERPRETER,
            Participation.ended_at.is_(None),
        )
        .exists()
    )
    served = select(PoolServes.municipality_id).where(PoolServes.agency_id == pool.id)
    rows = session.execute(
        select(Appointment, Municipality.name, Municipality.timezone)
        .join(Municipality, Municipality.id == Appointment.municipality_id)
        .where(
            (Appointment.municipality_id == pool.municipality_id) | Appointment.municipality_id.in_(served),
            Appointment.status == AppointmentStatus.CONFIRMED,
            Appointment.starts_at > now,
            Appointment.interpreter_language != "",
            ~has_one,
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .options(joinedload(Appointment.case), selectinload(Appointment.participations))
    )
    return tuple(
        OpenAppointment(
            number=appointment.number,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            place=appointment.place,
            language=appointment.interpreter_variety or appointment.interpreter_language,
            level=appointment.interpreter_level,
            municipality=municipality,
            zone=ZoneInfo(timezone),
        )
        for appointment, municipality, timezone in rows
        if sight_of_open_point(viewer, parties_of(appointment)) is not None
    )


def _interpreter_names(session: Session, pool: Agency) -> dict[int, str]:
    rows = session.execute(
        select(Interpreter.resource_id, Interpreter.name).where(Interpreter.agency_id == pool.id)
    )
    return {row.resource_id: row.name for row in rows}
