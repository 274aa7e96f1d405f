"""The cases of one case manager."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.models import Appointment, AppointmentStatus, Case, Invitation


@dataclass(frozen=True, slots=True)
class ListedCase:
    """``next_starts_at`` is the client's next appointment that this case manager planned."""

    number: str
    client_name: str
    interpreter_language: str
    opened_at: datetime
    next_starts_at: datetime | None


@dataclass(frozen=True)
class SeenCase:
    case: Case
    appointments: tuple[Appointment, ...]
    invitations: tuple[Invitation, ...]


def list_cases(
    session: Session, municipality_id: int, staff_member_id: int, *, now: datetime
) -> list[ListedCase]:
    """Her open cases, the newest first."""
    ahead = (
        select(func.min(Appointment.starts_at))
        .where(
            Appointment.case_id == Case.id,
            Appointment.status == AppointmentStatus.CONFIRMED,
            Appointment.starts_at > now,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(Case, ahead)
        .where(
            Case.municipality_id == municipality_id,
            Case.case_manager_id == staff_member_id,
            Case.closed_at.is_(None),
        )
        .options(joinedload(Case.client))
        .order_by(Case.opened_at.desc(), Case.id.desc())
    )
    return [
        ListedCase(
            of_case.number, of_case.client.name, of_case.client.interpreter_language, of_case.opened_at, at
        )
        for of_case, at in rows
    ]


def read_case(session: Session, municipality_id: int, staff_member_id: int, number: str) -> SeenCase:
    """A case of hers with what was booked and offered for it, the newest first. Raises UnknownThing."""
    of_case = session.scalars(
        select(Case)
        .where(
            Case.municipality_id == municipality_id,
            Case.case_manager_id == staff_member_id,
            Case.number == number,
        )
        .options(joinedload(Case.client))
    ).one_or_none()
    if of_case is None:
        raise UnknownThing("case", number)
    appointments = session.scalars(
        select(Appointment)
        .where(Appointment.municipality_id == municipality_id, Appointment.case_id == of_case.id)
        .order_by(Appointment.starts_at.desc())
    )
    invitations = session.scalars(
        select(Invitation)
        .where(Invitation.municipality_id == municipality_id, Invitation.case_id == of_case.id)
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    return SeenCase(of_case, tuple(appointments), tuple(invitations))
