"""Resources: whatever can be double-booked, when it works, and when it is away."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, true
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, RowId, TenantRow


class ResourceKind(StrEnum):
    STAFF = "staff"
    INTERPRETER = "interpreter"
    ROOM = "room"
    CLIENT = "client"


class Resource(TenantRow, Base):
    """A staff member, interpreter, room or client as something that time can be claimed of.

    ``version`` rises in the same transaction with every change of its free time or of what its calendar shows;
    caches compare it. ``changed_at`` is when that last happened.

    ``capacity`` is how many appointments it can take at once: more than one only for a room in which several talks
    go on side by side. ``is_exclusive`` says that it is one. Claims carry it too, held to it by their foreign key, so
    that the database's guard knows which of them must not overlap.
    """

    __tablename__ = "resources"
    kind: Mapped[str]
    agency_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("agencies.id"))
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    capacity: Mapped[int] = mapped_column(default=1, server_default="1")
    is_exclusive: Mapped[bool] = mapped_column(default=True, server_default=true())

    __table_args__ = (
        CheckConstraint("capacity >= 1", name="capacity"),
        CheckConstraint("is_exclusive = (capacity = 1)", name="is_exclusive"),
        Index("ix_resources_municipality_id_kind", "municipality_id", "kind"),
        # what the foreign key of claims refers to; an index, as SQLite adds no constraint to a table that stands
        Index("uq_resources_id_is_exclusive", "id", "is_exclusive", unique=True),
    )


class OpeningHours(TenantRow, Base):
    """A weekly time in which appointments can be given: of an agency, or of one resource in its place.

    Wall-clock minutes since local midnight; ``weekday`` as in Python, Monday is 0.
    """

    __tablename__ = "opening_hours"
    agency_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("agencies.id"))
    resource_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("resources.id"), index=True)
    weekday: Mapped[int] = mapped_column(Integer)
    opens_minute_of_day: Mapped[int] = mapped_column(Integer)
    closes_minute_of_day: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "opens_minute_of_day >= 0 AND opens_minute_of_day < closes_minute_of_day AND closes_minute_of_day <= 1440",
            name="opens_before_closing",
        ),
        CheckConstraint("(agency_id IS NULL) <> (resource_id IS NULL)", name="one_owner"),
        Index("ix_opening_hours_municipality_id", "municipality_id"),
    )


class Absence(TenantRow, Base):
    """A time in which a resource is away: leave, illness, training, a room being painted."""

    __tablename__ = "absences"
    resource_id: Mapped[int] = mapped_column(RowId, ForeignKey("resources.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_absences_municipality_id_ends_at", "municipality_id", "ends_at"),
    )
