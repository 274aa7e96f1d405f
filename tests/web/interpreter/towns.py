"""Towns whose people can sign in, and the application at a fixed time."""

from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import (
    Account,
    Appointment,
    Audience,
    Interpreter,
    Participation,
    Resource,
    StaffMember,
    StaffRole,
)
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.participations import active_interpreter
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.sign_in import set_password
from tests.support.builders import FIRST_SLOT, NOW, Town, contact
from tests.support.plans import with_interpreter

PASSWORD = "correct horse battery"


def book(
    session: Session,
    town: Town,
    *,
    starts_at: datetime = FIRST_SLOT,
    number: int = 1,
    plan: Callable[[Catalogue], Plan] = with_interpreter,
) -> Appointment:
    catalogue = catalogue_of(session, town.slug)
    booked = book_appointment(
        session, catalogue, plan(catalogue), starts_at, contact(number, "ar"), now=NOW, actor="api"
    )
    return booked.appointment


def job_of(appointment: Appointment) -> Participation:
    """The interpreter's part."""
    found = active_interpreter(appointment)
    assert found is not None
    return found


def interpreter_account(session: Session, resource_id: int, email: str) -> Account:
    person = session.scalars(select(Interpreter).where(Interpreter.resource_id == resource_id)).one()
    return _account(
        session, Audience.INTERPRETER, email, [], person.municipality_id, interpreter_id=person.id
    )


def staff_account(session: Session, resource_id: int, email: str, *roles: StaffRole) -> Account:
    person = session.scalars(select(StaffMember).where(StaffMember.resource_id == resource_id)).one()
    return _account(
        session, Audience.STAFF, email, list(roles), person.municipality_id, staff_member_id=person.id
    )


def pool_coordinator(session: Session, town: Town, email: str) -> Account:
    """A new staff member in the town's interpreter pool."""
    agency_id = town.agencies["pool"]
    resource = Resource(
        municipality_id=town.municipality_id, kind="staff", agency_id=agency_id, changed_at=NOW
    )
    session.add(resource)
    session.flush()
    session.add(
        StaffMember(
            municipality_id=town.municipality_id,
            resource_id=resource.id,
            agency_id=agency_id,
            key="coordinator",
            name="Pia Pool",
            desk="",
        )
    )
    session.flush()
    return staff_account(session, resource.id, email, StaffRole.POOL_COORDINATOR)


def sign_in(client: FlaskClient, audience: Audience, email: str) -> FlaskClient:
    answer = client.post(f"/{audience}/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def _account(
    session: Session, audience: Audience, email: str, roles: list[str], municipality_id: int, **owner: int
) -> Account:
    account = Account(
        municipality_id=municipality_id, audience=audience, email=email, roles=roles, is_active=True, **owner
    )
    session.add(account)
    session.flush()
    set_password(session, account, PASSWORD)
    session.commit()
    return account
