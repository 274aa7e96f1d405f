"""Moving and cancelling: by the case manager, or by the only agency that takes part."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import NotTogether, TerminlotseError, TooManyServices, UnknownThing
from scheduler_app.models import Appointment, db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.find_new_time import find_new_time
from scheduler_app.services.find_slots import SlotSearch
from scheduler_app.services.read_appointment import SeenAppointment
from scheduler_app.web.access import staff
from scheduler_app.web.local_dates import day_and_time
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import catalogue, viewer
from scheduler_app.web.staff import blueprint
from scheduler_app.web.staff.appointments import seen
from scheduler_app.web.staff.diary_grid import day_bounds
from scheduler_app.web.staff.error_texts import error_text
from scheduler_app.web.staff.role_names import role_names
from scheduler_app.web.staff.slot_days import MOST_STARTS, by_day, chosen_day, chosen_start

GONE = "Ein Anliegen dieses Termins gibt es nicht mehr. Bitte sagen Sie ihn ab und planen Sie ihn neu."
NO_LONGER_JOINT = (
    "Die Anliegen dieses Termins können nicht mehr gemeinsam stattfinden. "
    "Bitte sagen Sie ihn ab und planen Sie getrennte Termine."
)

NOT_MOVABLE = (UnknownThing, NotTogether, TooManyServices)


@blueprint.route("/appointments/<number>/cancel", methods=["GET", "POST"])
@staff()
def cancel(number: str) -> ResponseReturnValue:
    """Ask, then cancel for everybody."""
    shown = _changeable(number)
    if request.method == "GET":
        return render_template("staff/cancel.html", appointment=shown)
    try:
        cancel_appointment(db.session(), catalogue(), shown.id, now=now(), actor=_actor())
    except TerminlotseError as error:
        flash(error_text(error), "warning")
    else:
        flash("Der Termin ist abgesagt. Alle Beteiligten werden benachrichtigt.", "success")
    return redirect(url_for("staff.appointment", number=number))


@blueprint.route("/appointments/<number>/move", methods=["GET", "POST"])
@staff()
def move(number: str) -> ResponseReturnValue:
    """Offer other times for the same people; move for everybody."""
    shown = _changeable(number)
    problem = ""
    if request.method == "POST":
        problem = _try_to_move(shown)
        if not problem:
            return redirect(url_for("staff.appointment", number=number))
    offer = catalogue()
    try:
        search = _search(offer, shown)
    except NOT_MOVABLE as error:
        flash(_not_movable(error), "warning")
        return redirect(url_for("staff.appointment", number=number))
    page = render_template(
        "staff/move.html",
        appointment=shown,
        problem=problem,
        slots=by_day([start for start in search.starts if start != shown.starts_at]),
        missing=role_names(offer, search.plan, search.blocking),
    )
    return page, 409 if problem else 200


def _changeable(number: str) -> SeenAppointment:
    shown = seen(number)
    if not shown.sight.may_change:
        abort(403)
    if not shown.can_change:
        flash("Der Termin ist abgesagt oder schon vorbei und kann nicht mehr geändert werden.", "warning")
        abort(redirect(url_for("staff.appointment", number=number)))
    return shown


def _try_to_move(shown: SeenAppointment) -> str:
    """Returns what went wrong."""
    starts_at = chosen_start(request.form.get("slot", ""))
    if starts_at is None:
        return "Bitte wählen Sie eine Zeit."
    try:
        moved = move_appointment(db.session(), catalogue(), shown.id, starts_at, now=now(), actor=_actor())
    except NOT_MOVABLE as error:
        return _not_movable(error)
    except TerminlotseError as error:
        return error_text(error)
    when = day_and_time(moved.starts_at).striptags()
    flash(f"Der Termin ist verschoben auf {when}. Alle Beteiligten werden benachrichtigt.", "success")
    return ""


def _not_movable(error: TerminlotseError) -> str:
    return GONE if isinstance(error, UnknownThing) else NO_LONGER_JOINT


def _search(offer: Catalogue, shown: SeenAppointment) -> SlotSearch:
    appointment = db.session().get_one(Appointment, shown.id)
    from_at = None
    if text := request.args.get("from", ""):
        day = chosen_day(text)
        if day is None:
            abort(404)
        from_at = day_bounds(day, 1, offer.timezone)[0]
    return find_new_time(db.session(), offer, appointment, now=now(), from_at=from_at, limit=MOST_STARTS)


def _actor() -> str:
    return f"staff:{viewer().staff_member_id}"
