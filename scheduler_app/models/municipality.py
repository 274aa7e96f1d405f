"""The tenant, its places, and the days on which it is closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Row, RowId, TenantRow


class Municipality(Row, Base):
    """A city or Kreis. ``catalogue_version`` rises with every change of services, teams, people or rooms."""

    __tablename__ = "municipalities"
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    state: Mapped[str]  # ISO 3166-2:DE without "DE-", for its public holidays
    timezone: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    number_prefix: Mapped[str]
    languages: Mapped[list[str]]  # BCP 47 tags of the client pages, in order
    links: Mapped[dict[str, str]]  # imprint, privacy, accessibility
    lead_time_hours: Mapped[int]
    horizon_weeks: Mapped[int]
    hold_minutes: Mapped[int]
    start_every_minutes: Mapped[int]
    interpreter_extra_percent: Mapped[int]  # interpreted talk takes longer
    catalogue_version: Mapped[int] = mapped_column(default=1)


class Place(TenantRow, Base):
    __tablename__ = "places"
    key: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    directions: Mapped[dict[str, str]]  # by language

    __table_args__ = (UniqueConstraint("municipality_id", "key"),)


class Closure(TenantRow, Base):
    """A time in which the municipality, or one agency of it, is closed."""

    __tablename__ = "closures"
    agency_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("agencies.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_closures_municipality_id_ends_at", "municipality_id", "ends_at"),
    )


class IdempotencyKey(TenantRow, Base):
    """The answer once given to a write request, so that the same request again gets the same answer."""

    __tablename__ = "idempotency_keys"
    key_hash: Mapped[str]
    request_hash: Mapped[str]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("municipality_id", "key_hash"),)
