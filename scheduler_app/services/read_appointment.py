"""One appointment as one staff member may see it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.domain.visibility import Sight, Viewer, sight_of
from scheduler_app.models import (
    Appointment,
    AppointmentConcern,
    AppointmentStatus,
    Case,
    Interpreter,
    Participation,
    ParticipationRole,
    Service,
    StaffMember,
)
from scheduler_app.services.appointment_parties import parties_of
from scheduler_app.services.itinerary import TimeAndPlace, visit_times
from scheduler_app.services.participations import active
from scheduler_app.services.read_assignments import is_by_video
from scheduler_app.services.read_diary import InterpreterState, interpreter_state


@dataclass(frozen=True, slots=True)
class SeenConcern:
    """German texts, and when and where it is dealt with."""

    name: str
    agency: str
    papers: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class SeenPerson:
    name: str
    agency: str
    role: str
    partstat: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SeenAppointment:
    """Holds nothing that the viewer may not see: what is hidden from her is empty. ``can_change``: now.

    ``visits`` are those of the chain that are her business, as are the times and the place; one if it is no chain.
    """

    id: int
    number: str
    status: str
    starts_at: datetime
    ends_at: datetime
    place: str
    visits: tuple[TimeAndPlace, ...]
    by_video: bool
    sight: Sight
    can_change: bool
    interpreter: InterpreterState
    language: str
    concerns: tuple[SeenConcern, ...]
    people: tuple[SeenPerson, ...]
    client_name: str
    client_phone: str
    case_number: str


def read_appointment(
    session: Session, municipality_id: int, viewer: Viewer, number: str, *, now: datetime
) -> SeenAppointment:
    """The viewer's part of the appointment with this number.

    Raises UnknownThing if there is none in her municipality, or none that is any business of hers.
    """
    appointment = session.scalars(
        select(Appointment)
        .where(Appointment.municipality_id == municipality_id, Appointment.number == number)
        .options(
            joinedload(Appointment.client),
            joinedload(Appointment.case).joinedload(Case.client),
            selectinload(Appointment.concerns)
            .joinedload(AppointmentConcern.service)
            .joinedload(Service.agency),
            selectinload(Appointment.participations).joinedload(Participation.agency),
        )
    ).one_or_none()
    sight = sight_of(viewer, parties_of(appointment)) if appointment is not None else None
    if appointment is None or sight is None:
        raise UnknownThing("appointment", number)
    is_open = appointment.status == AppointmentStatus.CONFIRMED and appointment.starts_at > now
    variety = appointment.interpreter_variety or appointment.interpreter_language
    visits = _visits(appointment, viewer, sight)
    return SeenAppointment(
        id=appointment.id,
        number=appointment.number,
        status=appointment.status,
        starts_at=visits[0].starts_at,
        ends_at=visits[-1].ends_at,
        place=visits[0].place,
        visits=visits,
        by_video=is_by_video(appointment),
        sight=sight,
        can_change=sight.may_change and is_open,
        interpreter=interpreter_state(appointment),
        language=variety if sight.language else "",
        concerns=_concerns(appointment, viewer, sight),
        people=_people(session, appointment, viewer, sight),
        client_name=appointment.client.name if sight.client else "",
        client_phone=appointment.client.phone if sight.client else "",
        case_number=appointment.case.number if sight.all_parts and appointment.case else "",
    )


def _visits(appointment: Appointment, viewer: Viewer, sight: Sight) -> tuple[TimeAndPlace, ...]:
    """All for the case manager and the pool, whose interpreter goes along; else those of her own agency."""
    every = visit_times(appointment)
    if sight.all_parts or sight.language or len(every) == 1:
        return every
    own = {(concern.starts_at, concern.place) for concern in _own_concerns(appointment, viewer)}
    own |= {
        (visit.starts_at, visit.place)
        for part in active(appointment)
        if part.resource_id == viewer.resource_id or part.agency_id == viewer.agency_id
        for visit in visit_times(appointment, part.starts_at, part.ends_at)
    }
    return tuple(visit for visit in every if (visit.starts_at, visit.place) in own)


def _own_concerns(appointment: Appointment, viewer: Viewer) -> list[AppointmentConcern]:
    return [concern for concern in appointment.concerns if concern.service.agency_id == viewer.agency_id]


def _concerns(appointment: Appointment, viewer: Viewer, sight: Sight) -> tuple[SeenConcern, ...]:
    seen = _own_concerns(appointment, viewer) if sight.own_part else []
    if sight.all_parts:
        seen = appointment.concerns
    return tuple(
        SeenConcern(
            concern.service.name["de"],
            concern.service.agency.name,
            tuple(paper["de"] for paper in concern.service.papers),
            concern.starts_at,
            concern.ends_at,
            concern.place,
        )
        for concern in seen
    )


def _people(
    session: Session, appointment: Appointment, viewer: Viewer, sight: Sight
) -> tuple[SeenPerson, ...]:
    shown = [p for p in active(appointment) if _is_shown(p, viewer, sight)]
    names = _names(session, [p.resource_id for p in shown])
    return tuple(
        SeenPerson(
            names.get(p.resource_id, ""),
            p.agency.name if p.agency else "",
            p.role,
            p.partstat,
            p.starts_at,
            p.ends_at,
        )
        for p in shown
    )


def _is_shown(participation: Participation, viewer: Viewer, sight: Sight) -> bool:
    if participation.role not in (ParticipationRole.STAFF, ParticipationRole.INTERPRETER):
        return False
    is_colleague = sight.colleagues and participation.agency_id == viewer.agency_id
    return sight.all_parts or is_colleague or participation.resource_id == viewer.resource_id


def _names(session: Session, resource_ids: list[int]) -> dict[int, str]:
    """Also of people who have left since."""
    names: dict[int, str] = {}
    for person in (StaffMember, Interpreter):
        rows = session.execute(
            select(person.resource_id, person.name).where(person.resource_id.in_(resource_ids))
        )
        names.update((resource_id, name) for resource_id, name in rows)
    return names
