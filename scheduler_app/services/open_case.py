"""Opening a case: one case manager coordinates for one client."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler_app.domain.numbers import appointment_number
from scheduler_app.models import Case, Client
from scheduler_app.models.engine import begin_write, is_lost_race
from scheduler_app.services.audit import record
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import Contact, add_client, find_client

ATTEMPTS = 5
"""Others may write down the client, then her case, and a number may be taken; each is over after one more try."""


def open_case(
    session: Session,
    catalogue: Catalogue,
    contact: Contact,
    *,
    case_manager_id: int,
    interpreter_language: str,
    now: datetime,
) -> Case:
    """The case of this client with this case manager (a staff member's id), made if there is none; commits.

    ``interpreter_language``: ISO 639-3 of the language or variety she needs, empty = none. However many ask at once,
    there is one client and one open case.
    """
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            begin_write(session)
            client = find_client(session, catalogue.municipality_id, contact)
            if client is None:
                client = add_client(session, catalogue.municipality_id, contact, None, now=now)
            client.language = contact.language
            client.interpreter_language = interpreter_language
            case = _find(session, client, case_manager_id) or _add(session, client, case_manager_id, now=now)
            session.commit()
        except DBAPIError as error:
            session.rollback()
            if not (attempts_left and is_lost_race(error)):
                raise
        else:
            return case
    raise AssertionError("the last attempt returns or raises")


def _find(session: Session, client: Client, case_manager_id: int) -> Case | None:
    return session.scalars(
        select(Case).where(
            Case.client_id == client.id, Case.case_manager_id == case_manager_id, Case.closed_at.is_(None)
        )
    ).one_or_none()


def _add(session: Session, client: Client, case_manager_id: int, *, now: datetime) -> Case:
    case = Case(
        municipality_id=client.municipality_id,
        number=appointment_number("F"),
        client_id=client.id,
        case_manager_id=case_manager_id,
        opened_at=now,
    )
    session.add(case)
    session.flush()
    record(
        session,
        client.municipality_id,
        at=now,
        actor=f"staff:{case_manager_id}",
        action="opened",
        subject="case",
        subject_id=case.id,
    )
    return case
