"""Who did what when."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, RowId, TenantRow


class AuditEntry(TenantRow, Base):
    """Written in the transaction it tells of. ``actor`` is ``staff:12``, ``interpreter:7``, ``client`` or ``system``.

    Holds numbers of things, never names or contact data.
    """

    __tablename__ = "audit_entries"
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]  # appointment, hold, invitation, feed ...
    subject_id: Mapped[int] = mapped_column(RowId)
    detail: Mapped[dict[str, str]]

    __table_args__ = (
        Index("ix_audit_entries_municipality_id_at", "municipality_id", "at"),
        Index("ix_audit_entries_municipality_id_subject", "municipality_id", "subject", "subject_id"),
    )
