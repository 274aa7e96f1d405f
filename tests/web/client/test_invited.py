"""The case manager has arranged who is needed; the client only chooses when."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Invitation, InvitationStatus, StaffMember
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import check_contact
from scheduler_app.services.invite_client import invite_client
from scheduler_app.services.open_case import open_case
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.web.client.visitor import NOW, SetClock, Visitor, starts, the_appointment


@pytest.fixture
def address(session: Session, moers: Catalogue) -> str:
    """Where the text message leads."""
    manager = session.scalars(select(StaffMember).where(StaffMember.key == "s.celik")).one()
    contact = check_contact("Amal Haddad", "0176 04069123", "ar")
    case = open_case(session, moers, contact, case_manager_id=manager.id, interpreter_language="apc", now=NOW)
    services = ("kita-beratung", "wohnungssuche", "cm-hilfeplan")
    plan = plan_appointment(moers, SlotRequest(services, "ara", "apc", people=(manager.resource_id,)))
    return f"/t/{invite_client(session, moers, case, plan, staff_member_id=manager.id, now=NOW).token}"


def test_she_sees_what_was_arranged_in_her_language(visitor: Visitor, address: str) -> None:
    page = visitor.get(address)
    assert '<html lang="ar" dir="rtl">' in page
    assert "هذا ما تم ترتيبه لك" in page
    assert "Jugendamt Moers" in page
    assert "العربية الشامية" in page
    assert starts(page)


def test_choosing_books_and_twice_leads_to_the_same(visitor: Visitor, session: Session, address: str) -> None:
    offered = starts(visitor.get(address))
    first = visitor.post(f"{address}?lang=de", start=offered[0])
    second = visitor.post(f"{address}?lang=de", start=offered[1])
    appointment = the_appointment(session)
    assert appointment.starts_at.isoformat(timespec="minutes") == offered[0]
    assert all(appointment.number in visitor.get(link) for link in (first, second))
    assert "Dieser Termin ist gebucht" in visitor.get(f"{address}?lang=de")


def test_a_time_that_cannot_be_had_gives_others(visitor: Visitor, session: Session, address: str) -> None:
    page = visitor.post(f"{address}?lang=de", 409, start="2026-11-23T09:00+00:00")
    assert "kann nicht mehr gebucht werden" in page
    start = starts(page)[0]
    question = "service=kita-beratung&service=wohnungssuche"
    visitor.post(f"/moers/slots?{question}&interpreter=none&lang=de", start=start)
    other = visitor.client.post(f"{address}?lang=de", data={"start": start})
    assert other.status_code in {303, 409}
    visitor.post(f"{address}?lang=de", 400 if other.status_code == 409 else 303, start="?")


def test_where_she_is_elsewhere_is_not_offered(visitor: Visitor, address: str) -> None:
    start = starts(visitor.get(address))[0]
    hold = visitor.post("/moers/slots?service=wohnsitz-anmelden&interpreter=none&lang=de", start=start)
    visitor.post(hold, name="Amal Haddad", phone="0176 04069123")
    assert start not in starts(visitor.get(address))
    assert "schon einen anderen Termin" in visitor.post(f"{address}?lang=de", 409, start=start)


def test_withdrawn_and_expired_invitations(
    visitor: Visitor, session: Session, address: str, clock: SetClock
) -> None:
    start = starts(visitor.get(address))[0]
    session.scalars(select(Invitation)).one().status = InvitationStatus.WITHDRAWN
    session.commit()
    assert "Dieser Link gilt nicht" in visitor.get(f"{address}?lang=de", 404)
    visitor.post(f"{address}?lang=de", 404, start=start)
    clock.pass_by(timedelta(days=15))
    visitor.get(f"{address}?lang=de", 404)


def test_one_kind_of_link_does_not_do_the_other_thing(visitor: Visitor, address: str) -> None:
    for step in ("move", "cancel"):
        visitor.post(f"{address}/{step}?lang=de", 404, start="2026-12-01T09:00+00:00")
    booked = visitor.book(question="service=wohnsitz-anmelden", interpreter="none")
    visitor.post(f"{booked}?lang=de", 404, start="2026-12-01T09:00+00:00")
