"""Staff members, interpreters, clients and their cases; rooms stand beside them as resources."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .agency import Agency
from .base import Base, RowId, TenantRow
from .municipality import Place


class StaffMember(TenantRow, Base):
    __tablename__ = "staff_members"
    resource_id: Mapped[int] = mapped_column(RowId, ForeignKey("resources.id"), unique=True)
    agency_id: Mapped[int] = mapped_column(RowId, ForeignKey("agencies.id"))
    key: Mapped[str]
    name: Mapped[str]
    desk: Mapped[str]  # where she receives clients when no meeting room is needed
    is_active: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency] = relationship()
    __table_args__ = (UniqueConstraint("municipality_id", "agency_id", "key"),)


class Room(TenantRow, Base):
    """A meeting room. For ``after_minutes`` after each use it is aired and tidied, and nobody can have it."""

    __tablename__ = "rooms"
    resource_id: Mapped[int] = mapped_column(RowId, ForeignKey("resources.id"), unique=True)
    place_id: Mapped[int] = mapped_column(RowId, ForeignKey("places.id"))
    key: Mapped[str]
    name: Mapped[str]
    seats: Mapped[int]
    is_step_free: Mapped[bool]
    after_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    is_active: Mapped[bool] = mapped_column(default=True)

    place: Mapped[Place] = relationship()
    __table_args__ = (UniqueConstraint("municipality_id", "key"),)


class InterpreterLevel(StrEnum):
    """Qualification, lowest first (``LEVELS``)."""

    LAY = "lay"
    CERTIFIED = "certified"
    SWORN = "sworn"


LEVELS = tuple(InterpreterLevel)


class Gender(StrEnum):
    """What a client can ask for in an interpreter; nobody has to say hers."""

    UNKNOWN = ""
    FEMALE = "female"
    MALE = "male"
    DIVERSE = "diverse"


class Interpreter(TenantRow, Base):
    """``gender`` is one of Gender. She comes (``on_site``), or joins from where she is (``by_video``), or both."""

    __tablename__ = "interpreters"
    resource_id: Mapped[int] = mapped_column(RowId, ForeignKey("resources.id"), unique=True)
    agency_id: Mapped[int] = mapped_column(RowId, ForeignKey("agencies.id"))  # her pool
    key: Mapped[str]
    name: Mapped[str]
    mobile: Mapped[str]  # E.164
    gender: Mapped[str] = mapped_column(default=Gender.UNKNOWN, server_default="")
    on_site: Mapped[bool] = mapped_column(default=True, server_default=true())
    by_video: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_active: Mapped[bool] = mapped_column(default=True)

    languages: Mapped[list["InterpreterLanguage"]] = relationship(cascade="all, delete-orphan")
    __table_args__ = (UniqueConstraint("municipality_id", "agency_id", "key"),)


class InterpreterLanguage(TenantRow, Base):
    """ISO 639-3 ``language``; ``variety`` (ISO 639-3 too, empty = the whole language); qualification in it."""

    __tablename__ = "interpreter_languages"
    interpreter_id: Mapped[int] = mapped_column(RowId, ForeignKey("interpreters.id"))
    language: Mapped[str]
    variety: Mapped[str]
    level: Mapped[str]

    __table_args__ = (UniqueConstraint("interpreter_id", "language", "variety"),)


class Client(TenantRow, Base):
    """A newcomer: what is needed to reach her, and no more. Families share phones, so the name counts too."""

    __tablename__ = "clients"
    resource_id: Mapped[int] = mapped_column(RowId, ForeignKey("resources.id"), unique=True)
    name: Mapped[str]
    name_key: Mapped[str]
    phone: Mapped[str]  # E.164
    language: Mapped[str]  # BCP 47 tag of her messages and pages
    interpreter_language: Mapped[str]  # ISO 639-3, empty = none needed
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("municipality_id", "phone", "name_key"),)


class Case(TenantRow, Base):
    """What one case manager coordinates for a client. No notes: this is not a second case file."""

    __tablename__ = "cases"
    number: Mapped[str]
    client_id: Mapped[int] = mapped_column(RowId, ForeignKey("clients.id"))
    case_manager_id: Mapped[int] = mapped_column(RowId, ForeignKey("staff_members.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship()
    case_manager: Mapped[StaffMember] = relationship()
    __table_args__ = (
        UniqueConstraint("municipality_id", "number"),
        Index("ix_cases_municipality_id_case_manager_id", "municipality_id", "case_manager_id"),
        # one open case of a client with a case manager, whatever is pressed at once
        Index(
            "uq_cases_open",
            "client_id",
            "case_manager_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )
