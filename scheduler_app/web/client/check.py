"""Is a confirmation genuine? Whoever holds the paper may look, and sees neither name nor topic."""

import hmac

from flask import abort, current_app, render_template, url_for
from sqlalchemy import select

from scheduler_app.domain.numbers import keyed_hash
from scheduler_app.models import Appointment, db
from scheduler_app.web.access import public
from scheduler_app.web.client import blueprint
from scheduler_app.web.client.municipality_page import municipality

CODE_LENGTH = 16


def check_code(number: str) -> str:
    """Proves that a number was printed by us: 64 bits of HMAC-SHA-256. A new secret key ends older papers."""
    settings = current_app.extensions["terminlotse"].settings
    named = f"{municipality().municipality_id}:{number}"
    return keyed_hash(settings.secret_key, "appointment-check", named)[:CODE_LENGTH]


def check_address(appointment: Appointment) -> str:
    """The public address that stands in the QR code; the reader's own language, not the client's."""
    path = url_for("client.check", number=appointment.number, code=check_code(appointment.number), lang=None)
    return f"{current_app.extensions['terminlotse'].settings.public_url}{path}"


@blueprint.get("/<municipality_slug>/check/<number>/<code>")
@public
def check(number: str, code: str) -> str:
    if not hmac.compare_digest(code.encode(), check_code(number).encode()):
        abort(404)
    appointment = (
        db.session()
        .scalars(
            select(Appointment).where(
                Appointment.municipality_id == municipality().municipality_id, Appointment.number == number
            )
        )
        .one_or_none()
    )
    if appointment is None:
        abort(404)
    return render_template("client/check.html", appointment=appointment)
