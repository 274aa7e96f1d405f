"""Agencies and their teams."""

from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, RowId, TenantRow
from .municipality import Place


class AgencyKind(StrEnum):
    CASE_MANAGEMENT = "case_management"
    IMMIGRATION = "immigration"
    REGISTRY = "registry"
    SOCIAL = "social"
    JOBCENTER = "jobcenter"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    YOUTH = "youth"
    HEALTH = "health"
    HOUSING = "housing"
    WELFARE = "welfare"
    VOLUNTEERS = "volunteers"
    INTERPRETER_POOL = "interpreter_pool"


class Agency(TenantRow, Base):
    """An office, welfare association or pool. ``client_word`` is what its people call a client (Klient*in, Kund*in).

    A pool must be asked ``lead_working_days`` ahead.
    """

    __tablename__ = "agencies"
    key: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    client_word: Mapped[str]
    phone: Mapped[str]
    place_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("places.id"))
    lead_working_days: Mapped[int] = mapped_column(default=0, server_default="0")
    is_active: Mapped[bool] = mapped_column(default=True)

    place: Mapped[Place | None] = relationship()
    __table_args__ = (UniqueConstraint("municipality_id", "key"),)


class PoolServes(Base):
    """An interpreter pool (of the Kreis, say) also works for this municipality."""

    __tablename__ = "pool_serves"
    municipality_id: Mapped[int] = mapped_column(RowId, ForeignKey("municipalities.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(RowId, ForeignKey("agencies.id"), primary_key=True)


class Team(TenantRow, Base):
    __tablename__ = "teams"
    agency_id: Mapped[int] = mapped_column(RowId, ForeignKey("agencies.id"))
    key: Mapped[str]
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (UniqueConstraint("municipality_id", "key"),)


class TeamMember(Base):
    __tablename__ = "team_members"
    municipality_id: Mapped[int] = mapped_column(RowId, ForeignKey("municipalities.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(RowId, ForeignKey("teams.id"), primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(RowId, ForeignKey("staff_members.id"), primary_key=True)
