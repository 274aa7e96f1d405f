"""Nobody comes in by accident: every route says who may enter, and here stands who that is."""

import pytest
from flask import Flask

from scheduler_app.web.access import Access

# Flask's own view of the files in static/, which anybody may read.
OPEN_BY_DESIGN = {"static"}

# Whoever changes who may enter changes it here too: everybody, holders of a secret link, interpreters, or staff
# (of any role, or of one of those named).
EXPECTED = {
    "admin.accounts": "staff municipal_admin",
    "admin.accounts_password": "staff municipal_admin",
    "admin.audit": "staff municipal_admin",
    "admin.messages": "staff municipal_admin",
    "admin.overview": "staff municipal_admin",
    "admin.pool": "staff pool_coordinator",
    "api.create_appointment": "public",
    "api.list_services": "public",
    "api.list_slots": "public",
    "api.openapi": "public",
    "calendars.feed": "link",
    "client.check": "public",
    "client.choose_slot": "public",
    "client.confirm": "link",
    "client.hold": "link",
    "client.interpreter": "public",
    "client.municipalities": "public",
    "client.release": "link",
    "client.slots": "public",
    "client.start": "public",
    "demo.phone": "public",
    "demo.start": "public",
    "healthz": "public",
    "interpreter.accept": "interpreter",
    "interpreter.assignment": "interpreter",
    "interpreter.assignments": "interpreter",
    "interpreter.calendar": "interpreter",
    "interpreter.calendar_revoke": "interpreter",
    "interpreter.calendar_subscribe": "interpreter",
    "interpreter.confirm_decline": "interpreter",
    "interpreter.decline": "interpreter",
    "interpreter.sign_in": "public",
    "interpreter.sign_out": "public",
    "links.calendar": "link",
    "links.cancel": "link",
    "links.cancel_for_good": "link",
    "links.choose_arranged_slot": "link",
    "links.choose_other_slot": "link",
    "links.move": "link",
    "links.open_link": "link",
    "readyz": "public",
    "staff.appointment": "staff",
    "staff.calendar": "staff",
    "staff.cancel": "staff",
    "staff.case": "staff case_manager",
    "staff.cases": "staff case_manager",
    "staff.diary": "staff",
    "staff.home": "staff",
    "staff.move": "staff",
    "staff.new_case": "staff case_manager",
    "staff.open_points": "staff case_manager pool_coordinator",
    "staff.plan": "staff case_manager",
    "staff.revoke": "staff",
    "staff.sign_in": "public",
    "staff.sign_out": "public",
    "staff.subscribe": "staff",
    "staff.withdraw": "staff case_manager",
}


def in_words(access: Access | None) -> str:
    if access is None:
        return "undeclared"
    if access.audience is None:
        return "link" if access.link else "public"
    return " ".join([access.audience.value, *sorted(role.value for role in access.roles)])


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_every_route_lets_in_whom_it_should(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - OPEN_BY_DESIGN
    declared = {name: in_words(getattr(app.view_functions[name], "access", None)) for name in endpoints}
    assert declared == EXPECTED
