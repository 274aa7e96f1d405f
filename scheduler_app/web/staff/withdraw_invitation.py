"""Taking back the link that was sent to a client."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import InvitationClosed
from scheduler_app.models import StaffRole, db
from scheduler_app.services.withdraw_invitation import withdraw_invitation
from scheduler_app.web.access import current_account, staff
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import staff_member
from scheduler_app.web.staff import blueprint
from scheduler_app.web.staff.cases import case_of_reader
from scheduler_app.web.staff.error_texts import error_text


@blueprint.post("/cases/<number>/invitations/<int:invitation_id>/withdraw")
@staff(StaffRole.CASE_MANAGER)
def withdraw(number: str, invitation_id: int) -> ResponseReturnValue:
    """Only in her own cases; the link then says that it is not valid."""
    case_of_reader(number)
    municipality_id, member_id = current_account().municipality_id, staff_member().id
    try:
        withdraw_invitation(db.session(), municipality_id, member_id, invitation_id, now=now())
    except InvitationClosed as error:
        flash(error_text(error), "warning")
    else:
        flash("Die Einladung ist zurückgezogen. Der Link gilt nicht mehr.", "success")
    return redirect(url_for("staff.case", number=number))
