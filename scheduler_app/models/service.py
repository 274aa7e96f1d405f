"""What a client comes for, and who is needed for it."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .agency import Agency
from .base import Base, RowId, TenantRow


class Service(TenantRow, Base):
    """A concern (Anliegen). Texts are by language, German always there.

    ``is_joint``: it can be done at a shared table (fingerprints can not). ``interpreter_level`` is what an
    interpreter must have, empty = no interpreter for this service. ``room_seats`` 0 = at the clerk's own desk;
    ``room_step_free``: only a room without steps will do. It is given no sooner than ``lead_working_days`` ahead.
    """

    __tablename__ = "services"
    agency_id: Mapped[int] = mapped_column(RowId, ForeignKey("agencies.id"))
    key: Mapped[str]
    position: Mapped[int]
    name: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]]
    papers: Mapped[list[dict[str, str]]]
    minutes: Mapped[int]
    is_online: Mapped[bool]
    is_joint: Mapped[bool]
    interpreter_level: Mapped[str]
    room_seats: Mapped[int]
    room_step_free: Mapped[bool] = mapped_column(default=False, server_default=false())
    lead_working_days: Mapped[int] = mapped_column(default=0, server_default="0")
    is_active: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency] = relationship()
    needs: Mapped[list["ServiceNeed"]] = relationship(cascade="all, delete-orphan", order_by="ServiceNeed.id")
    __table_args__ = (
        UniqueConstraint("municipality_id", "key"),
        CheckConstraint("minutes > 0 AND minutes <= 480", name="minutes"),
    )


class ServiceNeed(TenantRow, Base):
    """One of this team, or this person, takes part; two rows of one team are two people.

    She is there for ``minutes`` (null: as long as the service takes) from ``offset_minutes`` after its start, and needs
    ``before_minutes`` and ``after_minutes`` around that for herself. ``is_optional``: it goes on without her.
    """

    __tablename__ = "service_needs"
    service_id: Mapped[int] = mapped_column(RowId, ForeignKey("services.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("teams.id"))
    staff_member_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("staff_members.id"))
    minutes: Mapped[int | None]
    offset_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    before_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    after_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    is_optional: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        CheckConstraint("(team_id IS NULL) <> (staff_member_id IS NULL)", name="team_or_person"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("offset_minutes >= 0", name="offset_minutes"),
        CheckConstraint("before_minutes >= 0", name="before_minutes"),
        CheckConstraint("after_minutes >= 0", name="after_minutes"),
    )
