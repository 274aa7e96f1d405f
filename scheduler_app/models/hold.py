"""Holds: slots kept for somebody until a deadline."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, RowId, TenantRow


class HoldStatus(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"


class Hold(TenantRow, Base):
    """``request`` and ``assignment`` say what was searched and who was claimed, so that it can be confirmed as shown.

    ``source_hash`` is a keyed hash of where the request came from; it limits how much one source can keep from others.
    """

    __tablename__ = "holds"
    token_hash: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    request: Mapped[dict[str, Any]]
    assignment: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    source_hash: Mapped[str]
    appointment_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("appointments.id"))

    __table_args__ = (
        Index("ix_holds_status_expires_at", "status", "expires_at"),
        Index("ix_holds_municipality_id_source_hash", "municipality_id", "source_hash"),
    )
