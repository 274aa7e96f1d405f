"""What interpreters see."""

from typing import Any

from flask import Blueprint, g, request, url_for

from scheduler_app.models import Account, Agency, Audience, Interpreter, db
from scheduler_app.web.sign_in_page import add_sign_in

blueprint = Blueprint("interpreter", __name__, url_prefix="/interpreter")

add_sign_in(
    blueprint,
    Audience.INTERPRETER,
    home_endpoint="interpreter.assignments",
    title="Für Sprachmittlerinnen und Sprachmittler",
)


def own_pool(interpreter: Interpreter) -> Agency:
    """The pool that she works for."""
    return db.session().get_one(Agency, interpreter.agency_id)


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """What the frame of the page shows; nothing before she has signed in."""
    account: Account | None = g.get("account")
    if account is None or account.interpreter is None:
        return {}
    endpoint = str(request.endpoint)
    return {
        "sections": [
            ("Einsätze", url_for("interpreter.assignments"), endpoint == "interpreter.assignments"),
            ("Kalender-Abo", url_for("interpreter.calendar"), endpoint.startswith("interpreter.calendar")),
        ],
        "signed_in_as": account.interpreter.name,
        "place_of_work": own_pool(account.interpreter).name,
        "sign_out_url": url_for("interpreter.sign_out"),
    }


from scheduler_app.web.interpreter import assignments, calendar  # noqa: E402, F401  # views register themselves
