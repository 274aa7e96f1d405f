"""The diary of one staff member, or of a whole agency."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler_app.domain.visibility import Sight, Viewer, sight_of
from scheduler_app.models import (
    Absence,
    Appointment,
    AppointmentConcern,
    AppointmentStatus,
    Participation,
    ParticipationRole,
    PartStat,
)
from scheduler_app.services.appointment_parties import parties_of
from scheduler_app.services.participations import active_interpreter


class InterpreterState(StrEnum):
    """How it stands with the interpreter of an appointment."""

    NOT_NEEDED = "not-needed"
    MISSING = "missing"
    ASKED = "asked"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """One person's part in an appointment. ``concerns`` are the German names of her own agency's services only, and in
    a chain of those at whose visit she is.
    """

    resource_id: int
    number: str
    starts_at: datetime
    ends_at: datetime
    place: str
    interpreter: InterpreterState
    concerns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AbsenceEntry:
    resource_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Diary:
    """In the order of time."""

    entries: tuple[DiaryEntry, ...]
    absences: tuple[AbsenceEntry, ...]


def read_diary(
    session: Session,
    municipality_id: int,
    resource_ids: Collection[int],
    viewer: Viewer,
    *,
    from_at: datetime,
    until_at: datetime,
) -> Diary:
    """What these staff members (resource ids, of the viewer's agency) have in a time, as far as she sees it.

    Cancelled appointments are left out.
    Takes five queries, however many entries there are.
    """
    rows = session.scalars(
        select(Participation)
        .join(Participation.appointment)
        .where(
            Participation.municipality_id == municipality_id,
            Participation.resource_id.in_(resource_ids),
            Participation.role == ParticipationRole.STAFF,
            Participation.ended_at.is_(None),
            Participation.starts_at < until_at,
            Participation.ends_at > from_at,
            Appointment.status == AppointmentStatus.CONFIRMED,
        )
        .options(
            joinedload(Participation.appointment).options(
                joinedload(Appointment.case),
                selectinload(Appointment.concerns).joinedload(AppointmentConcern.service),
                selectinload(Appointment.participations),
            )
        )
        .order_by(Participation.starts_at, Participation.id)
    )
    absences = session.scalars(
        select(Absence)
        .where(
            Absence.municipality_id == municipality_id,
            Absence.resource_id.in_(resource_ids),
            Absence.starts_at < until_at,
            Absence.ends_at > from_at,
        )
        .order_by(Absence.starts_at, Absence.id)
    )
    seen = ((row, sight_of(viewer, parties_of(row.appointment))) for row in rows)
    return Diary(
        tuple(_entry(row, viewer, sight) for row, sight in seen if sight is not None),
        tuple(AbsenceEntry(row.resource_id, row.starts_at, row.ends_at) for row in absences),
    )


def interpreter_state(appointment: Appointment) -> InterpreterState:
    """Whether one is needed, and whether somebody is asked or comes."""
    if not appointment.interpreter_language:
        return InterpreterState.NOT_NEEDED
    interpreter = active_interpreter(appointment)
    if interpreter is None:
        return InterpreterState.MISSING
    return InterpreterState.ACCEPTED if interpreter.partstat == PartStat.ACCEPTED else InterpreterState.ASKED


def _entry(participation: Participation, viewer: Viewer, sight: Sight) -> DiaryEntry:
    appointment = participation.appointment
    services = [
        concern.service
        for concern in appointment.concerns
        if sight.own_part
        and concern.starts_at < participation.ends_at
        and concern.ends_at > participation.starts_at
    ]
    return DiaryEntry(
        resource_id=participation.resource_id,
        number=appointment.number,
        starts_at=participation.starts_at,
        ends_at=participation.ends_at,
        place=participation.place,
        interpreter=interpreter_state(appointment),
        concerns=tuple(s.name["de"] for s in services if s.agency_id == viewer.agency_id),
    )
