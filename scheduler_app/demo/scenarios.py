"""A few clients whom everybody who shows the demo knows, booked the way real ones are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Account, Appointment, Audience, StaffMember
from scheduler_app.services.answer_assignment import accept_assignment, decline_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import Contact, check_contact
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.invite_client import invite_client
from scheduler_app.services.open_case import open_case
from scheduler_app.services.participations import active_interpreter
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest

CASE_MANAGER = "selin.celik@moers.example"


@dataclass(frozen=True, slots=True)
class ClientLink:
    """A client's secret link. ``purpose`` is that of the link, ``language`` the BCP 47 tag of her pages."""

    client: str
    language: str
    purpose: str
    token: str


def add_scenarios(session: Session, catalogue: Catalogue, *, now: datetime) -> list[ClientLink]:
    """The mother from Aleppo with her joint appointment, a family that is invited, a worker whose permit ends."""
    return [
        _mother_from_aleppo(session, catalogue, now=now),
        _family_from_kharkiv(session, catalogue, now=now),
        _worker_from_asmara(session, catalogue, now=now),
        _family_from_plovdiv(session, catalogue, now=now),
        _woman_from_mogadishu(session, catalogue, now=now),
    ]


def staff_member(session: Session, email: str) -> StaffMember:
    return session.scalars(
        select(StaffMember)
        .join(Account, Account.staff_member_id == StaffMember.id)
        .where(Account.audience == Audience.STAFF, Account.email == email)
    ).one()


def _mother_from_aleppo(session: Session, catalogue: Catalogue, *, now: datetime) -> ClientLink:
    """Nursery place, language course and flat at one table; the interpreter has said yes."""
    contact = check_contact("ياسمين الحلبي", "0152 28817386", "ar")
    case_id = _open_case(session, catalogue, contact, "apc", now=now)
    request = SlotRequest(("kita-beratung", "kurs-beratung", "wohnungssuche"), "ara", "apc")
    appointment, link = _book(session, catalogue, request, contact, days=3, case_id=case_id, now=now)
    part = active_interpreter(appointment)
    if part is not None:
        accept_assignment(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=now)
    return link


def _family_from_kharkiv(session: Session, catalogue: Catalogue, *, now: datetime) -> ClientLink:
    """From the benefits for refugees to the job centre, with the case manager at the table; they choose when."""
    contact = check_contact("Олена Гончаренко", "0174 9091317", "uk")
    manager = staff_member(session, CASE_MANAGER)
    manager_id, resource_id = manager.id, manager.resource_id
    case = open_case(
        session, catalogue, contact, case_manager_id=manager_id, interpreter_language="ukr", now=now
    )
    services = ("leistung-gefluechtete", "jobcenter-erstgespraech")
    plan = plan_appointment(catalogue, SlotRequest(services, "ukr", people=(resource_id,)))
    invited = invite_client(session, catalogue, case, plan, staff_member_id=manager_id, now=now)
    return ClientLink(contact.name, contact.language, "choose_slot", invited.token)


def _worker_from_asmara(session: Session, catalogue: Catalogue, *, now: datetime) -> ClientLink:
    """His permit ends in three weeks."""
    contact = check_contact("Filmon Kidane", "0172 9925904", "en")
    request = SlotRequest(("fiktionsbescheinigung",), "tir")
    return _book(session, catalogue, request, contact, days=4, now=now)[1]


def _family_from_plovdiv(session: Session, catalogue: Catalogue, *, now: datetime) -> ClientLink:
    """They are from Bulgaria and speak Turkish."""
    contact = check_contact("Айше Асенова", "0172 9968532", "tr")
    request = SlotRequest(("wohnsitz-anmelden", "kita-beratung"), "tur")
    return _book(session, catalogue, request, contact, days=6, now=now)[1]


def _woman_from_mogadishu(session: Session, catalogue: Catalogue, *, now: datetime) -> ClientLink:
    """Everybody who speaks Somali has said no: somebody must see to it."""
    contact = check_contact("Ayaan Warsame Ali", "0172 9973185", "en")
    case_id = _open_case(session, catalogue, contact, "som", now=now)
    request = SlotRequest(("migrationsberatung",), "som")
    appointment, link = _book(session, catalogue, request, contact, days=5, case_id=case_id, now=now)
    part = active_interpreter(appointment)
    while part is not None:
        part = decline_assignment(
            session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=now
        )
    return link


def _open_case(
    session: Session, catalogue: Catalogue, contact: Contact, language: str, *, now: datetime
) -> int:
    manager_id = staff_member(session, CASE_MANAGER).id
    return open_case(
        session, catalogue, contact, case_manager_id=manager_id, interpreter_language=language, now=now
    ).id


def _book(
    session: Session,
    catalogue: Catalogue,
    request: SlotRequest,
    contact: Contact,
    *,
    days: int,
    now: datetime,
    case_id: int | None = None,
) -> tuple[Appointment, ClientLink]:
    """The first slot from so many days on."""
    plan: Plan = plan_appointment(catalogue, request)
    start = find_slots(session, catalogue, plan, now=now, from_at=now + timedelta(days=days), limit=1).starts[
        0
    ]
    booked = book_appointment(
        session, catalogue, plan, start, contact, now=now, actor="client", case_id=case_id
    )
    return booked.appointment, ClientLink(contact.name, contact.language, "manage_appointment", booked.token)
