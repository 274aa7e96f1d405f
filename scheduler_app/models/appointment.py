"""Appointments and who takes part in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .agency import Agency
from .base import Base, RowId, TenantRow
from .people import Case, Client
from .service import Service


class AppointmentStatus(StrEnum):
    """RFC 5545 3.8.1.11, as far as an appointment without a vote needs it."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class PartStat(StrEnum):
    """RFC 5545 3.2.12."""

    NEEDS_ACTION = "needs-action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"


class ParticipationRole(StrEnum):
    STAFF = "staff"
    INTERPRETER = "interpreter"
    ROOM = "room"
    CLIENT = "client"


class Appointment(TenantRow, Base):
    """One UID, one SEQUENCE (RFC 5545 3.8.4.7, 3.8.7.4), which rises when the time changes or it is cancelled.

    ``requested_at`` is when the client asked: with some authorities it counts as the date of her application.
    ``request`` is the search that found it, so that it can be moved by the same wishes; empty where none was kept.
    """

    __tablename__ = "appointments"
    number: Mapped[str]
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    place_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("places.id"))
    client_id: Mapped[int] = mapped_column(RowId, ForeignKey("clients.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("cases.id"), index=True)
    language: Mapped[str]  # BCP 47 tag of the messages and pages about it
    interpreter_language: Mapped[str]  # ISO 639-3, empty = none needed
    interpreter_variety: Mapped[str]
    interpreter_level: Mapped[str]
    requested_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    request: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str] = mapped_column(default="")  # client | staff

    client: Mapped[Client] = relationship()
    case: Mapped[Case | None] = relationship()
    concerns: Mapped[list["AppointmentConcern"]] = relationship(order_by="AppointmentConcern.position")
    participations: Mapped[list["Participation"]] = relationship(
        back_populates="appointment", order_by="Participation.id"
    )
    __table_args__ = (
        UniqueConstraint("municipality_id", "number"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_appointments_municipality_id_starts_at", "municipality_id", "starts_at"),
    )


class AppointmentConcern(TenantRow, Base):
    """A service that this appointment is for, with its own times and place: in a chain, desk after desk."""

    __tablename__ = "appointment_concerns"
    appointment_id: Mapped[int] = mapped_column(RowId, ForeignKey("appointments.id"))
    service_id: Mapped[int] = mapped_column(RowId, ForeignKey("services.id"))
    position: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    place_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("places.id"))

    service: Mapped[Service] = relationship()
    __table_args__ = (
        UniqueConstraint("appointment_id", "position"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )


class Participation(TenantRow, Base):
    """One party's part, with its own times and place.

    ``uid`` is her own calendar entry's (RFC 7986 5.3: random), kept when the appointment moves. ``ended_at`` is set
    when she no longer takes part (declined, replaced): her calendar then shows it as cancelled. ``role_key`` names
    the requirement that she fills; ``is_named``: she herself was asked for, so nobody else of her team will do.
    """

    __tablename__ = "participations"
    appointment_id: Mapped[int] = mapped_column(RowId, ForeignKey("appointments.id"), index=True)
    role: Mapped[str]
    role_key: Mapped[str]
    resource_id: Mapped[int] = mapped_column(RowId, ForeignKey("resources.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("agencies.id"))
    partstat: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    is_named: Mapped[bool] = mapped_column(default=False)
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    appointment: Mapped[Appointment] = relationship(back_populates="participations")
    agency: Mapped[Agency | None] = relationship()
