"""Booking a plan of several days: all of it, or none of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import TerminlotseError
from scheduler_app.models import Appointment, AppointmentStatus
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.change_appointment import cancel_appointment
from scheduler_app.services.confirm_hold import confirm_hold
from scheduler_app.services.contact import Contact, find_client
from scheduler_app.services.find_bundle import BundleBooking
from scheduler_app.services.hold_slot import hold_slot, release_hold
from scheduler_app.services.plan_appointment import plan_appointment


def book_bundle(
    session: Session,
    catalogue: Catalogue,
    bookings: Sequence[BundleBooking],
    contact: Contact,
    *,
    now: datetime,
    actor: str,
    replaces: Sequence[int] = (),
    case_id: int | None = None,
    lead_time: timedelta | None = None,
) -> list[Appointment]:
    """Make all bookings of a plan, then cancel the appointments (ids) that it replaces.

    Every slot is held before the first is confirmed, so nobody is told anything before all is certain. Pressed twice,
    it gives the same appointments. Raises what ``hold_slot`` and ``confirm_hold`` raise; then everything is as before.
    """
    there = _booked_already(session, catalogue, bookings, contact)
    if there is not None:
        return there
    tokens = _hold_all(session, catalogue, bookings, now=now, lead_time=lead_time)
    booked: list[int] = []
    try:
        for token in tokens:
            made = confirm_hold(session, catalogue, token, contact, now=now, actor=actor, case_id=case_id)
            booked.append(made.appointment.id)
    except TerminlotseError:
        for appointment_id in booked:
            cancel_appointment(session, catalogue, appointment_id, now=now, actor=actor)
        _release_all(session, catalogue, tokens[len(booked) :], now=now)
        raise
    for appointment_id in replaces:
        cancel_appointment(session, catalogue, appointment_id, now=now, actor=actor)
    return [session.get_one(Appointment, appointment_id) for appointment_id in booked]


def _hold_all(
    session: Session,
    catalogue: Catalogue,
    bookings: Sequence[BundleBooking],
    *,
    now: datetime,
    lead_time: timedelta | None,
) -> list[str]:
    tokens: list[str] = []
    try:
        for booking in bookings:
            plan = plan_appointment(catalogue, booking.request)
            held = hold_slot(session, catalogue, plan, booking.starts_at, now=now, lead_time=lead_time)
            tokens.append(held.token)
    except TerminlotseError:
        _release_all(session, catalogue, tokens, now=now)
        raise
    return tokens


def _release_all(session: Session, catalogue: Catalogue, tokens: Sequence[str], *, now: datetime) -> None:
    for token in tokens:
        release_hold(session, token, municipality_id=catalogue.municipality_id, now=now)


def _booked_already(
    session: Session, catalogue: Catalogue, bookings: Sequence[BundleBooking], contact: Contact
) -> list[Appointment] | None:
    """The client's appointments, if she has exactly these."""
    client = find_client(session, catalogue.municipality_id, contact)
    if client is None:
        return None
    found = []
    for booking in bookings:
        there = session.scalars(
            select(Appointment).where(
                Appointment.client_id == client.id,
                Appointment.status == AppointmentStatus.CONFIRMED,
                Appointment.starts_at == booking.starts_at,
            )
        ).all()
        same = [a for a in there if tuple(c.service.key for c in a.concerns) == booking.request.services]
        if not same:
            return None
        found.append(same[0])
    return found
