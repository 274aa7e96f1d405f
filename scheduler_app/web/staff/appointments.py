"""One appointment, as far as it is the reader's business."""

from flask import render_template
from flask.typing import ResponseReturnValue

from scheduler_app.models import db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.read_appointment import SeenAppointment, read_appointment
from scheduler_app.web.access import current_account, staff
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import catalogue, viewer
from scheduler_app.web.staff import blueprint
from scheduler_app.web.staff.diary_grid import INTERPRETER_TEXTS

ROLE_TEXTS = {"staff": "Fachkraft", "interpreter": "Sprachmittlung"}


@blueprint.get("/appointments/<number>")
@staff()
def appointment(number: str) -> ResponseReturnValue:
    """What the reader may see of it."""
    return render_template(
        "staff/appointment.html",
        appointment=seen(number),
        interpreter_texts=INTERPRETER_TEXTS,
        role_texts=ROLE_TEXTS,
        ask_phone=case_management_phone(catalogue()),
    )


def seen(number: str) -> SeenAppointment:
    """The appointment for whoever is signed in; raises UnknownThing."""
    return read_appointment(db.session(), current_account().municipality_id, viewer(), number, now=now())


def case_management_phone(offer: Catalogue) -> str:
    """Whom to call who may not change an appointment: always the same number, so that it tells nothing."""
    agencies = [agency for agency in offer.agencies.values() if agency.kind == "case_management"]
    return next((agency.phone for agency in agencies if agency.phone), offer.phone)
