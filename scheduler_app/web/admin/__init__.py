"""What a municipality is set up with, and what its interpreter pool has to see to."""

from typing import Any

from flask import Blueprint, g, request, url_for

from scheduler_app.models import Account, StaffRole, db
from scheduler_app.services.catalogue import Catalogue, catalogue_by_id
from scheduler_app.web.access import current_account

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

ADMIN_SECTIONS = (
    ("Übersicht", "admin.overview"),
    ("Konten", "admin.accounts"),
    ("Nachrichtentexte", "admin.messages"),
    ("Protokoll", "admin.audit"),
)
POOL_SECTIONS = (("Sprachmittlung", "admin.pool"),)


def own_catalogue() -> Catalogue:
    """The municipality of whoever is signed in, and no other."""
    return catalogue_by_id(db.session(), current_account().municipality_id)


@blueprint.before_request
def use_local_time() -> None:
    """Times stand as on the clocks of the municipality."""
    if "account" in g:
        g.time_zone = own_catalogue().timezone


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """What the frame of the page shows; nothing before somebody has signed in."""
    account: Account | None = g.get("account")
    if account is None or account.staff_member is None:
        return {}
    roles = set(account.roles)
    named = (ADMIN_SECTIONS if StaffRole.MUNICIPAL_ADMIN in roles else ()) + (
        POOL_SECTIONS if StaffRole.POOL_COORDINATOR in roles else ()
    )
    current = str(request.endpoint)
    return {
        "sections": [
            *((text, url_for(endpoint), current.startswith(endpoint)) for text, endpoint in named),
            ("Zum Kalender", url_for("staff.diary"), False),
        ],
        "signed_in_as": account.staff_member.name,
        "place_of_work": account.staff_member.agency.name,
        "sign_out_url": url_for("staff.sign_out"),
    }


# each gives the blueprint its views
from scheduler_app.web.admin import accounts, audit, messages, overview, pool  # noqa: E402, F401
