"""The tiny municipality with case management, accounts, and browsers that are signed in."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.app import create_app
from scheduler_app.config import Settings
from scheduler_app.domain.numbers import token_hash
from scheduler_app.models import (
    Account,
    Agency,
    Appointment,
    Case,
    Resource,
    SignIn,
    StaffMember,
    db,
)
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import catalogue_by_id
from scheduler_app.services.contact import Contact
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.open_case import open_case
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import NOW, Town, add_hours, add_town, raise_catalogue_version

CLIENT = Contact("Amal Haddad", "+4915205550101", "ar")


@dataclass
class House:
    """A municipality whose staff can sign in. ``members`` are staff members' ids by key."""

    app: Flask
    session: Session
    town: Town
    members: dict[str, int] = field(default_factory=dict)
    tokens: Iterator[int] = field(default_factory=itertools.count)

    def account(self, key: str, *roles: str) -> int:
        """An account for a staff member; returns its id."""
        member = self.session.scalars(
            select(StaffMember).where(
                StaffMember.municipality_id == self.town.municipality_id, StaffMember.key == key
            )
        ).one()
        account = Account(
            municipality_id=self.town.municipality_id,
            audience="staff",
            email=f"{key}@{self.town.slug}.example",
            roles=list(roles),
            staff_member_id=member.id,
        )
        self.session.add(account)
        self.session.commit()
        self.members[key] = member.id
        return account.id

    def browser(self, key: str, *roles: str) -> FlaskClient:
        """A browser in which this staff member is signed in with these roles."""
        account_id = self.account(key, *roles)
        token = f"{self.town.slug}-{next(self.tokens)}"
        self.session.add(
            SignIn(
                municipality_id=self.town.municipality_id,
                account_id=account_id,
                token_hash=token_hash(token),
                created_at=NOW,
                expires_at=NOW + timedelta(hours=12),
            )
        )
        self.session.commit()
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept["staff_sign_in"] = token
        return client

    def case(self, key: str = "cm0", contact: Contact = CLIENT) -> Case:
        """A case of this case manager (who has an account already)."""
        catalogue = catalogue_by_id(self.session, self.town.municipality_id)
        return open_case(
            self.session,
            catalogue,
            contact,
            case_manager_id=self.members[key],
            interpreter_language="apc",
            now=NOW,
        )

    def book(
        self, *services: str, case: Case | None = None, language: str = "ara", who: Contact = CLIENT
    ) -> Appointment:
        """The first slot for these services."""
        case_id = case.id if case else None
        catalogue = catalogue_by_id(self.session, self.town.municipality_id)
        plan = plan_appointment(catalogue, SlotRequest(services, language))
        start = find_slots(self.session, catalogue, plan, now=NOW, limit=1).starts[0]
        booked = book_appointment(
            self.session, catalogue, plan, start, who, now=NOW, actor="api", case_id=case_id
        )
        return booked.appointment


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a Monday in November 2026; forms need no token here (test_sign_in.py asks for it)."""
    made = create_app(settings, clock=lambda: NOW)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    """``clerk0`` and ``clerk1`` are of the immigration office, ``adviser0`` of the Jobcenter, ``cm0`` and ``cm1`` are
    case managers; nobody has an account yet.
    """
    return House(app, session, add_case_management(session, add_town(session)))


@pytest.fixture
def elsewhere(app: Flask, session: Session, house: House) -> House:
    """Another municipality in the same database."""
    return House(app, session, add_case_management(session, add_town(session, "anderswo")))


def add_case_management(session: Session, town: Town) -> Town:
    agency = Agency(
        municipality_id=town.municipality_id,
        key="kim",
        name="Kim",
        kind="case_management",
        client_word="Klient*in",
        phone="+492841777",
    )
    session.add(agency)
    session.flush()
    add_hours(session, town, agency_id=agency.id)
    for number in range(2):
        resource = Resource(
            municipality_id=town.municipality_id, kind="staff", agency_id=agency.id, changed_at=NOW
        )
        session.add(resource)
        session.flush()
        session.add(
            StaffMember(
                municipality_id=town.municipality_id,
                resource_id=resource.id,
                agency_id=agency.id,
                key=f"cm{number}",
                name=f"Managerin {number}",
                desk="",
            )
        )
    raise_catalogue_version(session, town)
    session.commit()
    return town
