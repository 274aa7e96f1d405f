"""Appointments that lack an interpreter: the worklist."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, contains_eager

from scheduler_app.models import Appointment, AppointmentStatus, Case, Participation, ParticipationRole

MOST_POINTS = 500


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """No topic and no name; ``case_number`` only where the case is the reader's own. ``language``: ISO 639-3."""

    number: str
    starts_at: datetime
    ends_at: datetime
    language: str
    case_number: str


def list_open_points(
    session: Session, municipality_id: int, staff_member_id: int, *, now: datetime
) -> list[OpenPoint]:
    """What is ahead and lacks an interpreter: the reader's own cases first, then by time; at most MOST_POINTS."""
    own = case((Case.case_manager_id == staff_member_id, 0), else_=1)
    rows = session.scalars(
        select(Appointment)
        .outerjoin(Appointment.case)
        .where(*_lacking(municipality_id, now))
        .order_by(own, Appointment.starts_at, Appointment.id)
        .options(contains_eager(Appointment.case))
        .limit(MOST_POINTS)
    )
    return [
        OpenPoint(
            appointment.number,
            appointment.starts_at,
            appointment.ends_at,
            appointment.interpreter_variety or appointment.interpreter_language,
            _own_case_number(appointment, staff_member_id),
        )
        for appointment in rows
    ]


def _own_case_number(appointment: Appointment, staff_member_id: int) -> str:
    of_case = appointment.case
    return of_case.number if of_case is not None and of_case.case_manager_id == staff_member_id else ""


def count_open_points(session: Session, municipality_id: int, *, now: datetime) -> int:
    """How many appointments ahead lack an interpreter."""
    query = select(func.count()).select_from(Appointment).where(*_lacking(municipality_id, now))
    return session.scalar(query) or 0


def _lacking(municipality_id: int, now: datetime) -> tuple[ColumnElement[Any], ...]:
    """The same as ``participations.lacks_interpreter``, for the database."""
    has_one = exists().where(
        Participation.appointment_id == Appointment.id,
        Participation.role == ParticipationRole.INTERPRETER,
        Participation.ended_at.is_(None),
    )
    return (
        Appointment.municipality_id == municipality_id,
        Appointment.status == AppointmentStatus.CONFIRMED,
        Appointment.starts_at > now,
        Appointment.interpreter_language != "",
        ~has_one,
    )
