"""Opening a case: one case manager coordinates for one client."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.numbers import appointment_number
from scheduler_app.models import Case
from scheduler_app.models.engine import begin_write
from scheduler_app.services.audit import record
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import Contact, add_client, find_client


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

    ``interpreter_language``: ISO 639-3 of the language or variety she needs, empty = none.
    """
    begin_write(session)
    client = find_client(session, catalogue.municipality_id, contact)
    if client is None:
        client = add_client(session, catalogue.municipality_id, contact, None, now=now)
    client.language = contact.language
    client.interpreter_language = interpreter_language
    case = session.scalars(
        select(Case).where(
            Case.client_id == client.id, Case.case_manager_id == case_manager_id, Case.closed_at.is_(None)
        )
    ).first()
    if case is None:
        case = Case(
            municipality_id=catalogue.municipality_id,
            number=appointment_number("F"),
            client_id=client.id,
            case_manager_id=case_manager_id,
            opened_at=now,
        )
        session.add(case)
        session.flush()
        record(
            session,
            catalogue.municipality_id,
            at=now,
            actor=f"staff:{case_manager_id}",
            action="opened",
            subject="case",
            subject_id=case.id,
        )
    session.commit()
    return case
