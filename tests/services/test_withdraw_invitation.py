"""A case manager takes an invitation back before the client has chosen."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import InvitationClosed, LinkInvalid, TerminlotseError, UnknownThing
from scheduler_app.models import (
    Appointment,
    AuditEntry,
    Invitation,
    InvitationStatus,
    Notification,
    StaffMember,
)
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.invite_client import Invited, accept_invitation, invite_client
from scheduler_app.services.open_case import open_case
from scheduler_app.services.withdraw_invitation import withdraw_invitation
from tests.support.builders import FIRST_SLOT, NOW, Town, contact
from tests.support.consistency import mistakes_in
from tests.support.plans import joint
from tests.support.rivals import all_at_once


@pytest.fixture
def manager_id(session: Session, town: Town) -> int:
    return session.scalars(select(StaffMember.id).where(StaffMember.resource_id == town.advisers[0])).one()


@pytest.fixture
def invited(session: Session, catalogue: Catalogue, manager_id: int) -> Invited:
    case = open_case(
        session, catalogue, contact(), case_manager_id=manager_id, interpreter_language="apc", now=NOW
    )
    return invite_client(session, catalogue, case, joint(catalogue), staff_member_id=manager_id, now=NOW)


def test_it_can_not_be_accepted_any_more(
    session: Session, catalogue: Catalogue, invited: Invited, manager_id: int
) -> None:
    for _ in range(2):
        withdraw_invitation(session, catalogue.municipality_id, manager_id, invited.invitation.id, now=NOW)
    assert invited.invitation.status == InvitationStatus.WITHDRAWN
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["opened", "invited", "withdrawn"]
    assert session.scalars(select(Notification.status)).all() == ["cancelled"]
    with pytest.raises(LinkInvalid):
        accept_invitation(session, catalogue, invited.invitation, FIRST_SLOT, now=NOW)


def test_what_was_booked_stays(
    session: Session, catalogue: Catalogue, invited: Invited, manager_id: int
) -> None:
    accept_invitation(session, catalogue, invited.invitation, FIRST_SLOT, now=NOW)
    with pytest.raises(InvitationClosed):
        withdraw_invitation(session, catalogue.municipality_id, manager_id, invited.invitation.id, now=NOW)
    assert not session.in_transaction()
    assert invited.invitation.status == InvitationStatus.BOOKED


@pytest.mark.parametrize(("other_town", "other_manager"), [(1, 0), (0, 1)])
def test_only_in_her_own_cases(
    session: Session,
    catalogue: Catalogue,
    invited: Invited,
    manager_id: int,
    other_town: int,
    other_manager: int,
) -> None:
    where, who = catalogue.municipality_id + other_town, manager_id + other_manager
    with pytest.raises(UnknownThing):
        withdraw_invitation(session, where, who, invited.invitation.id, now=NOW)
    assert invited.invitation.status == InvitationStatus.OPEN


def did(action: Callable[[], object]) -> bool:
    """Whether it was not refused."""
    try:
        action()
    except TerminlotseError:
        return False
    return True


def test_withdrawn_and_accepted_at_once_one_is_first(
    session: Session, database_url: str, town: Town, invited: Invited, manager_id: int
) -> None:
    invitation_id = invited.invitation.id
    session.rollback()

    def accept(own: Session) -> bool:
        catalogue = catalogue_of(own, town.slug)
        return did(
            lambda: accept_invitation(
                own, catalogue, own.get_one(Invitation, invitation_id), FIRST_SLOT, now=NOW
            )
        )

    def withdraw(own: Session) -> bool:
        return did(lambda: withdraw_invitation(own, town.municipality_id, manager_id, invitation_id, now=NOW))

    accepted, withdrawn = all_at_once(database_url, [accept, withdraw])
    assert accepted is not withdrawn
    assert len(session.scalars(select(Appointment)).all()) == accepted
    assert mistakes_in(session) == []
