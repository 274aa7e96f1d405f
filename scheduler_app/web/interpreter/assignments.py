"""Assignments: what is asked, what is agreed, and the interpreter's answer."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import AlreadyAnswered, AssignmentChanged, UnknownThing
from scheduler_app.models import db
from scheduler_app.services.answer_assignment import accept_assignment, decline_assignment, finds_another
from scheduler_app.services.read_assignments import (
    Assignment,
    AssignmentState,
    read_assignment,
    read_assignments,
)
from scheduler_app.web.access import current_account, interpreter
from scheduler_app.web.interpreter import blueprint, own_pool
from scheduler_app.web.request_time import now

TOO_LATE = {
    AssignmentState.DECLINED: "Diesen Einsatz haben Sie schon abgesagt.",
    AssignmentState.CANCELLED: "Dieser Termin wurde abgesagt. Sie müssen nichts mehr tun.",
    AssignmentState.RELEASED: "Sie sind für diesen Einsatz nicht mehr eingeplant. Sie müssen nichts mehr tun.",
}
BEGUN = "Dieser Einsatz hat schon begonnen. Bitte rufen Sie an, wenn Sie etwas ändern müssen."
CHANGED = (
    "Dieser Einsatz hat sich inzwischen geändert. Bitte prüfen Sie Tag, Zeit und Ort, und antworten Sie dann."
)


@blueprint.get("/")
@interpreter
def assignments() -> ResponseReturnValue:
    """New requests, what is ahead, what is over."""
    found = read_assignments(db.session(), own_resource_id(), now=now())
    return render_template("interpreter/assignments.html", assignments=found, pool_phone=_pool_phone())


@blueprint.get("/assignments/<int:participation_id>")
@interpreter
def assignment(participation_id: int) -> ResponseReturnValue:
    """One assignment of her own."""
    return render_template(
        "interpreter/assignment.html", assignment=_own(participation_id), now=now(), pool_phone=_pool_phone()
    )


@blueprint.post("/assignments/<int:participation_id>/accept")
@interpreter
def accept(participation_id: int) -> ResponseReturnValue:
    """She says yes to what she was shown."""
    _own(participation_id)
    try:
        accept_assignment(
            db.session(),
            participation_id,
            resource_id=own_resource_id(),
            sequence=_shown_sequence(),
            now=now(),
        )
    except AlreadyAnswered:
        return _too_late(participation_id)
    except AssignmentChanged:
        return _look_again(participation_id)
    flash("Danke! Sie haben den Einsatz zugesagt.", "success")
    return redirect(url_for("interpreter.assignment", participation_id=participation_id))


@blueprint.get("/assignments/<int:participation_id>/decline")
@interpreter
def confirm_decline(participation_id: int) -> ResponseReturnValue:
    """Ask once more, and say what a decline does."""
    found = _own(participation_id)
    if not found.is_on or found.starts_at <= now():
        return redirect(url_for("interpreter.assignment", participation_id=participation_id))
    return render_template(
        "interpreter/decline.html", assignment=found, finds_another=finds_another(found.starts_at, now=now())
    )


@blueprint.post("/assignments/<int:participation_id>/decline")
@interpreter
def decline(participation_id: int) -> ResponseReturnValue:
    """She says no; somebody else is asked."""
    _own(participation_id)
    try:
        successor = decline_assignment(
            db.session(),
            participation_id,
            resource_id=own_resource_id(),
            sequence=_shown_sequence(),
            now=now(),
        )
    except AlreadyAnswered:
        return _too_late(participation_id)
    except AssignmentChanged:
        return _look_again(participation_id)
    if successor is not None:
        flash("Danke, wir fragen jemand anderen.", "success")
    else:
        flash("Danke für Ihre Antwort. Wir suchen jemand anderen.", "success")
    return redirect(url_for("interpreter.assignments"))


def own_resource_id() -> int:
    """The resource of the interpreter who is signed in."""
    account = current_account()
    if account.interpreter is None:
        raise UnknownThing("interpreter", str(account.id))
    return account.interpreter.resource_id


def _own(participation_id: int) -> Assignment:
    return read_assignment(db.session(), participation_id, resource_id=own_resource_id(), now=now())


def _shown_sequence() -> int:
    """What state of the assignment the answered page showed; a form without it has shown none."""
    sequence = request.form.get("sequence", type=int)
    if sequence is None:
        raise AssignmentChanged
    return sequence


def _look_again(participation_id: int) -> ResponseReturnValue:
    flash(CHANGED, "warning")
    return redirect(url_for("interpreter.assignment", participation_id=participation_id))


def _too_late(participation_id: int) -> ResponseReturnValue:
    state = _own(participation_id).state
    flash(TOO_LATE.get(state, BEGUN), "warning")
    return redirect(url_for("interpreter.assignment", participation_id=participation_id))


def _pool_phone() -> str:
    person = current_account().interpreter
    return own_pool(person).phone if person else ""
