"""Messages: a row is written in the transaction that causes it, and a worker sends what is due."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, RowId, TenantRow


class Notification(TenantRow, Base):
    """One message to one recipient by one channel; ``status`` is one of ``notifications.statuses`` (GOV.UK Notify's).

    Unique per (appointment, version, recipient, channel, kind), so that planning twice sends once. ``lease_until``
    is until when the worker that took it may try; ``recipient_id`` is the recipient's resource.
    """

    __tablename__ = "notifications"
    appointment_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("appointments.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("invitations.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str]
    channel: Mapped[str]
    recipient_id: Mapped[int] = mapped_column(RowId, ForeignKey("resources.id"))
    recipient_address: Mapped[str]
    language: Mapped[str]
    status: Mapped[str]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    body: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    provider_reference: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("appointment_id", "version", "recipient_id", "channel", "kind"),
        UniqueConstraint("invitation_id", "version", "recipient_id", "channel", "kind"),
        Index("ix_notifications_status_due_at", "status", "due_at"),
        Index("ix_notifications_municipality_id_sent_at", "municipality_id", "sent_at"),
    )
