"""Writing down who takes part: the rows beside the claims."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler_app.models import Appointment, Participation, ParticipationRole, PartStat
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import Assignment
from scheduler_app.services.find_slots import CLIENT
from scheduler_app.services.plan_appointment import INTERPRETER, ROOM, Plan


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
    for role_key, resource_id in assignment.items():
        if (role_key, resource_id) in there:
            continue
        role = _role_of(role_key)
        appointment.participations.append(
            Participation(
                municipality_id=appointment.municipality_id,
                role=role,
                role_key=role_key,
                resource_id=resource_id,
                agency_id=_agency_of(catalogue, plan, role_key, resource_id),
                # agencies let their time be booked; an interpreter is asked
                partstat=PartStat.NEEDS_ACTION
                if role == ParticipationRole.INTERPRETER
                else PartStat.ACCEPTED,
                starts_at=appointment.starts_at,
                ends_at=appointment.ends_at,
                place=appointment.place,
                is_named=resource_id in plan.request.people,
                uid=new_uid(),
                changed_at=now,
            )
        )
    session.flush()


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
    }
    return named.get(role_key, ParticipationRole.STAFF)


def _agency_of(catalogue: Catalogue, plan: Plan, role_key: str, resource_id: int) -> int | None:
    if role_key in plan.agency_of_role:
        return plan.agency_of_role[role_key]
    if resource_id in catalogue.staff:
        return catalogue.staff[resource_id].agency_id
    if resource_id in catalogue.interpreters:
        return catalogue.interpreters[resource_id].agency_id
    return None
