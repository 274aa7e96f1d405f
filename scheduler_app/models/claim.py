"""Claims: the one truth about who is taken when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, true
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, RowId, TenantRow

LONGEST_CLAIM_MINUTES = 24 * 60


class Claim(TenantRow, Base):
    """One resource is taken from ``starts_minute`` until before ``ends_minute`` (minutes since the Unix epoch, UTC).

    Integers, because the search reads tens of thousands of them and both databases compare them alike. A claim with
    ``expires_at`` belongs to a hold and counts only until then.

    ``is_exclusive`` is the resource's own, by the foreign key. The database itself refuses two exclusive claims of one
    resource that overlap (migration 0003). Of a resource with a capacity above one, whoever writes sweeps over the
    claims under the lock of the resource. ``place_id`` is where the resource is then, as far as that is known.
    """

    __tablename__ = "claims"
    resource_id: Mapped[int] = mapped_column(RowId)
    is_exclusive: Mapped[bool] = mapped_column(default=True, server_default=true())
    starts_minute: Mapped[int] = mapped_column(Integer)
    ends_minute: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime | None]
    hold_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("holds.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("appointments.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("places.id"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["resource_id", "is_exclusive"], ["resources.id", "resources.is_exclusive"], onupdate="CASCADE"
        ),
        CheckConstraint("ends_minute > starts_minute", name="ends_after_start"),
        # bounds what the SQLite guard must look at
        CheckConstraint(f"ends_minute - starts_minute <= {LONGEST_CLAIM_MINUTES}", name="at_most_a_day"),
        CheckConstraint("hold_id IS NULL OR appointment_id IS NULL", name="one_owner"),
        Index("ix_claims_resource_time", "resource_id", "starts_minute", "ends_minute"),
    )
