"""Where the secret links in messages lead: to her appointment, or to slots that were arranged for her."""

from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from scheduler_app.domain.errors import LinkInvalid
from scheduler_app.models import Appointment, Case, Invitation, Link, LinkPurpose, Municipality, db
from scheduler_app.services import links as secret_links
from scheduler_app.services.catalogue import catalogue_by_id
from scheduler_app.web.access import link_holder
from scheduler_app.web.client import municipality_page
from scheduler_app.web.client.appointment_page import appointment_page, calendar_file
from scheduler_app.web.page_language import choose_language
from scheduler_app.web.request_time import now

blueprint = Blueprint("links", __name__, url_prefix="/t")
blueprint.url_defaults(municipality_page.fill_address)
blueprint.context_processor(municipality_page.template_values)


@dataclass(frozen=True)
class Opened:
    """What the link is for: exactly one of the two is set."""

    appointment: Appointment | None = None
    invitation: Invitation | None = None


def opened(token: str) -> Opened:
    """Open the link and build the page for its municipality in its client's language. Raises LinkInvalid."""
    session = db.session()
    link: Link = secret_links.open_link(session, token, now=now())
    catalogue = catalogue_by_id(session, link.municipality_id)
    if link.purpose == LinkPurpose.CHOOSE_SLOT:
        invitation = session.get_one(Invitation, link.invitation_id)
        municipality_page.enter(catalogue, session.get_one(Case, invitation.case_id).client.language)
        return Opened(invitation=invitation)
    appointment = session.get_one(Appointment, link.appointment_id)
    municipality_page.enter(catalogue, appointment.language)
    return Opened(appointment=appointment)


def opened_appointment(token: str) -> Appointment:
    """The appointment that the link lets her change. Raises LinkInvalid."""
    appointment = opened(token).appointment
    if appointment is None:
        raise LinkInvalid
    return appointment


@blueprint.get("/<token>")
@link_holder
def open_link(token: str) -> ResponseReturnValue:
    found = opened(token)
    if found.invitation is not None:
        return invited.invitation_page(found.invitation, token)
    if found.appointment is None:
        raise LinkInvalid
    return appointment_page(found.appointment, token)


@blueprint.get("/<token>/termin.ics")
@link_holder
def calendar(token: str) -> Response:
    """Her appointment for her own calendar: place and number, no topic, no secret address."""
    return Response(
        calendar_file(opened_appointment(token)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=termin.ics"},
    )


@blueprint.errorhandler(LinkInvalid)
def link_invalid(_error: LinkInvalid) -> ResponseReturnValue:
    """Unknown or expired. Whose it was is not told, so every municipality's telephone stands there."""
    if "language" not in g:
        g.language = choose_language(request)
    found = (
        db.session()
        .execute(select(Municipality.slug, Municipality.name, Municipality.phone).order_by(Municipality.name))
        .all()
    )
    return render_template("client/link_invalid.html", municipalities=found), 404


def to_appointment(token: str) -> ResponseReturnValue:
    """After a change: look at it again."""
    return redirect(url_for("links.open_link", token=token), 303)


from scheduler_app.web.client import change, invited  # noqa: E402, F401
