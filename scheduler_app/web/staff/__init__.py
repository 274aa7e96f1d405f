"""What staff of the agencies see."""

from flask import Blueprint

from scheduler_app.models import Audience
from scheduler_app.web.sign_in_page import add_sign_in

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
add_sign_in(
    blueprint, Audience.STAFF, home_endpoint="staff.diary", title="Für Mitarbeiterinnen und Mitarbeiter"
)

# each gives the blueprint its views
from scheduler_app.web.staff import (  # noqa: E402, F401
    appointments,
    calendar_subscription,
    cases,
    change_appointment,
    diary,
    navigation,
    open_points,
    withdraw_invitation,
)
from scheduler_app.web.staff.planning import page  # noqa: E402, F401
