"""Booking at once, without a hold: the API, staff, and invited clients."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ClientBusy, SlotTaken
from scheduler_app.domain.joint_search import Role
from scheduler_app.models import Client
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import Assignment, Owner, claim_slot
from scheduler_app.services.contact import (
    Contact,
    add_client,
    claim_for_client,
    find_client,
    refuse_busy_client,
)
from scheduler_app.services.find_slots import CLIENT
from scheduler_app.services.idempotent_request import IdempotentRequest
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.write_appointment import Booked, write_appointment


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
) -> Booked:
    """Claim everybody, write the appointment and its messages, commit: all or nothing.

    The same ``idempotency_key`` with the same request gives the appointment that it made the first time. Raises
    NotOffered, SlotTaken, ClientBusy, and RequestChanged for a key that came with another request.
    """
    key = IdempotentRequest(idempotency_key, plan, starts_at, contact)
    answered = key.answer(session, catalogue.municipality_id)
    if answered is not None:
        return answered
    known = find_client(session, catalogue.municipality_id, contact)
    booked: list[Booked] = []

    def write(assignment: Assignment) -> Owner:
        client = known or add_client(session, catalogue.municipality_id, contact, plan.request, now=now)
        client.language = contact.language
        made = write_appointment(
            session,
            catalogue,
            plan,
            starts_at,
            client,
            {**assignment, CLIENT: client.resource_id},
            now=now,
            requested_at=now,
            actor=actor,
            case_id=case_id,
            token=key.token,
        )
        if known is None:
            claim_for_client(session, made.appointment)
        key.remember(session, made.appointment, now=now)
        booked[:] = [made]
        return Owner(appointment_id=made.appointment.id)

    try:
        if known is not None:
            refuse_busy_client(session, known, starts_at, plan.minutes)
        claim_slot(
            session,
            catalogue,
            _with_client(plan, known),
            starts_at,
            now=now,
            write=write,
            lead_time=lead_time,
        )
    except (SlotTaken, ClientBusy):
        # the same request may have won while this one waited for it
        answered = key.answer(session, catalogue.municipality_id)
        if answered is not None:
            return answered
        if known is None and find_client(session, catalogue.municipality_id, contact) is not None:
            # another request of hers has just written her down
            return book_appointment(
                session,
                catalogue,
                plan,
                starts_at,
                contact,
                now=now,
                actor=actor,
                idempotency_key=idempotency_key,
                case_id=case_id,
                lead_time=lead_time,
            )
        raise
    return booked[0]


def _with_client(plan: Plan, client: Client | None) -> Plan:
    if client is None:
        return plan
    return replace(plan, roles=(*plan.roles, Role(CLIENT, (client.resource_id,), plan.roles[0].cells)))
