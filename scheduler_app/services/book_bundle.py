"""Booking a plan of several days: all of it, or none of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ClientBusy, SlotTaken, TerminlotseError
from scheduler_app.models import Appointment, AppointmentStatus, Hold
from scheduler_app.models.engine import begin_write, is_lost_race
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.change_appointment import cancel_within
from scheduler_app.services.claim_slot import lock_resources
from scheduler_app.services.confirm_hold import TRIES, confirm_within, lock_hold, plan_of_hold
from scheduler_app.services.contact import Contact, find_client
from scheduler_app.services.find_bundle import BundleBooking
from scheduler_app.services.hold_slot import hold_slot, release_hold
from scheduler_app.services.participations import active
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
    """Make all bookings of a plan and cancel the appointments (ids) that it replaces, in one transaction.

    Every slot is held first, one by one, as a booking is: who comes in between loses only a search. Pressed twice,
    it gives the same appointments. Raises what ``hold_slot`` and ``confirm_hold`` raise; then everything is as before.
    """
    there = booked_already(session, catalogue, bookings, contact)
    if there is not None:
        return there
    tokens = _hold_all(session, catalogue, bookings, now=now, lead_time=lead_time)
    bundle = _Confirming(
        session, catalogue, tokens, contact, tuple(replaces), now=now, actor=actor, case_id=case_id
    )
    try:
        for _ in range(TRIES):
            try:
                return bundle.confirm()
            except DBAPIError as error:  # her own time is claimed only now
                session.rollback()
                if not is_lost_race(error):
                    raise
        raise ClientBusy
    except BaseException:
        session.rollback()
        _release_all(session, catalogue, tokens, now=now)
        raise


@dataclass(frozen=True)
class _Confirming:
    session: Session
    catalogue: Catalogue
    tokens: list[str]
    contact: Contact
    replaces: tuple[int, ...]
    now: datetime
    actor: str
    case_id: int | None

    def confirm(self) -> list[Appointment]:
        """All at once: holds and appointments are locked first, then everybody in them, then it is written."""
        session, catalogue, now = self.session, self.catalogue, self.now
        begin_write(session)
        holds = [lock_hold(session, catalogue, token) for token in self.tokens]
        replaced = self._lock_replaced()
        self._lock_everybody(holds, replaced)
        for appointment in replaced:
            cancel_within(session, catalogue, appointment, now=now, actor=self.actor)
        session.flush()
        made = []
        for hold in holds:
            plan = plan_of_hold(catalogue, hold)
            booked = confirm_within(
                session, catalogue, plan, hold, self.contact, now=now, actor=self.actor, case_id=self.case_id
            )
            if booked is None:
                raise SlotTaken
            made.append(booked.appointment)
        session.commit()
        return made

    def _lock_replaced(self) -> list[Appointment]:
        found = self.session.scalars(
            select(Appointment)
            .where(
                Appointment.id.in_(self.replaces),
                Appointment.municipality_id == self.catalogue.municipality_id,
                Appointment.status == AppointmentStatus.CONFIRMED,
                Appointment.starts_at > self.now,
            )
            .order_by(Appointment.id)
            .with_for_update()
        )
        return list(found)

    def _lock_everybody(self, holds: Sequence[Hold], replaced: Sequence[Appointment]) -> None:
        client = find_client(self.session, self.catalogue.municipality_id, self.contact)
        resources = {resource_id for hold in holds for resource_id in hold.assignment.values()}
        resources |= {p.resource_id for appointment in replaced for p in active(appointment)}
        lock_resources(self.session, resources | ({client.resource_id} if client is not None else set()))


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


def booked_already(
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
