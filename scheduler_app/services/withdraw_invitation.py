"""Taking an invitation back: its link then leads nowhere."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from notifications.statuses import Status
from scheduler_app.domain.errors import InvitationClosed, UnknownThing
from scheduler_app.models import Case, Invitation, InvitationStatus, Notification
from scheduler_app.models.engine import begin_write
from scheduler_app.services.audit import record


def withdraw_invitation(
    session: Session, municipality_id: int, staff_member_id: int, invitation_id: int, *, now: datetime
) -> None:
    """Withdraw an open invitation of one of the staff member's own cases; withdrawing twice is once. Commits.

    Its message is not sent any more if it is still waiting. Raises UnknownThing if there is none in her cases,
    InvitationClosed if the client was faster.
    """
    begin_write(session)
    invitation = session.scalars(
        select(Invitation)
        .join(Case, Case.id == Invitation.case_id)
        .where(
            Invitation.municipality_id == municipality_id,
            Invitation.id == invitation_id,
            Case.case_manager_id == staff_member_id,
        )
        .with_for_update(of=Invitation)
    ).one_or_none()
    if invitation is None:
        session.rollback()
        raise UnknownThing("invitation", str(invitation_id))
    if invitation.status == InvitationStatus.BOOKED:
        session.rollback()
        raise InvitationClosed
    if invitation.status == InvitationStatus.OPEN:
        invitation.status = InvitationStatus.WITHDRAWN
        _drop_message(session, invitation_id, now=now)
        record(
            session,
            municipality_id,
            at=now,
            actor=f"staff:{staff_member_id}",
            action="withdrawn",
            subject="invitation",
            subject_id=invitation_id,
        )
    session.commit()


def _drop_message(session: Session, invitation_id: int, *, now: datetime) -> None:
    session.execute(
        update(Notification)
        .where(Notification.invitation_id == invitation_id, Notification.status == Status.CREATED)
        .values(status=Status.CANCELLED, lease_until=None, failure=f"withdrawn {now:%Y-%m-%d %H:%M}Z")
        .execution_options(synchronize_session=False)
    )
