"""Invited booking: the case manager has chosen who, the client chooses when."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import LinkInvalid, SlotTaken
from scheduler_app.models import (
    Appointment,
    AuditEntry,
    Case,
    InvitationStatus,
    LinkPurpose,
    Notification,
    StaffMember,
)
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.invite_client import (
    OPEN_FOR,
    Invited,
    accept_invitation,
    invite_client,
    plan_of_invitation,
)
from scheduler_app.services.links import open_link
from scheduler_app.services.open_case import open_case
from tests.support.builders import FIRST_SLOT, NOW, Town, contact
from tests.support.consistency import mistakes_in
from tests.support.plans import joint


@pytest.fixture
def manager(session: Session, town: Town) -> StaffMember:
    return session.scalars(select(StaffMember).where(StaffMember.resource_id == town.advisers[0])).one()


@pytest.fixture
def case(session: Session, catalogue: Catalogue, manager: StaffMember) -> Case:
    return open_case(
        session,
        catalogue,
        contact(1, "ar"),
        case_manager_id=manager.id,
        interpreter_language="apc",
        now=NOW,
    )


@pytest.fixture
def invited(session: Session, catalogue: Catalogue, case: Case, manager: StaffMember) -> Invited:
    return invite_client(session, catalogue, case, joint(catalogue), staff_member_id=manager.id, now=NOW)


def test_a_case_is_opened_once(
    session: Session, catalogue: Catalogue, case: Case, manager: StaffMember
) -> None:
    again = open_case(
        session, catalogue, contact(1, "de"), case_manager_id=manager.id, interpreter_language="", now=NOW
    )
    assert again.id == case.id
    assert (again.client.language, again.client.interpreter_language) == ("de", "")


def test_the_client_is_sent_the_link(
    session: Session, catalogue: Catalogue, case: Case, invited: Invited
) -> None:
    link = open_link(session, invited.token, now=NOW)
    assert (link.purpose, link.invitation_id) == (LinkPurpose.CHOOSE_SLOT, invited.invitation.id)
    message = session.scalars(select(Notification)).one()
    assert (message.kind, message.language, message.recipient_address) == (
        "invitation",
        "ar",
        case.client.phone,
    )
    with pytest.raises(LinkInvalid):
        open_link(session, invited.token, now=NOW + OPEN_FOR)
    assert plan_of_invitation(catalogue, invited.invitation) == joint(catalogue)


def test_she_books_once(session: Session, catalogue: Catalogue, case: Case, invited: Invited) -> None:
    first = accept_invitation(session, catalogue, invited.invitation, FIRST_SLOT, now=NOW)
    again = accept_invitation(
        session, catalogue, invited.invitation, FIRST_SLOT + timedelta(hours=2), now=NOW
    )
    assert first.appointment.id == again.appointment.id
    assert first.appointment.case_id == case.id
    assert first.appointment.client_id == case.client_id
    assert (invited.invitation.status, invited.invitation.appointment_id) == (
        InvitationStatus.BOOKED,
        first.appointment.id,
    )
    assert session.scalar(select(func.count()).select_from(Appointment)) == 1
    assert open_link(session, again.token, now=NOW).appointment_id == first.appointment.id
    assert mistakes_in(session) == []


def test_two_windows_book_once(session: Session, catalogue: Catalogue, invited: Invited) -> None:
    """Both show it as open; whatever slot the second one chooses, it leads to the first one's appointment."""
    first = accept_invitation(session, catalogue, invited.invitation, FIRST_SLOT, now=NOW)
    for start in (FIRST_SLOT, FIRST_SLOT + timedelta(hours=2)):
        second = accept_invitation(session, catalogue, invited.invitation, start, now=NOW)
        assert second.appointment.id == first.appointment.id
        assert open_link(session, second.token, now=NOW).appointment_id == first.appointment.id
    assert len(session.scalars(select(Appointment)).all()) == 1
    assert mistakes_in(session) == []


def test_a_taken_slot_leaves_the_invitation_open(
    session: Session, catalogue: Catalogue, invited: Invited
) -> None:
    book_appointment(session, catalogue, joint(catalogue), FIRST_SLOT, contact(2), now=NOW, actor="api")
    with pytest.raises(SlotTaken) as taken:
        accept_invitation(session, catalogue, invited.invitation, FIRST_SLOT, now=NOW)
    assert invited.invitation.status == InvitationStatus.OPEN
    accept_invitation(session, catalogue, invited.invitation, taken.value.next_starts[0], now=NOW)
    assert mistakes_in(session) == []


@pytest.mark.parametrize("status", [InvitationStatus.OPEN, InvitationStatus.WITHDRAWN])
def test_withdrawn_or_too_late(
    session: Session, catalogue: Catalogue, invited: Invited, status: InvitationStatus
) -> None:
    invited.invitation.status = status
    session.commit()
    now = NOW + OPEN_FOR if status == InvitationStatus.OPEN else NOW
    with pytest.raises(LinkInvalid):
        accept_invitation(session, catalogue, invited.invitation, now + timedelta(days=3), now=now)


def test_what_is_offered_leaves_her_own_appointments_out(
    session: Session, catalogue: Catalogue, case: Case, invited: Invited
) -> None:
    accept_invitation(session, catalogue, invited.invitation, FIRST_SLOT, now=NOW)
    found = find_slots(
        session, catalogue, joint(catalogue), now=NOW, client_resource_id=case.client.resource_id, limit=1
    )
    assert found.starts == (FIRST_SLOT + timedelta(minutes=75),)


def test_the_audit_trail_names_nobody(
    session: Session, catalogue: Catalogue, case: Case, invited: Invited
) -> None:
    accept_invitation(session, catalogue, invited.invitation, FIRST_SLOT, now=NOW)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["opened", "invited", "booked"]
    written = " ".join(f"{e.actor} {e.subject} {e.detail}" for e in entries)
    assert "Amal" not in written
    assert case.client.phone not in written
