"""From a kept slot to an appointment."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ClientBusy, HoldGone
from scheduler_app.domain.numbers import token_hash
from scheduler_app.models import Appointment, Claim, Hold, HoldStatus
from scheduler_app.models.engine import begin_write, is_lost_race
from scheduler_app.services.book_appointment import AlreadyBooked, Origin, book_appointment, booked_again
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import lock_resources, touch
from scheduler_app.services.contact import (
    Contact,
    add_client,
    claim_for_client,
    find_client,
    refuse_busy_client,
)
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_roles import CLIENT
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.services.write_appointment import Booked, write_appointment

STILL_IN_TIME = timedelta(hours=1)
TRIES = 3


def confirm_hold(
    session: Session,
    catalogue: Catalogue,
    token: str,
    contact: Contact,
    *,
    now: datetime,
    actor: str = "client",
    case_id: int | None = None,
) -> Booked:
    """Turn a hold into an appointment for this person and commit.

    Confirming twice gives the same appointment. After the deadline the slot is booked all the same if it is still
    free. Raises HoldGone for an unknown or released hold, SlotTaken, ClientBusy; after the deadline also what
    ``book_appointment`` raises.
    """
    for _ in range(TRIES):
        try:
            return _confirm_once(session, catalogue, token, contact, now=now, actor=actor, case_id=case_id)
        except (
            DBAPIError
        ) as error:  # her own time is claimed only now, so her other request may have been faster
            session.rollback()
            if not is_lost_race(error):
                raise
        except BaseException:
            session.rollback()
            raise
    raise ClientBusy


def _confirm_once(
    session: Session,
    catalogue: Catalogue,
    token: str,
    contact: Contact,
    *,
    now: datetime,
    actor: str,
    case_id: int | None,
) -> Booked:
    begin_write(session)
    hold = lock_hold(session, catalogue, token)
    if hold.status == HoldStatus.CONFIRMED:
        return booked_again(session, hold.appointment_id or 0, now=now)
    plan = plan_of_hold(catalogue, hold)
    if hold.status == HoldStatus.HELD and hold.expires_at > now:
        booked = confirm_within(
            session, catalogue, plan, hold, contact, now=now, actor=actor, case_id=case_id
        )
        if booked is not None:
            session.commit()
            return booked
    starts_at, created_at = hold.starts_at, hold.created_at
    session.rollback()
    # the lead times were kept when she chose; typing slowly must not make the slot too soon, but a day later it is
    age, lead_time = now - created_at, None
    if age <= STILL_IN_TIME:
        lead_time = max(timedelta(hours=catalogue.lead_time_hours) - age, timedelta())
    return book_appointment(
        session,
        catalogue,
        plan,
        starts_at,
        contact,
        now=now,
        actor=actor,
        case_id=case_id,
        lead_time=lead_time,
        requested_at=created_at,
        origin=_origin(session, catalogue, token),
    )


def _origin(session: Session, catalogue: Catalogue, token: str) -> Origin:
    """The hold whose deadline has passed: it still leads to one appointment only."""

    def lock() -> None:
        hold = lock_hold(session, catalogue, token)
        if hold.status == HoldStatus.CONFIRMED and hold.appointment_id is not None:
            raise AlreadyBooked(hold.appointment_id)

    def finish(appointment: Appointment) -> None:
        hold = lock_hold(session, catalogue, token)
        session.execute(delete(Claim).where(Claim.hold_id == hold.id))
        hold.status = HoldStatus.CONFIRMED
        hold.appointment_id = appointment.id

    return Origin(lock, finish)


def lock_hold(session: Session, catalogue: Catalogue, token: str) -> Hold:
    """The hold of this token, locked; raises HoldGone."""
    hold = session.scalars(
        select(Hold)
        .where(Hold.token_hash == token_hash(token), Hold.municipality_id == catalogue.municipality_id)
        .with_for_update()
    ).one_or_none()
    if hold is None or hold.status == HoldStatus.RELEASED:
        session.rollback()
        raise HoldGone
    return hold


def plan_of_hold(catalogue: Catalogue, hold: Hold) -> Plan:
    """As long as what was kept, even if the service takes longer by now."""
    request = SlotRequest.from_json(hold.request)
    if not request.is_chain:
        request = replace(request, minutes=int((hold.ends_at - hold.starts_at).total_seconds() // 60))
    return plan_appointment(catalogue, request)


def confirm_within(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    hold: Hold,
    contact: Contact,
    *,
    now: datetime,
    actor: str,
    case_id: int | None,
) -> Booked | None:
    """Confirm in the transaction of the caller, who has locked the hold and commits. Raises ClientBusy.

    None if the hold no longer keeps everybody: by a clock ahead of ours it had run out, and others were faster.
    """
    client = find_client(session, catalogue.municipality_id, contact)
    resources = {*hold.assignment.values()} | ({client.resource_id} if client else set())
    lock_resources(session, resources)
    kept = session.scalars(select(Claim.resource_id).where(Claim.hold_id == hold.id))
    if set(kept) != {*hold.assignment.values()}:
        return None
    if client is not None:
        refuse_busy_client(session, client, hold.starts_at, plan.minutes)
    else:
        client = add_client(session, catalogue.municipality_id, contact, plan.request, now=now)
    booked = write_appointment(
        session,
        catalogue,
        plan,
        hold.starts_at,
        client,
        {**hold.assignment, CLIENT: client.resource_id},
        now=now,
        requested_at=hold.created_at,
        language=contact.language,
        actor=actor,
        case_id=case_id,
    )
    _take_over_claims(session, hold, booked.appointment)
    hold.status = HoldStatus.CONFIRMED
    hold.appointment_id = booked.appointment.id
    touch(session, resources, now=now)
    return booked


def _take_over_claims(session: Session, hold: Hold, appointment: Appointment) -> None:
    session.execute(
        update(Claim)
        .where(Claim.hold_id == hold.id)
        .values(hold_id=None, expires_at=None, appointment_id=appointment.id)
        .execution_options(synchronize_session=False)
    )
    claim_for_client(session, appointment)
    session.flush()
