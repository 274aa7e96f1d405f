"""A slot that is kept for her: her name and number make it an appointment."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import (
    ClientBusy,
    HoldGone,
    NotOffered,
    RequestChanged,
    SlotTaken,
)
from scheduler_app.models import Hold, HoldStatus, db
from scheduler_app.services.confirm_hold import confirm_hold
from scheduler_app.services.contact import Contact
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.hold_slot import find_hold, release_hold
from scheduler_app.services.itinerary import visits_kept
from scheduler_app.services.participations import are_all_there, place_of
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.access import link_holder
from scheduler_app.web.client import blueprint
from scheduler_app.web.client.chains import chains_page
from scheduler_app.web.client.contact_form import ContactForm
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.papers import papers_of
from scheduler_app.web.client.slot_offer import meeting_place, offer
from scheduler_app.web.client.wish import Wish
from scheduler_app.web.page_language import page_language
from scheduler_app.web.request_time import now


@blueprint.get("/<municipality_slug>/hold/<token>")
@link_holder
def hold(token: str) -> ResponseReturnValue:
    kept = _find(token)
    if kept.status == HoldStatus.CONFIRMED:
        return render_template("client/hold_confirmed.html", token=token)
    if kept.status != HoldStatus.HELD or kept.expires_at <= now():
        return _other_slots(kept, "gone"), 410
    if not are_all_there(municipality(), kept.assignment):
        return _other_slots(kept, "not_offered"), 410
    return _hold_page(kept, token, ContactForm())


@blueprint.post("/<municipality_slug>/hold/<token>")
@link_holder
def confirm(token: str) -> ResponseReturnValue:
    """Book. Pressing twice leads to the same appointment; after the deadline it is tried all the same."""
    kept = _find(token)
    form = ContactForm()
    if kept.status == HoldStatus.CONFIRMED:
        contact: Contact | None = Contact("", "", page_language().tag)  # nobody is entered a second time
    else:
        contact = form.contact()
    if kept.status == HoldStatus.HELD and not are_all_there(municipality(), kept.assignment):
        return _other_slots(kept, "not_offered"), 410
    if contact is None:
        return _hold_page(kept, token, form), 400
    try:
        booked = confirm_hold(db.session(), municipality(), token, contact, now=now())
    except HoldGone:
        return _other_slots(kept, "gone"), 410
    except (NotOffered, RequestChanged):
        return _other_slots(kept, "gone"), 409
    except (SlotTaken, ClientBusy):
        # one answer for both: her name and number are not proved, so it must not tell when somebody is busy
        return _other_slots(kept, "unavailable"), 409
    return redirect(url_for("links.open_link", token=booked.token), 303)


@blueprint.post("/<municipality_slug>/hold/<token>/release")
@link_holder
def release(token: str) -> ResponseReturnValue:
    """Give the slot back, and choose another."""
    wish = Wish.of(SlotRequest.from_json(_find(token).request))
    release_hold(db.session(), token, municipality_id=municipality().municipality_id, now=now())
    return redirect(url_for("client.slots", **wish.arguments()), 303)


@blueprint.errorhandler(HoldGone)
def unknown_hold(_error: HoldGone) -> ResponseReturnValue:
    return render_template("client/unknown_hold.html"), 404


def _find(token: str) -> Hold:
    return find_hold(db.session(), token, municipality_id=municipality().municipality_id)


def _plan(kept: Hold) -> Plan:
    return plan_appointment(municipality(), SlotRequest.from_json(kept.request))


def _hold_page(kept: Hold, token: str, form: ContactForm) -> str:
    plan = _plan(kept)
    place, place_id = place_of(municipality(), plan, plan.visits[0], kept.assignment)
    return render_template(
        "client/hold.html",
        hold=kept,
        token=token,
        form=form,
        plan=plan,
        place=place,
        visits=visits_kept(municipality(), plan, kept.starts_at, kept.assignment),
        papers=papers_of(plan.concerns),
        place_entry=municipality().places.get(place_id or 0),
        minutes_left=max(0, int((kept.expires_at - now()).total_seconds()) // 60),
    )


def _other_slots(kept: Hold, problem: str) -> str:
    """The slots that are free instead."""
    plan = _plan(kept)
    if plan.is_chain:
        return chains_page(Wish.of(plan.request), problem=problem)
    return render_template(
        "client/other_slots.html",
        wish=Wish.of(plan.request),
        plan=plan,
        offer=offer(find_slots(db.session(), municipality(), plan, now=now()), None),
        place=meeting_place(plan),
        problem=problem,
    )
