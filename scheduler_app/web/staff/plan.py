"""Planning for a client: who is needed, joint slots at once, then book or let her choose."""

import secrets

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import TerminlotseError
from scheduler_app.models import Case, StaffRole, db
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import Contact
from scheduler_app.services.find_slots import SlotSearch, find_slots
from scheduler_app.services.invite_client import invite_client
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.web.access import staff
from scheduler_app.web.local_dates import day_and_time
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import catalogue, staff_member
from scheduler_app.web.staff import blueprint
from scheduler_app.web.staff.cases import NEW_LINK, case_of_reader, interpreter_choices
from scheduler_app.web.staff.diary_grid import day_bounds
from scheduler_app.web.staff.error_texts import error_text
from scheduler_app.web.staff.plan_choices import plan_choices
from scheduler_app.web.staff.plan_request import Picked, read_picked, worked_out
from scheduler_app.web.staff.role_names import role_names
from scheduler_app.web.staff.slot_days import MOST_STARTS, by_day, chosen_start


@blueprint.route("/cases/<number>/plan", methods=["GET", "POST"])
@staff(StaffRole.CASE_MANAGER)
def plan(number: str) -> ResponseReturnValue:
    """Pick who is needed (in the address), see joint slots; POST books one or sends the link."""
    of_case, offer = case_of_reader(number).case, catalogue()
    picked = read_picked(
        request.args,
        offer,
        language=of_case.client.interpreter_language,
        person=staff_member().resource_id,
    )
    made, reasons = worked_out(offer, picked)
    problem = ""
    if request.method == "POST" and made is not None:
        try:
            return _invite(offer, of_case, made) if "invite" in request.form else _book(offer, of_case, made)
        except TerminlotseError as error:
            problem = error_text(error)
    page = _page(offer, of_case, picked, made, reasons, problem)
    if request.method == "POST":
        return page, 409 if problem else 422
    return page, 400 if picked.mistakes else 200


def _page(
    offer: Catalogue, of_case: Case, picked: Picked, made: Plan | None, reasons: tuple[str, ...], problem: str
) -> str:
    search = _search(offer, of_case, picked, made) if made is not None else None
    return render_template(
        "staff/plan.html",
        case=of_case,
        picked=picked,
        choices=plan_choices(offer, picked, staff_member().resource_id),
        languages=interpreter_choices(offer, picked.language),
        rooms=offer.rooms.values(),
        places=offer.places,
        herself=staff_member(),
        search=search,
        slots=by_day(search.starts) if search else None,
        missing=role_names(offer, search.plan, search.blocking) if search else [],
        reasons=reasons,
        problem=problem,
        key=secrets.token_urlsafe(16),
        address=url_for("staff.plan", number=of_case.number, **picked.to_query()),
        later=lambda day: url_for("staff.plan", number=of_case.number, **{**picked.to_query(), "from": day}),
    )


def _search(offer: Catalogue, of_case: Case, picked: Picked, made: Plan) -> SlotSearch:
    from_at = None
    if picked.from_day is not None:
        from_at = day_bounds(picked.from_day, 1, offer.timezone)[0]
    return find_slots(
        db.session(),
        offer,
        made,
        now=now(),
        from_at=from_at,
        limit=MOST_STARTS,
        client_resource_id=of_case.client.resource_id,
    )


def _book(offer: Catalogue, of_case: Case, made: Plan) -> ResponseReturnValue:
    starts_at = chosen_start(request.form.get("slot", ""))
    key = request.form.get("key", "")
    if starts_at is None or not key:
        flash("Bitte wählen Sie eine Zeit.", "warning")
        return redirect(request.full_path)
    member_id = staff_member().id
    booked = book_appointment(
        db.session(),
        offer,
        made,
        starts_at,
        Contact(of_case.client.name, of_case.client.phone, of_case.client.language),
        now=now(),
        actor=f"staff:{member_id}",
        idempotency_key=f"plan:{of_case.id}:{key}",
        case_id=of_case.id,
    )
    appointment = booked.appointment
    when = day_and_time(appointment.starts_at).striptags()
    flash(f"Gebucht: {when}. Die Klient*in bekommt eine SMS.", "success")
    return redirect(url_for("staff.appointment", number=appointment.number))


def _invite(offer: Catalogue, of_case: Case, made: Plan) -> ResponseReturnValue:
    number = of_case.number
    invited = invite_client(db.session(), offer, of_case, made, staff_member_id=staff_member().id, now=now())
    session[NEW_LINK] = {"invitation_id": invited.invitation.id, "token": invited.token}
    return redirect(url_for("staff.case", number=number))
