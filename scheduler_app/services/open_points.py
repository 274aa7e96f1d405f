"""Appointments that lack an interpreter: the worklist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from scheduler_app.domain.visibility import Viewer, sees_every_open_point, sight_of, sight_of_open_point
from scheduler_app.models import Appointment, AppointmentStatus, Case, Participation, ParticipationRole
from scheduler_app.services.appointment_parties import parties_of

MOST_POINTS = 500


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """No topic and no name; ``case_number`` only where the case is the reader's own. ``language``: ISO 639-3.

    ``has_page``: whether the appointment's page opens for the reader.
    """

    number: str
    starts_at: datetime
    ends_at: datetime
    language: str
    case_number: str
    has_page: bool


def list_open_points(
    session: Session, municipality_id: int, viewer: Viewer, *, now: datetime
) -> list[OpenPoint]:
    """What is ahead and lacks an interpreter: the reader's own cases first, then by time; at most MOST_POINTS."""
    return list(islice(_open_points(session, municipality_id, viewer, now=now), MOST_POINTS))


def count_open_points(session: Session, municipality_id: int, viewer: Viewer, *, now: datetime) -> int:
    """How many appointments ahead lack an interpreter, of those in the reader's list."""
    if not sees_every_open_point(viewer):
        return sum(1 for _ in _open_points(session, municipality_id, viewer, now=now))
    query = select(func.count()).select_from(Appointment).where(*_lacking(municipality_id, now))
    return session.scalar(query) or 0


def _open_points(
    session: Session, municipality_id: int, viewer: Viewer, *, now: datetime
) -> Iterator[OpenPoint]:
    own = case((Case.case_manager_id == viewer.staff_member_id, 0), else_=1)
    query = (
        select(Appointment)
        .outerjoin(Appointment.case)
        .where(*_lacking(municipality_id, now))
        .order_by(own, Appointment.starts_at, Appointment.id)
        .options(contains_eager(Appointment.case), selectinload(Appointment.participations))
    )
    if sees_every_open_point(viewer):
        query = query.limit(MOST_POINTS)
    for appointment in session.scalars(query):
        parties = parties_of(appointment)
        sight = sight_of_open_point(viewer, parties)
        if sight is None:
            continue
        of_case = appointment.case
        yield OpenPoint(
            appointment.number,
            appointment.starts_at,
            appointment.ends_at,
            appointment.interpreter_variety or appointment.interpreter_language,
            of_case.number if sight.all_parts and of_case is not None else "",
            has_page=sight_of(viewer, parties) is not None,
        )


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
