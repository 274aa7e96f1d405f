"""Seeing one's appointments in one's own calendar program."""

import segno
from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from scheduler_app.models import db
from scheduler_app.services.feeds import feed_state, revoke_feed, subscribe_feed
from scheduler_app.web.access import current_account, staff
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import settings, staff_member
from scheduler_app.web.staff import blueprint

NEW_ADDRESS = "calendar_address"
"""Key of the browser's session under which the token of a new address waits to be shown once."""


@blueprint.get("/calendar")
@staff()
def calendar() -> ResponseReturnValue:
    """Whether there is a subscription; a new address is shown once."""
    token = session.pop(NEW_ADDRESS, "")
    address = f"{settings().public_url}/calendars/{token}.ics" if token else ""
    return render_template(
        "staff/calendar.html",
        feed=feed_state(db.session(), staff_member().resource_id),
        address=address,
        webcal="webcal:" + address.partition(":")[2] if address else "",
        # made from our own address, so it is safe markup
        code=Markup(segno.make(address).svg_inline(scale=4)) if address else "",  # noqa: S704
    )


@blueprint.post("/calendar/subscribe")
@staff()
def subscribe() -> ResponseReturnValue:
    """A new address; the one before stops working."""
    session[NEW_ADDRESS] = subscribe_feed(
        db.session(),
        resource_id=staff_member().resource_id,
        municipality_id=current_account().municipality_id,
        now=now(),
    )
    return redirect(url_for("staff.calendar"))


@blueprint.post("/calendar/revoke")
@staff()
def revoke() -> ResponseReturnValue:
    """No address works any more."""
    revoke_feed(db.session(), resource_id=staff_member().resource_id, now=now())
    flash("Ihr Kalender-Abo ist beendet. Die Adresse funktioniert nicht mehr.", "success")
    return redirect(url_for("staff.calendar"))
