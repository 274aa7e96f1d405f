"""Is a confirmation genuine? Whoever holds the paper may look, and sees neither name nor topic."""

import hmac

from flask import abort, current_app, render_template, url_for
from sqlalchemy import select

from scheduler_app.domain.numbers import keyed_hash
from scheduler_app.models import Appointment, AppointmentStatus, db
from scheduler_app.web.access import public
from scheduler_app.web.client import blueprint
from scheduler_app.web.client.municipality_page import municipality

CODE_LENGTH = 16


def check_code(number: str, sequence: int) -> str:
    """Proves that we printed a number, when its appointment had this sequence: 64 bits of HMAC-SHA-256.

    A new secret key ends older papers.
    """
    settings = current_app.extensions["terminlotse"].settings
    named = f"{municipality().municipality_id}:{number}:{sequence}"
    return keyed_hash(settings.secret_key, "appointment-check", named)[:CODE_LENGTH]


def check_address(appointment: Appointment) -> str:
    """The public address that stands in the QR code; the reader's own language, not the client's."""
    code = check_code(appointment.number, appointment.sequence)
    path = url_for("client.check", number=appointment.number, code=code, lang=None)
    return f"{current_app.extensions['terminlotse'].settings.public_url}{path}"


@blueprint.get("/<municipality_slug>/check/<number>/<code>")
@public
def check(number: str, code: str) -> str:
    appointment = (
        db.session()
        .scalars(
            select(Appointment).where(
                Appointment.municipality_id == municipality().municipality_id, Appointment.number == number
            )
        )
        .one_or_none()
    )
    printed = None if appointment is None else printed_sequence(appointment, code)
    if appointment is None or printed is None:
        abort(404)
    return render_template(
        "client/check.html", appointment=appointment, is_valid=printed >= valid_sequence(appointment)
    )


def printed_sequence(appointment: Appointment, code: str) -> int | None:
    """The sequence that the appointment had when the paper with this code was printed; None if we did not."""
    for sequence in range(appointment.sequence, -1, -1):
        if hmac.compare_digest(code.encode(), check_code(appointment.number, sequence).encode()):
            return sequence
    return None


def valid_sequence(appointment: Appointment) -> int:
    """From this sequence on papers show the day and time that are known now; cancelling changes neither."""
    return appointment.sequence - (appointment.status == AppointmentStatus.CANCELLED)
