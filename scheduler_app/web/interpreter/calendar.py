"""The calendar subscription: a secret address that is shown once."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.models import db
from scheduler_app.services.feeds import feed_state, revoke_feed, subscribe_feed
from scheduler_app.web.access import current_account, interpreter
from scheduler_app.web.interpreter import blueprint
from scheduler_app.web.interpreter.assignments import own_resource_id
from scheduler_app.web.request_time import now


@blueprint.get("/calendar")
@interpreter
def calendar() -> ResponseReturnValue:
    """Whether she has a subscription, and when it was last used."""
    return render_template(
        "interpreter/calendar.html", feed=feed_state(db.session(), own_resource_id()), address=""
    )


@blueprint.post("/calendar")
@interpreter
def calendar_subscribe() -> ResponseReturnValue:
    """Make a new address and show it this once: only its hash is kept."""
    resource_id = own_resource_id()
    token = subscribe_feed(
        db.session(), resource_id=resource_id, municipality_id=current_account().municipality_id, now=now()
    )
    public_url = current_app.extensions["terminlotse"].settings.public_url
    return render_template(
        "interpreter/calendar.html",
        feed=feed_state(db.session(), resource_id),
        address=public_url + url_for("calendars.feed", token=token),
    )


@blueprint.post("/calendar/revoke")
@interpreter
def calendar_revoke() -> ResponseReturnValue:
    """Let nobody read her calendar any more."""
    revoke_feed(db.session(), resource_id=own_resource_id(), now=now())
    flash("Das Kalender-Abo ist beendet. Die alte Adresse gilt nicht mehr.", "success")
    return redirect(url_for("interpreter.calendar"))
