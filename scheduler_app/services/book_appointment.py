"""Booking at once, without a hold: the API, staff, and invited clients."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ClientBusy, SlotTaken
from scheduler_app.models import Appointment, Client
from scheduler_app.models.engine import begin_write
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import Assignment, Owner, claim_slot, next_starts
from scheduler_app.services.contact import (
    Contact,
    add_client,
    claim_for_client,
    find_client,
    refuse_busy_client,
)
from scheduler_app.services.idempotent_request import IdempotentRequest
from scheduler_app.services.last_interpreter import last_interpreter
from scheduler_app.services.links import appointment_link
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_roles import CLIENT
from scheduler_app.services.write_appointment import Booked, write_appointment

TRIES = 3


class AlreadyBooked(Exception):
    """What this booking belongs to (a hold, an invitation) has led to an appointment meanwhile."""

    def __init__(self, appointment_id: int) -> None:
        super().__init__(appointment_id)
        self.appointment_id = appointment_id


@dataclass(frozen=True)
class Origin:
    """The hold or invitation that a booking comes from, in the booking's own transaction.

    ``lock`` locks it before anything else and raises AlreadyBooked, or what the person should hear if it no longer
    stands; ``finish`` writes down the appointment that came of it.
    """

    lock: Callable[[], None]
    finish: Callable[[Appointment], None]


def book_appointment(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    contact: Contact,
    *,
    now: datetime,
    actor: str,
    idempotency_key: str = "",
    case_id: int | None = None,
    lead_time: timedelta | None = None,
    requested_at: datetime | None = None,
    origin: Origin | None = None,
) -> Booked:
    """Claim everybody, write the appointment and its messages, commit: all or nothing.

    The same ``idempotency_key`` with the same request gives the appointment that it made the first time; an
    ``origin`` leads to one appointment, for which a second call gives a new link. Raises NotOffered, SlotTaken,
    ClientBusy, RequestChanged for a key that came with another request, and what ``origin.lock`` raises.
    """
    booking = _Booking(
        session,
        catalogue,
        plan,
        starts_at,
        contact,
        now=now,
        actor=actor,
        key=IdempotentRequest(idempotency_key, plan, starts_at, contact),
        case_id=case_id,
        lead_time=lead_time,
        requested_at=requested_at or now,
        origin=origin,
    )
    booked = booking.answered()
    for _ in range(TRIES):
        if booked is None:
            booked = booking.attempt()
    if booked is None:
        raise ClientBusy
    return booked


@dataclass(frozen=True)
class _Booking:
    """One booking request, tried again where her own other request was faster."""

    session: Session
    catalogue: Catalogue
    plan: Plan
    starts_at: datetime
    contact: Contact
    now: datetime
    actor: str
    key: IdempotentRequest
    case_id: int | None
    lead_time: timedelta | None
    requested_at: datetime
    origin: Origin | None

    def answered(self) -> Booked | None:
        """What the same request was answered before."""
        return self.key.answer(self.session, self.catalogue.municipality_id)

    def attempt(self) -> Booked | None:
        """Book; None if she has just become known by another request of hers."""
        known = self._known()
        try:
            return self._claim(known)
        except AlreadyBooked as already:
            return booked_again(self.session, already.appointment_id, now=self.now)
        except (SlotTaken, ClientBusy) as lost:
            # the same request may have won while this one waited for it
            answered = self.answered() or self._led_to()
            if answered is not None:
                return answered
            if known is None and self._known() is not None:
                return None
            if known is None or isinstance(lost, ClientBusy):
                raise
            # name and number are not proved to be hers: what is offered instead must not tell when she is free
            raise SlotTaken(self._next_starts()) from lost

    def _known(self) -> Client | None:
        return find_client(self.session, self.catalogue.municipality_id, self.contact)

    def _claim(self, known: Client | None) -> Booked:
        if known is not None:
            refuse_busy_client(self.session, known, self.starts_at, self.plan.minutes)
        booked: list[Booked] = []

        def write(assignment: Assignment) -> Owner:
            booked[:] = [self._write(known, assignment)]
            return Owner(appointment_id=booked[0].appointment.id)

        claim_slot(
            self.session,
            self.catalogue,
            self.plan if known is None else self.plan.with_client(known.resource_id),
            self.starts_at,
            now=self.now,
            write=write,
            prefer=self._preferred(known),
            lead_time=self.lead_time,
            lock_owner=self.origin.lock if self.origin is not None else None,
        )
        return booked[0]

    def _preferred(self, known: Client | None) -> list[int]:
        """The interpreter of last time, if she is free."""
        last = None if known is None else last_interpreter(self.session, known.resource_id)
        return [last] if last is not None else []

    def _write(self, known: Client | None, assignment: Assignment) -> Booked:
        """Everything but the claims of the plan's roles; still in the transaction that claims."""
        municipality_id = self.catalogue.municipality_id
        client = known or add_client(
            self.session, municipality_id, self.contact, self.plan.request, now=self.now
        )
        booked = write_appointment(
            self.session,
            self.catalogue,
            self.plan,
            self.starts_at,
            client,
            {**assignment, CLIENT: client.resource_id},
            now=self.now,
            requested_at=self.requested_at,
            language=self.contact.language,
            actor=self.actor,
            case_id=self.case_id,
            token=self.key.token,
        )
        if known is None:
            claim_for_client(self.session, booked.appointment)
        self.key.remember(self.session, booked.appointment, now=self.now)
        if self.origin is not None:
            self.origin.finish(booked.appointment)
        return booked

    def _led_to(self) -> Booked | None:
        """The appointment that the origin has led to meanwhile; raises what its lock raises if it no longer stands."""
        if self.origin is None:
            return None
        try:
            begin_write(self.session)
            self.origin.lock()
        except AlreadyBooked as already:
            return booked_again(self.session, already.appointment_id, now=self.now)
        except BaseException:
            self.session.rollback()
            raise
        self.session.rollback()
        return None

    def _next_starts(self) -> list[datetime]:
        return next_starts(
            self.session, self.catalogue, self.plan, self.starts_at, now=self.now, lead_time=self.lead_time
        )


def booked_again(session: Session, appointment_id: int, *, now: datetime) -> Booked:
    """The appointment that stands already, with a fresh link to it; commits."""
    begin_write(session)
    appointment = session.get_one(Appointment, appointment_id)
    token = appointment_link(session, appointment, now=now)
    session.commit()
    return Booked(appointment, token)
