"""Which messages an event causes; written in its transaction, sent by the worker."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from notifications.statuses import Status
from scheduler_app.domain.reminder_times import day_before
from scheduler_app.models import (
    Appointment,
    Case,
    Interpreter,
    Invitation,
    Notification,
    Participation,
    ParticipationRole,
)
from scheduler_app.services.catalogue import Catalogue

SMS = "sms"
CONFIRMATION, REMINDER, CHANGE, CANCEL = "confirmation", "reminder", "change", "cancel"
INVITATION = "invitation"
INTERPRETER_ASSIGNED = "interpreter-assigned"
INTERPRETER_CHANGED = "interpreter-changed"
INTERPRETER_RELEASED = "interpreter-released"


def tell_client(
    session: Session, catalogue: Catalogue, appointment: Appointment, kind: str, *, now: datetime
) -> None:
    """A text to the client at once, and, unless it is cancelled, a reminder the day before."""
    _drop_outdated(session, appointment, now=now)
    _add_for_client(session, appointment, kind, due_at=now, now=now)
    if kind != CANCEL:
        due_at = day_before(appointment.starts_at, catalogue.timezone, booked_at=now)
        if due_at is not None:
            _add_for_client(session, appointment, REMINDER, due_at=due_at, now=now)


def tell_interpreter(
    session: Session,
    appointment: Appointment,
    participation: Participation | None,
    kind: str,
    *,
    now: datetime,
) -> None:
    """A text to the interpreter of this participation, at once; nothing if there is none."""
    if participation is None or participation.role != ParticipationRole.INTERPRETER:
        return
    interpreter = session.scalars(
        select(Interpreter).where(Interpreter.resource_id == participation.resource_id)
    ).one()
    session.add(
        Notification(
            municipality_id=appointment.municipality_id,
            appointment_id=appointment.id,
            version=appointment.sequence,
            kind=kind,
            channel=SMS,
            recipient_id=interpreter.resource_id,
            recipient_address=interpreter.mobile,
            language="de",  # the language that she interprets from
            status=Status.CREATED,
            due_at=now,
            created_at=now,
        )
    )


def tell_invited(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """The link from which an invited client chooses."""
    client = session.get_one(Case, invitation.case_id).client
    session.add(
        Notification(
            municipality_id=invitation.municipality_id,
            invitation_id=invitation.id,
            version=0,
            kind=INVITATION,
            channel=SMS,
            recipient_id=client.resource_id,
            recipient_address=client.phone,
            language=client.language,
            status=Status.CREATED,
            due_at=now,
            created_at=now,
        )
    )


def _add_for_client(
    session: Session, appointment: Appointment, kind: str, *, due_at: datetime, now: datetime
) -> None:
    client = appointment.client
    session.add(
        Notification(
            municipality_id=appointment.municipality_id,
            appointment_id=appointment.id,
            version=appointment.sequence,
            kind=kind,
            channel=SMS,
            recipient_id=client.resource_id,
            recipient_address=client.phone,
            language=client.language,
            status=Status.CREATED,
            due_at=due_at,
            created_at=now,
        )
    )


def _drop_outdated(session: Session, appointment: Appointment, *, now: datetime) -> None:
    """What was to be said of the appointment as it was before is not said any more."""
    session.execute(
        update(Notification)
        .where(
            Notification.appointment_id == appointment.id,
            Notification.version < appointment.sequence,
            Notification.status == Status.CREATED,
        )
        .values(status=Status.CANCELLED, lease_until=None, failure=f"outdated {now:%Y-%m-%d %H:%M}Z")
        .execution_options(synchronize_session=False)
    )
