"""Who is signed in, as views and services want her."""

from flask import current_app

from scheduler_app.config import Settings
from scheduler_app.domain.visibility import Viewer
from scheduler_app.models import StaffMember, db
from scheduler_app.services.catalogue import Catalogue, catalogue_by_id
from scheduler_app.web.access import current_account


def staff_member() -> StaffMember:
    """The staff member behind this request."""
    member = current_account().staff_member
    if member is None:
        raise RuntimeError("a view for staff was entered by somebody else")
    return member


def viewer() -> Viewer:
    """Who looks, for the rule of visibility."""
    member = staff_member()
    return Viewer(
        staff_member_id=member.id,
        resource_id=member.resource_id,
        agency_id=member.agency_id,
        agency_kind=member.agency.kind,
        roles=frozenset(current_account().roles),
    )


def catalogue() -> Catalogue:
    """What her municipality offers."""
    return catalogue_by_id(db.session(), current_account().municipality_id)


def settings() -> Settings:
    found: Settings = current_app.extensions["terminlotse"].settings
    return found
