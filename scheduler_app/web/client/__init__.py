"""What clients see: booking without an account, in their language.

No cookie and no script is needed: what has been chosen travels in the address, secrets only in tokens.
"""

from typing import Any

from flask import Blueprint, request

from scheduler_app.models import db
from scheduler_app.models.engine import begin_read
from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.web.client import municipality_page

blueprint = Blueprint("client", __name__)


@blueprint.url_value_preprocessor
def enter_municipality(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Every page but the list of municipalities belongs to one. Raises UnknownThing."""
    if not values or "municipality_slug" not in values:
        return
    if request.method == "GET":
        begin_read(db.session())
    municipality_page.enter(catalogue_of(db.session(), values.pop("municipality_slug")))


blueprint.url_defaults(municipality_page.fill_address)
blueprint.context_processor(municipality_page.template_values)

from scheduler_app.web.client import check, choose_interpreter, hold, slots, start  # noqa: E402, F401
