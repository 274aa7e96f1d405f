"""Invited booking: a case manager has chosen who is needed, the client chooses when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import LinkInvalid
from scheduler_app.models import Appointment, Case, Invitation, InvitationStatus
from scheduler_app.models.engine import begin_write
from scheduler_app.services.audit import record
from scheduler_app.services.book_appointment import AlreadyBooked, Origin, book_appointment, booked_again
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import Contact
from scheduler_app.services.links import invitation_link
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_notifications import tell_invited
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.services.write_appointment import Booked

OPEN_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Invited:
    """An open invitation and the token of its link (which the client also gets by text message)."""

    invitation: Invitation
    token: str


def invite_client(
    session: Session, catalogue: Catalogue, case: Case, plan: Plan, *, staff_member_id: int, now: datetime
) -> Invited:
    """Let the client of a case choose among the joint slots of a plan; she is sent the link. Commits."""
    case_id = case.id
    begin_write(session)
    invitation = Invitation(
        municipality_id=catalogue.municipality_id,
        case_id=case_id,
        request=plan.request.to_json(),
        status=InvitationStatus.OPEN,
        created_at=now,
        expires_at=now + OPEN_FOR,
        created_by_id=staff_member_id,
    )
    session.add(invitation)
    session.flush()
    token = invitation_link(session, invitation, now=now)
    tell_invited(session, invitation, now=now)
    record(
        session,
        catalogue.municipality_id,
        at=now,
        actor=f"staff:{staff_member_id}",
        action="invited",
        subject="invitation",
        subject_id=invitation.id,
    )
    session.commit()
    return Invited(invitation, token)


def plan_of_invitation(catalogue: Catalogue, invitation: Invitation) -> Plan:
    """What an invitation offers, by the catalogue of today."""
    return plan_appointment(catalogue, SlotRequest.from_json(invitation.request))


def accept_invitation(
    session: Session, catalogue: Catalogue, invitation: Invitation, starts_at: datetime, *, now: datetime
) -> Booked:
    """Book the slot that the client chose. A second click gives the same appointment.

    Raises LinkInvalid if the invitation was withdrawn or has expired, SlotTaken, NotOffered, ClientBusy.
    """
    if invitation.status == InvitationStatus.BOOKED and invitation.appointment_id is not None:
        return booked_again(session, invitation.appointment_id, now=now)
    case = session.get_one(Case, invitation.case_id)
    contact = Contact(case.client.name, case.client.phone, case.client.language)
    return book_appointment(
        session,
        catalogue,
        plan_of_invitation(catalogue, invitation),
        starts_at,
        contact,
        now=now,
        actor="client",
        case_id=case.id,
        origin=_origin(session, invitation.id, now=now),
    )


def _origin(session: Session, invitation_id: int, *, now: datetime) -> Origin:
    """One invitation leads to one appointment, whatever arrives together."""

    def locked() -> Invitation:
        query = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
        return session.scalars(query.execution_options(populate_existing=True)).one()

    def lock() -> None:
        invitation = locked()
        if invitation.status == InvitationStatus.BOOKED and invitation.appointment_id is not None:
            raise AlreadyBooked(invitation.appointment_id)
        if invitation.status != InvitationStatus.OPEN or invitation.expires_at <= now:
            raise LinkInvalid

    def finish(appointment: Appointment) -> None:
        invitation = locked()
        invitation.status = InvitationStatus.BOOKED
        invitation.appointment_id = appointment.id

    return Origin(lock, finish)
