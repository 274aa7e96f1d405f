"""A case manager has arranged who is needed; she chooses when."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import (
    ClientBusy,
    LinkInvalid,
    NotOffered,
    NotTogether,
    SlotTaken,
    TooManyServices,
    UnknownThing,
)
from scheduler_app.models import Case, Invitation, InvitationStatus, db
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.invite_client import accept_invitation, plan_of_invitation
from scheduler_app.services.itinerary import ItineraryVisit, visits_planned
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.web.access import link_holder
from scheduler_app.web.client.links import blueprint, opened, to_appointment
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.papers import papers_of
from scheduler_app.web.client.slot_offer import meeting_place, offer, offer_of
from scheduler_app.web.client.wish import local_midnight, read_from_on, read_start
from scheduler_app.web.request_time import now


@blueprint.post("/<token>")
@link_holder
def choose_arranged_slot(token: str) -> ResponseReturnValue:
    """Book what was arranged. Pressing twice leads to the same appointment."""
    invitation = opened(token).invitation
    if invitation is None:
        raise LinkInvalid
    starts_at = now() if invitation.status == InvitationStatus.BOOKED else read_start()
    try:
        booked = accept_invitation(db.session(), municipality(), invitation, starts_at, now=now())
    except SlotTaken as taken:
        return invitation_page(invitation, token, problem="taken", nearest=taken.next_starts), 409
    except NotOffered:
        return invitation_page(invitation, token, problem="not_offered"), 409
    except ClientBusy:
        return invitation_page(invitation, token, problem="busy"), 409
    return to_appointment(booked.token)


def invitation_page(
    invitation: Invitation, token: str, *, problem: str = "", nearest: Sequence[datetime] = ()
) -> str:
    """What was arranged, and when it can be. Raises LinkInvalid if it was withdrawn or is no longer offered."""
    if invitation.status == InvitationStatus.BOOKED:
        return render_template("client/invitation_booked.html", token=token)
    if invitation.status != InvitationStatus.OPEN:
        raise LinkInvalid
    try:
        plan = plan_of_invitation(municipality(), invitation)
    except (UnknownThing, NotTogether, TooManyServices) as error:
        raise LinkInvalid from error
    from_on = read_from_on()
    found = find_slots(
        db.session(),
        municipality(),
        plan,
        now=now(),
        from_at=local_midnight(from_on),
        client_resource_id=db.session().get_one(Case, invitation.case_id).client.resource_id,
    )
    return render_template(
        "client/invitation.html",
        plan=plan,
        agencies=_also_there(plan),
        place=meeting_place(plan),
        visits=_visits(plan),
        papers=papers_of(plan.concerns),
        token=token,
        offer=offer_of(nearest, plan) if nearest else offer(found, from_on),
        problem=problem,
    )


def _visits(plan: Plan) -> tuple[ItineraryVisit, ...]:
    """The visits of a chain in their order; when they are depends on what she chooses."""
    return visits_planned(municipality(), plan, now()) if plan.is_chain else ()


def _also_there(plan: Plan) -> list[str]:
    """Agencies of people who were asked to come besides those of the concerns."""
    catalogue = municipality()
    concerned = {concern.agency.id for concern in plan.concerns}
    others = [catalogue.staff[person].agency_id for person in plan.request.people]
    return [catalogue.agencies[agency].name for agency in dict.fromkeys(others) if agency not in concerned]
