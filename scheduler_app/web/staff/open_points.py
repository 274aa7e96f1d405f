"""The worklist: appointments that lack an interpreter."""

from flask import render_template
from flask.typing import ResponseReturnValue

from scheduler_app.models import StaffRole, db
from scheduler_app.services.open_points import list_open_points
from scheduler_app.web.access import current_account, staff
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import viewer
from scheduler_app.web.staff import blueprint


@blueprint.get("/open-points", endpoint="open_points")
@staff(StaffRole.CASE_MANAGER, StaffRole.POOL_COORDINATOR)
def open_points_page() -> ResponseReturnValue:
    """Number, time and language; the reader's own cases first."""
    points = list_open_points(db.session(), current_account().municipality_id, viewer(), now=now())
    return render_template("staff/open_points.html", points=points)
