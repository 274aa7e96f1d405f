"""Secret addresses: random, stored hashed, for one purpose, expiring."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import LinkInvalid
from scheduler_app.domain.numbers import new_token, token_hash
from scheduler_app.models import Appointment, Invitation, Link, LinkPurpose

KEPT_AFTER = timedelta(days=1)
"""A link to an appointment works until a day after it."""


def appointment_link(session: Session, appointment: Appointment, *, now: datetime, token: str = "") -> str:
    """A new token (or the one given) that lets its holder see, move and cancel the appointment."""
    token = token or new_token()
    session.add(
        Link(
            municipality_id=appointment.municipality_id,
            token_hash=token_hash(token),
            purpose=LinkPurpose.MANAGE_APPOINTMENT,
            appointment_id=appointment.id,
            created_at=now,
            expires_at=appointment.ends_at + KEPT_AFTER,
        )
    )
    return token


def invitation_link(session: Session, invitation: Invitation, *, now: datetime) -> str:
    """A new token that lets its holder choose a slot."""
    token = new_token()
    session.add(
        Link(
            municipality_id=invitation.municipality_id,
            token_hash=token_hash(token),
            purpose=LinkPurpose.CHOOSE_SLOT,
            invitation_id=invitation.id,
            created_at=now,
            expires_at=invitation.expires_at,
        )
    )
    return token


def open_link(session: Session, token: str, *, now: datetime) -> Link:
    """What a token leads to; raises LinkInvalid if it is unknown or has expired.

    An appointment's link follows it: after a move it works until a day after the new time.
    """
    link = session.scalars(select(Link).where(Link.token_hash == token_hash(token))).one_or_none()
    if link is None:
        raise LinkInvalid
    expires_at = link.expires_at
    if link.appointment_id is not None:
        expires_at = session.get_one(Appointment, link.appointment_id).ends_at + KEPT_AFTER
    if expires_at <= now:
        raise LinkInvalid
    return link
