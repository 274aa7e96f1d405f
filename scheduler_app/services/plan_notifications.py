"""Which messages an event causes; written in its transaction, sent by the worker."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from notifications.statuses import Status
from scheduler_app.domain.reminder_times import day_before
from scheduler_app.models import (
    Appointment,
    Case,
    Client,
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
    due = {kind: now}
    if kind != CANCEL:
        due_at = day_before(appointment.starts_at, catalogue.timezone, booked_at=now)
        if due_at is not None:
            due[REMINDER] = due_at
    for planned, due_at in due.items():
        _plan(
            session, appointment, planned, appointment.client, language=appointment.language,
            due_at=due_at, now=now,
        )  # fmt: skip


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
    # in German, the language that she interprets from
    _plan(session, appointment, kind, interpreter, language="de", due_at=now, now=now)


def tell_invited(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """The link from which an invited client chooses."""
    client = session.get_one(Case, invitation.case_id).client
    _plan(session, invitation, INVITATION, client, language=client.language, due_at=now, now=now)


def _plan(
    session: Session,
    about: Appointment | Invitation,
    kind: str,
    recipient: Client | Interpreter,
    *,
    language: str,
    due_at: datetime,
    now: datetime,
) -> None:
    appointment = about if isinstance(about, Appointment) else None
    session.add(
        Notification(
            municipality_id=about.municipality_id,
            appointment_id=appointment.id if appointment else None,
            invitation_id=None if appointment else about.id,
            version=appointment.sequence if appointment else 0,
            kind=kind,
            channel=SMS,
            recipient_id=recipient.resource_id,
            recipient_address=recipient.phone if isinstance(recipient, Client) else recipient.mobile,
            language=language,
            status=Status.CREATED,
            due_at=due_at,
            created_at=now,
        )
    )


def _drop_outdated(session: Session, appointment: Appointment, *, now: datetime) -> None:
    """What was to be said of the appointment as it was before is not said any more.

    That an interpreter need not come stays true, whatever becomes of the appointment afterwards.
    """
    session.execute(
        update(Notification)
        .where(
            Notification.appointment_id == appointment.id,
            Notification.version < appointment.sequence,
            Notification.status == Status.CREATED,
            Notification.kind != INTERPRETER_RELEASED,
        )
        .values(status=Status.CANCELLED, lease_until=None, failure=f"outdated {now:%Y-%m-%d %H:%M}Z")
        .execution_options(synchronize_session=False)
    )
