"""The municipality at a glance."""

from flask import render_template
from flask.typing import ResponseReturnValue

from scheduler_app.models import StaffRole, db
from scheduler_app.services.read_set_up import count_feeds, count_languages, read_agencies
from scheduler_app.web.access import staff
from scheduler_app.web.admin import blueprint, own_catalogue, words


@blueprint.get("/")
@staff(StaffRole.MUNICIPAL_ADMIN)
def overview() -> ResponseReturnValue:
    """Profile, agencies, services, rooms, interpreters and subscriptions of her own municipality."""
    session, catalogue = db.session(), own_catalogue()
    return render_template(
        "admin/overview.html",
        catalogue=catalogue,
        agencies=read_agencies(session, catalogue.municipality_id),
        languages=count_languages(catalogue),
        feeds=count_feeds(session, catalogue.municipality_id),
        words=words,
    )
