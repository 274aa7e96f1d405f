"""What an interpreter may know of her assignments: never who the client is, what it is about, or for which agency."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, selectinload

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.models import (
    Appointment,
    AppointmentStatus,
    Municipality,
    Participation,
    ParticipationRole,
    PartStat,
)
from scheduler_app.services.itinerary import TimeAndPlace, visit_times

MOST_PAST = 30


class AssignmentState(StrEnum):
    """PARTSTAT (RFC 5545 3.2.12) as far as it is still hers to answer, and why not where it is not."""

    NEEDS_ACTION = "needs-action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"  # it has begun without an answer
    RELEASED = "released"  # somebody else does it
    CANCELLED = "cancelled"  # the appointment does not take place


@dataclass(frozen=True, slots=True)
class Assignment:
    """One job of one interpreter, as it stands for her: time and place are her own part's.

    ``visits`` are all that she goes to with the client, one or, in a chain, several. ``by_video``: she joins from where
    she is. ``language`` is ISO 639-3, the variety if one was asked for. ``sequence`` tells whether her part changed.
    """

    participation_id: int
    sequence: int
    resource_id: int
    number: str
    starts_at: datetime
    ends_at: datetime
    place: str
    visits: tuple[TimeAndPlace, ...]
    by_video: bool
    language: str
    state: AssignmentState
    municipality: str
    zone: ZoneInfo

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def is_on(self) -> bool:
        """Whether she is to come, or may still be."""
        return self.state in (AssignmentState.NEEDS_ACTION, AssignmentState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class AssignmentList:
    """``requests`` wait for her answer, ``ahead`` are agreed, ``off`` are ahead but not hers any more."""

    requests: tuple[Assignment, ...]
    ahead: tuple[Assignment, ...]
    off: tuple[Assignment, ...]
    past: tuple[Assignment, ...]


AssignmentRow = Row[Participation, Appointment, str, str]


def read_assignments(session: Session, resource_id: int, *, now: datetime) -> AssignmentList:
    """All that is ahead of one interpreter, and the latest that are over, newest first."""
    hers = assignment_query().where(Participation.resource_id == resource_id)
    ahead = [
        to_assignment(row, now=now)
        for row in session.execute(
            hers.where(Participation.ends_at > now).order_by(Participation.starts_at, Participation.id)
        )
    ]
    past = session.execute(
        hers.where(Participation.ends_at <= now, Participation.ended_at.is_(None))
        .order_by(Participation.starts_at.desc(), Participation.id)
        .limit(MOST_PAST)
    )
    return AssignmentList(
        requests=tuple(a for a in ahead if a.state == AssignmentState.NEEDS_ACTION),
        ahead=tuple(a for a in ahead if a.state == AssignmentState.ACCEPTED),
        off=tuple(a for a in ahead if not a.is_on),
        past=tuple(to_assignment(row, now=now) for row in past),
    )


def read_assignment(
    session: Session, participation_id: int, *, resource_id: int, now: datetime
) -> Assignment:
    """One assignment of this interpreter. Raises UnknownThing if it is not hers."""
    row = session.execute(
        assignment_query().where(
            Participation.id == participation_id, Participation.resource_id == resource_id
        )
    ).one_or_none()
    if row is None:
        raise UnknownThing("assignment", str(participation_id))
    return to_assignment(row, now=now)


def assignment_query() -> Select[Participation, Appointment, str, str]:
    """Interpreters' participations with what ``to_assignment`` needs beside them."""
    return (
        select(Participation, Appointment, Municipality.name, Municipality.timezone)
        .join(Appointment, Appointment.id == Participation.appointment_id)
        .join(Municipality, Municipality.id == Appointment.municipality_id)
        .where(Participation.role == ParticipationRole.INTERPRETER)
        .options(selectinload(Appointment.concerns))
    )


def to_assignment(row: AssignmentRow, *, now: datetime) -> Assignment:
    participation, appointment, municipality, timezone = row
    return Assignment(
        participation_id=participation.id,
        sequence=participation.sequence,
        resource_id=participation.resource_id,
        number=appointment.number,
        starts_at=participation.starts_at,
        ends_at=participation.ends_at,
        place=participation.place,
        visits=_visits(participation, appointment),
        by_video=is_by_video(appointment),
        language=appointment.interpreter_variety or appointment.interpreter_language,
        state=_state(participation, appointment, now=now),
        municipality=municipality,
        zone=ZoneInfo(timezone),
    )


def is_by_video(appointment: Appointment) -> bool:
    """Whether the interpreter was asked for by video."""
    return bool(appointment.request.get("by_video"))


def _visits(participation: Participation, appointment: Appointment) -> tuple[TimeAndPlace, ...]:
    """Of whoever is out, only what was hers: the appointment may have moved since."""
    if participation.ended_at is None:
        visits = visit_times(appointment)
        if len(visits) > 1:
            return visits
    return (TimeAndPlace(participation.starts_at, participation.ends_at, participation.place),)


def _state(participation: Participation, appointment: Appointment, *, now: datetime) -> AssignmentState:
    if participation.partstat == PartStat.DECLINED:
        return AssignmentState.DECLINED
    if participation.ended_at is not None:  # what becomes of it then is not hers to know
        return AssignmentState.RELEASED
    if appointment.status == AppointmentStatus.CANCELLED:
        return AssignmentState.CANCELLED
    if participation.partstat == PartStat.ACCEPTED:
        return AssignmentState.ACCEPTED
    return AssignmentState.NEEDS_ACTION if participation.starts_at > now else AssignmentState.UNANSWERED
