"""POST appointments: book at once, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, jsonify

from scheduler_app.config import Settings
from scheduler_app.domain.errors import ClientBusy, NotOffered, RequestChanged, SlotTaken
from scheduler_app.models import db
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.claim_slot import NEXT_STARTS
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.idempotent_request import IdempotentRequest
from scheduler_app.services.itinerary import TimeAndPlace, visit_times
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.write_appointment import Booked
from scheduler_app.web.access import public
from scheduler_app.web.api import blueprint
from scheduler_app.web.api.booking_request import BookingRequest, read_booking_request, read_idempotency_key
from scheduler_app.web.api.problems import FieldError, InvalidRequest, Problem
from scheduler_app.web.api.values import write_chain, write_moment, write_slot
from scheduler_app.web.request_time import now


@blueprint.post("/<municipality>/appointments")
@public
def create_appointment(municipality: str) -> Response:
    """Book a slot for a client, who then gets the usual messages. The same key again gives the same answer."""
    session = db.session()
    catalogue = catalogue_of(session, municipality)
    key = read_idempotency_key()
    wanted = read_booking_request(catalogue)
    plan, starts_at, contact = wanted.plan, wanted.starts_at, wanted.contact
    try:
        replayed = IdempotentRequest(key, plan, starts_at, contact).answer(session, catalogue.municipality_id)
        booked = replayed or book_appointment(
            session, catalogue, plan, starts_at, contact, now=now(), actor="api", idempotency_key=key
        )
    except (NotOffered, RequestChanged, ClientBusy, SlotTaken) as error:
        raise _problem(error, catalogue, wanted) from error
    return _answer(catalogue, booked, replayed=replayed is not None)


def _answer(catalogue: Catalogue, booked: Booked, *, replayed: bool) -> Response:
    settings: Settings = current_app.extensions["terminlotse"].settings
    appointment = booked.appointment
    manage_url = f"{settings.public_url}/t/{booked.token}"
    visits = visit_times(appointment)
    of_chain = {"visits": [_visit(visit, catalogue) for visit in visits]} if len(visits) > 1 else {}
    answer = jsonify(
        number=appointment.number,
        start=write_moment(appointment.starts_at, catalogue),
        end=write_moment(appointment.ends_at, catalogue),
        status=appointment.status,
        place=appointment.place,
        manage_url=manage_url,
        ics_url=f"{manage_url}/termin.ics",
        **of_chain,
    )
    answer.status_code = HTTPStatus.CREATED
    answer.headers["Location"] = manage_url
    if replayed:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _visit(visit: TimeAndPlace, catalogue: Catalogue) -> dict[str, str]:
    return {
        "start": write_moment(visit.starts_at, catalogue),
        "end": write_moment(visit.ends_at, catalogue),
        "place": visit.place,
    }


def _problem(error: Exception, catalogue: Catalogue, wanted: BookingRequest) -> Problem:
    match error:
        case NotOffered():
            detail = (
                f"This start can not be booked: starts lie on every {catalogue.start_every_minutes} minutes, not "
                f"sooner than {catalogue.lead_time_hours} hours and not later than {catalogue.horizon_weeks} weeks "
                "from now."
            )
            pointer = "#/visits" if wanted.plan.is_chain else "#/start"
            return InvalidRequest(FieldError(detail, pointer=pointer))
        case RequestChanged():
            return Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "This key came before with another request.",
                "Send a new Idempotency-Key with every new booking.",
            )
        case ClientBusy():
            return _slot_taken(_others(catalogue, wanted), catalogue, wanted)
        case SlotTaken():
            return _slot_taken(error.next_starts, catalogue, wanted)
    raise error


def _slot_taken(starts: Sequence[datetime], catalogue: Catalogue, wanted: BookingRequest) -> Problem:
    if wanted.plan.is_chain:
        return Problem(
            HTTPStatus.CONFLICT,
            "slot-taken",
            "This chain is no longer free.",
            "next_chains are the nearest that are.",
            more={"next_chains": _other_chains(catalogue, wanted)},
        )
    return Problem(
        HTTPStatus.CONFLICT,
        "slot-taken",
        "This slot is no longer free.",
        "next_slots are the nearest that are.",
        more={"next_slots": [write_slot(start, wanted.plan.minutes, catalogue) for start in starts]},
    )


def _others(catalogue: Catalogue, wanted: BookingRequest) -> list[datetime]:
    """The nearest starts without regard to the client: name and number are not proved to be those of who asks, so
    nothing may tell when she has appointments."""
    found = find_slots(db.session(), catalogue, wanted.plan, now=now()).starts
    others = [start for start in found if start != wanted.starts_at]
    return sorted(sorted(others, key=lambda start: abs(start - wanted.starts_at))[:NEXT_STARTS])


def _other_chains(catalogue: Catalogue, wanted: BookingRequest) -> list[dict[str, Any]]:
    """The nearest chains of the same visits in any order, without regard to the client."""
    asked = replace(wanted.plan.request, offsets=(), lengths=())
    found = find_chains(db.session(), catalogue, plan_chain(catalogue, asked, online_only=True), now=now())
    others = [
        chain
        for chain in found.chains
        if (chain.request, chain.starts_at) != (wanted.plan.request, wanted.starts_at)
    ]
    nearest = sorted(others, key=lambda chain: abs(chain.starts_at - wanted.starts_at))[:NEXT_STARTS]
    return [write_chain(catalogue, chain) for chain in sorted(nearest, key=lambda chain: chain.starts_at)]
