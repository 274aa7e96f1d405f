"""What stands above every page for staff: where she can go, who she is."""

from typing import Any

from flask import g, request, url_for

from scheduler_app.domain.visibility import CASE_MANAGER, POOL_COORDINATOR
from scheduler_app.models import StaffRole, db
from scheduler_app.services.open_points import count_open_points
from scheduler_app.web.access import current_account
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import catalogue, staff_member, viewer
from scheduler_app.web.staff import blueprint

SECTIONS = {
    "diary": ("staff.diary", "staff.appointment", "staff.move", "staff.cancel"),
    "cases": ("staff.cases", "staff.new_case", "staff.case", "staff.plan"),
    "open_points": ("staff.open_points",),
    "calendar": ("staff.calendar",),
}


@blueprint.before_request
def use_local_time() -> None:
    """Times stand as on the clocks of her municipality."""
    if "account" in g:
        g.time_zone = catalogue().timezone


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """What the layout for staff needs; nothing before she has signed in."""
    if "account" not in g:
        return {}
    return {
        "sections": _sections(),
        "signed_in_as": staff_member().name,
        "place_of_work": staff_member().agency.name,
        "sign_out_url": url_for("staff.sign_out"),
    }


def _sections() -> list[tuple[str, str, bool]]:
    roles = set(current_account().roles)
    sections = [_section("Kalender", "diary")]
    if CASE_MANAGER in roles:
        sections.append(_section("Fälle", "cases"))
    if roles & {CASE_MANAGER, POOL_COORDINATOR}:
        count = count_open_points(db.session(), current_account().municipality_id, viewer(), now=now())
        sections.append(_section(f"Offene Punkte ({count})", "open_points"))
    if POOL_COORDINATOR in roles:
        sections.append(("Sprachmittlung", "/admin/pool", False))
    sections.append(_section("Kalender-Abo", "calendar"))
    if StaffRole.MUNICIPAL_ADMIN in roles:
        sections.append(("Einrichtung", "/admin/", False))
    return sections


def _section(text: str, name: str) -> tuple[str, str, bool]:
    endpoints = SECTIONS[name]
    return text, url_for(endpoints[0]), request.endpoint in endpoints
