"""Writing down who takes part: the rows beside the claims."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler_app.domain.errors import HoldGone
from scheduler_app.domain.free_time import CELL_MINUTES
from scheduler_app.domain.joint_search import Role
from scheduler_app.models import Appointment, Participation, ParticipationRole, PartStat
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import Assignment
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import CLIENT, ROOM, VISITOR, PlannedVisit, kind_of_role, visit_key


def active(appointment: Appointment) -> list[Participation]:
    """Those who take part now."""
    return [participation for participation in appointment.participations if participation.ended_at is None]


def active_interpreter(appointment: Appointment) -> Participation | None:
    return next((p for p in active(appointment) if p.role == ParticipationRole.INTERPRETER), None)


def lacks_interpreter(appointment: Appointment) -> bool:
    """One is needed and nobody is there: a case for a person."""
    return bool(appointment.interpreter_language) and active_interpreter(appointment) is None


def new_uid() -> str:
    """RFC 7986 5.3: random, says nothing about anybody."""
    return str(uuid.uuid4())


def add_participations(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    appointment: Appointment,
    assignment: Assignment,
    *,
    now: datetime,
) -> None:
    """One row per claimed resource. Whoever keeps her part is not written twice."""
    there = {(p.role_key, p.resource_id) for p in active(appointment)}
    for planned in plan.with_client(appointment.client.resource_id).roles:
        resource_id = assignment.get(planned.key)
        if resource_id is None or (planned.key, resource_id) in there:
            continue
        role = _role_of(planned.key)
        participation = Participation(
            municipality_id=appointment.municipality_id,
            role=role,
            role_key=planned.key,
            resource_id=resource_id,
            agency_id=_agency_of(catalogue, plan, planned.key, resource_id),
            # agencies let their time be booked; an interpreter is asked
            partstat=PartStat.NEEDS_ACTION if role == ParticipationRole.INTERPRETER else PartStat.ACCEPTED,
            is_named=resource_id in plan.request.people,
            uid=new_uid(),
            changed_at=now,
        )
        set_times(participation, catalogue, plan, appointment, assignment, planned)
        appointment.participations.append(participation)
    session.flush()


def set_times(
    participation: Participation,
    catalogue: Catalogue,
    plan: Plan,
    appointment: Appointment,
    assignment: Assignment,
    role: Role,
) -> None:
    """From when until when somebody is needed, and where she is first."""
    spans = role.need.spans
    starts_at = appointment.starts_at
    participation.starts_at = starts_at + timedelta(minutes=spans[0].offset * CELL_MINUTES)
    ends_at = starts_at + timedelta(minutes=role.need.ends * CELL_MINUTES)
    participation.ends_at = min(
        ends_at, appointment.ends_at
    )  # a length that is no whole cell takes up its last one
    visit = plan.visit_of(role.key) or plan.visits[0]
    participation.place, _ = place_of(catalogue, plan, visit, assignment)


def place_of(
    catalogue: Catalogue, plan: Plan, visit: PlannedVisit, assignment: Assignment
) -> tuple[str, int | None]:
    """Where to go: the meeting room that was claimed, or else the desk of whoever receives her.

    Raises HoldGone if the room has been given up since.
    """
    room_id = assignment.get(visit_key(ROOM, visit.number))
    if room_id is not None:
        room = catalogue.rooms.get(room_id)
        if room is None:
            raise HoldGone
        return f"{catalogue.places[room.place_id].address}, {room.name}", room.place_id
    agency = visit.concerns[0].agency
    hosts = [
        catalogue.staff[resource_id]
        for key, resource_id in assignment.items()
        if resource_id in catalogue.staff and plan.visit_of(key) in (visit, None)
    ]
    desk = next((host.desk for host in hosts if host.agency_id == agency.id), "")
    place = catalogue.places.get(agency.place_id) if agency.place_id is not None else None
    return ", ".join(
        part for part in (place.address if place else catalogue.address, desk) if part
    ), agency.place_id


def are_all_there(catalogue: Catalogue, assignment: Assignment) -> bool:
    """Whether rooms, staff and interpreters who were claimed have not left since. Clients are in no catalogue."""
    known = (catalogue.rooms, catalogue.staff, catalogue.interpreters)
    clients = (CLIENT, VISITOR)
    return all(
        kind_of_role(key) in clients or any(resource_id in those for those in known)
        for key, resource_id in assignment.items()
    )


def end_participations(participations: Iterable[Participation], *, now: datetime) -> None:
    """They no longer take part; their calendars show it as cancelled."""
    for participation in participations:
        participation.ended_at = now
        participation.changed_at = now
        participation.sequence += 1


def _role_of(role_key: str) -> ParticipationRole:
    named = {
        INTERPRETER: ParticipationRole.INTERPRETER,
        ROOM: ParticipationRole.ROOM,
        CLIENT: ParticipationRole.CLIENT,
        VISITOR: ParticipationRole.CLIENT,
    }
    return named.get(kind_of_role(role_key), ParticipationRole.STAFF)


def _agency_of(catalogue: Catalogue, plan: Plan, role_key: str, resource_id: int) -> int | None:
    if role_key in plan.agency_of_role:
        return plan.agency_of_role[role_key]
    if resource_id in catalogue.staff:
        return catalogue.staff[resource_id].agency_id
    if resource_id in catalogue.interpreters:
        return catalogue.interpreters[resource_id].agency_id
    return None
