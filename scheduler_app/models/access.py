"""Accounts, sign-ins, secret links, calendar feeds and invitations: every way into the house."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Row, RowId, TenantRow
from .people import Interpreter, StaffMember


class Audience(StrEnum):
    STAFF = "staff"
    INTERPRETER = "interpreter"


class StaffRole(StrEnum):
    CASE_MANAGER = "case_manager"
    CLERK = "clerk"
    TEAM_LEAD = "team_lead"
    POOL_COORDINATOR = "pool_coordinator"
    MUNICIPAL_ADMIN = "municipal_admin"


class Account(TenantRow, Base):
    """Lets one staff member or interpreter sign in. ``password_hash`` is argon2id; empty = no password set yet."""

    __tablename__ = "accounts"
    audience: Mapped[str]
    email: Mapped[str]  # lower case
    password_hash: Mapped[str] = mapped_column(default="")
    roles: Mapped[list[str]]
    staff_member_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("staff_members.id"), unique=True)
    interpreter_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("interpreters.id"), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)

    staff_member: Mapped[StaffMember | None] = relationship()
    interpreter: Mapped[Interpreter | None] = relationship()
    __table_args__ = (
        UniqueConstraint("audience", "email"),
        CheckConstraint("(staff_member_id IS NULL) <> (interpreter_id IS NULL)", name="one_person"),
    )


class SignIn(TenantRow, Base):
    """A signed-in browser; the cookie holds the token, we hold its hash."""

    __tablename__ = "sign_ins"
    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    account: Mapped[Account] = relationship()


class SignInFailure(Row, Base):
    """A failed try, by keyed hash of the address typed and of where it came from; old ones are deleted.

    It belongs to no municipality: a try may name an address that nobody has, and its limits count one source over all
    municipalities, so nothing could say whose row it is.
    """

    __tablename__ = "sign_in_failures"
    email_hash: Mapped[str]
    source_hash: Mapped[str]
    failed_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_sign_in_failures_email_hash", "email_hash", "failed_at"),
        Index("ix_sign_in_failures_source_hash", "source_hash", "failed_at"),
    )


class LinkPurpose(StrEnum):
    MANAGE_APPOINTMENT = "manage_appointment"
    CHOOSE_SLOT = "choose_slot"


class Link(TenantRow, Base):
    """A secret address sent to somebody: random, kept as SHA-256, for one purpose, expiring."""

    __tablename__ = "links"
    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    appointment_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("appointments.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("invitations.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(appointment_id IS NULL) <> (invitation_id IS NULL)", name="one_target"),
    )


class InvitationStatus(StrEnum):
    OPEN = "open"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


class Invitation(TenantRow, Base):
    """A case manager has chosen who is needed; the client chooses when. ``request`` is the search to offer her."""

    __tablename__ = "invitations"
    case_id: Mapped[int] = mapped_column(RowId, ForeignKey("cases.id"), index=True)
    request: Mapped[dict[str, Any]]
    status: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(RowId, ForeignKey("staff_members.id"))
    appointment_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("appointments.id"))


class Feed(TenantRow, Base):
    """A secret iCal address for one person's calendar."""

    __tablename__ = "feeds"
    resource_id: Mapped[int] = mapped_column(RowId, ForeignKey("resources.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_fetched_at: Mapped[datetime | None]
    last_fetched_by: Mapped[str] = mapped_column(default="")
