"""From the planning page to an appointment, or to the link with which the client chooses."""

from datetime import datetime

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.models import Appointment, Case, db
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import Contact
from scheduler_app.services.idempotent_request import IdempotentRequest
from scheduler_app.services.invite_client import invite_client
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.web.local_dates import day_and_time
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import staff_member
from scheduler_app.web.staff.cases import NEW_LINK


def choose_a_time() -> ResponseReturnValue:
    """Back to the page, where nothing was chosen."""
    flash("Bitte wählen Sie eine Zeit.", "warning")
    return redirect(request.full_path)


def book(offer: Catalogue, of_case: Case, plan: Plan, starts_at: datetime, key: str) -> ResponseReturnValue:
    """Book for the client of a case; ``key`` is that of the page, so that a second click books nothing more.

    Raises what ``book_appointment`` raises.
    """
    booked = book_appointment(
        db.session(),
        offer,
        plan,
        starts_at,
        contact_of(of_case),
        now=now(),
        actor=f"staff:{staff_member().id}",
        idempotency_key=_key_of(of_case, key),
        case_id=of_case.id,
    )
    return _to_appointment(booked.appointment)


def booked_before(
    offer: Catalogue, of_case: Case, plan: Plan, starts_at: datetime, key: str
) -> ResponseReturnValue | None:
    """Where the first click led, if this is the second; asked before a search, in which the client is busy by now.

    Raises RequestChanged if the page's key came with something else.
    """
    pressed = IdempotentRequest(_key_of(of_case, key), plan, starts_at, contact_of(of_case))
    booked = pressed.answer(db.session(), offer.municipality_id)
    return _to_appointment(booked.appointment) if booked is not None else None


def contact_of(of_case: Case) -> Contact:
    client = of_case.client
    return Contact(client.name, client.phone, client.language)


def _key_of(of_case: Case, key: str) -> str:
    return f"plan:{of_case.id}:{key}"


def _to_appointment(appointment: Appointment) -> ResponseReturnValue:
    when = day_and_time(appointment.starts_at).striptags()
    flash(f"Gebucht: {when}. Die Klient*in bekommt eine SMS.", "success")
    return redirect(url_for("staff.appointment", number=appointment.number))


def invite(offer: Catalogue, of_case: Case, plan: Plan) -> ResponseReturnValue:
    """Send the client the link to choose; it is shown once."""
    number = of_case.number
    invited = invite_client(db.session(), offer, of_case, plan, staff_member_id=staff_member().id, now=now())
    session[NEW_LINK] = {"invitation_id": invited.invitation.id, "token": invited.token}
    return redirect(url_for("staff.case", number=number))
