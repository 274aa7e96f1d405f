"""The case manager has arranged who is needed; the client only chooses when."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Appointment, Invitation, InvitationStatus, StaffMember
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import check_contact
from scheduler_app.services.invite_client import invite_client
from scheduler_app.services.open_case import open_case
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.web.client.conftest import NOW, Phone, SetClock, starts


@pytest.fixture
def address(session: Session, moers: Catalogue) -> Iterator[str]:
    """Where the text message leads."""
    manager = session.scalars(select(StaffMember).where(StaffMember.key == "s.celik")).one()
    contact = check_contact("Amal Haddad", "0176 04069123", "ar")
    case = open_case(session, moers, contact, case_manager_id=manager.id, interpreter_language="apc", now=NOW)
    services = ("kita-beratung", "wohnungssuche", "cm-hilfeplan")
    plan = plan_appointment(moers, SlotRequest(services, "ara", "apc", people=(manager.resource_id,)))
    yield f"/t/{invite_client(session, moers, case, plan, staff_member_id=manager.id, now=NOW).token}"


def test_she_sees_what_was_arranged_in_her_language(phone: Phone, address: str) -> None:
    page = phone.get(address)
    assert '<html lang="ar" dir="rtl">' in page
    assert "هذا ما تم ترتيبه لك" in page
    assert "Jugendamt Moers" in page
    assert "العربية الشامية" in page
    assert starts(page)


def test_choosing_books_and_twice_leads_to_the_same(phone: Phone, session: Session, address: str) -> None:
    offered = starts(phone.get(address))
    first = phone.post(f"{address}?lang=de", start=offered[0])
    second = phone.post(f"{address}?lang=de", start=offered[1])
    appointment = session.scalars(select(Appointment)).one()
    assert appointment.starts_at.isoformat(timespec="minutes") == offered[0]
    assert all(appointment.number in phone.get(link) for link in (first, second))
    assert "Dieser Termin ist gebucht" in phone.get(f"{address}?lang=de")


def test_a_time_that_cannot_be_had_gives_others(phone: Phone, session: Session, address: str) -> None:
    page = phone.post(f"{address}?lang=de", 409, start="2026-11-23T09:00+00:00")
    assert "kann nicht mehr gebucht werden" in page
    start = starts(page)[0]
    question = "service=kita-beratung&service=wohnungssuche"
    phone.post(f"/moers/slots?{question}&interpreter=none&lang=de", start=start)
    other = phone.client.post(f"{address}?lang=de", data={"start": start})
    assert other.status_code in {303, 409}
    phone.post(f"{address}?lang=de", 400 if other.status_code == 409 else 303, start="?")


def test_where_she_is_elsewhere_is_not_offered(phone: Phone, address: str) -> None:
    start = starts(phone.get(address))[0]
    hold = phone.post("/moers/slots?service=wohnsitz-anmelden&interpreter=none&lang=de", start=start)
    phone.post(hold, name="Amal Haddad", phone="0176 04069123")
    assert start not in starts(phone.get(address))
    assert "schon einen anderen Termin" in phone.post(f"{address}?lang=de", 409, start=start)


def test_withdrawn_and_expired_invitations(
    phone: Phone, session: Session, address: str, clock: SetClock
) -> None:
    start = starts(phone.get(address))[0]
    session.scalars(select(Invitation)).one().status = InvitationStatus.WITHDRAWN
    session.commit()
    assert "Dieser Link gilt nicht" in phone.get(f"{address}?lang=de", 404)
    phone.post(f"{address}?lang=de", 404, start=start)
    clock.pass_by(timedelta(days=15))
    phone.get(f"{address}?lang=de", 404)


def test_one_kind_of_link_does_not_do_the_other_thing(phone: Phone, address: str) -> None:
    for step in ("move", "cancel"):
        phone.post(f"{address}/{step}?lang=de", 404, start="2026-12-01T09:00+00:00")
    booked = phone.book(question="service=wohnsitz-anmelden", interpreter="none")
    phone.post(f"{booked}?lang=de", 404, start="2026-12-01T09:00+00:00")
