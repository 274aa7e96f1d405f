"""She moves or cancels her appointment herself."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import (
    AppointmentClosed,
    ClientBusy,
    NotOffered,
    NotTogether,
    SlotTaken,
    TooManyServices,
    UnknownThing,
)
from scheduler_app.models import Appointment, db
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.find_new_time import find_new_time
from scheduler_app.services.itinerary import is_chain
from scheduler_app.web.access import link_holder
from scheduler_app.web.client.appointment_page import appointment_page, appointment_state
from scheduler_app.web.client.links import blueprint, opened_appointment, to_appointment
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.slot_offer import offer, offer_of
from scheduler_app.web.client.wish import local_midnight, read_from_on, read_start
from scheduler_app.web.request_time import now

CLIENT = "client"
NOT_MOVABLE = (UnknownThing, NotTogether, TooManyServices)
"""What was booked is no longer offered like this: a person has to see to it."""


@blueprint.get("/<token>/move")
@link_holder
def move(token: str) -> ResponseReturnValue:
    appointment = opened_appointment(token)
    if appointment_state(appointment) != "ahead":
        return to_appointment(token)
    return _move_page(appointment, token)


@blueprint.post("/<token>/move")
@link_holder
def choose_other_slot(token: str) -> ResponseReturnValue:
    """Pressing twice moves once. If it fails, the appointment stays as it was."""
    appointment = opened_appointment(token)
    starts_at = read_start()
    try:
        move_appointment(db.session(), municipality(), appointment.id, starts_at, now=now(), actor=CLIENT)
    except SlotTaken as taken:
        return _move_page(appointment, token, problem="taken", nearest=taken.next_starts), 409
    except NotOffered:
        return _move_page(appointment, token, problem="not_offered"), 409
    except ClientBusy:
        return _move_page(appointment, token, problem="busy"), 409
    except AppointmentClosed:
        return appointment_page(appointment, token, problem="closed"), 409
    except NOT_MOVABLE:
        return appointment_page(appointment, token, problem="not_movable"), 409
    return to_appointment(token)


@blueprint.get("/<token>/cancel")
@link_holder
def cancel(token: str) -> ResponseReturnValue:
    appointment = opened_appointment(token)
    if appointment_state(appointment) not in {"ahead", "running"}:
        return to_appointment(token)
    return render_template(
        "client/cancel.html", appointment=appointment, is_chain=is_chain(appointment), token=token
    )


@blueprint.post("/<token>/cancel")
@link_holder
def cancel_for_good(token: str) -> ResponseReturnValue:
    appointment = opened_appointment(token)
    try:
        cancel_appointment(db.session(), municipality(), appointment.id, now=now(), actor=CLIENT)
    except AppointmentClosed:
        return appointment_page(appointment, token, problem="closed"), 409
    return to_appointment(token)


def _move_page(
    appointment: Appointment, token: str, *, problem: str = "", nearest: Sequence[datetime] = ()
) -> str:
    from_on = read_from_on()
    try:
        found = find_new_time(
            db.session(), municipality(), appointment, now=now(), from_at=local_midnight(from_on)
        )
    except NOT_MOVABLE:
        return appointment_page(appointment, token, problem="not_movable")
    offered = offer_of(nearest, found.plan) if nearest else offer(found, from_on, but=appointment.starts_at)
    return render_template(
        "client/move.html",
        appointment=appointment,
        is_chain=found.plan.is_chain,
        token=token,
        offer=offered,
        problem=problem,
    )
