"""Planning for a client: who is needed, what that leads to, then book or let her choose."""

import secrets
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import (
    BundleSize,
    ChainLength,
    NotTogether,
    SlotTaken,
    TerminlotseError,
    TooManyServices,
    UnknownThing,
)
from scheduler_app.models import Case, StaffRole, db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_chain import ChainPlan
from scheduler_app.web.access import staff
from scheduler_app.web.signed_in_staff import catalogue, staff_member
from scheduler_app.web.staff import blueprint
from scheduler_app.web.staff.cases import case_of_reader, interpreter_choices
from scheduler_app.web.staff.error_texts import error_text
from scheduler_app.web.staff.planning.booking import book, booked_before, choose_a_time, invite
from scheduler_app.web.staff.planning.bundle_offer import (
    BundleOffer,
    book_offered,
    bundle_booked_before,
    bundle_offer,
)
from scheduler_app.web.staff.planning.chain_offer import chain_offer, chosen_chain, planned_chain
from scheduler_app.web.staff.planning.choices import GENDERS, LEVELS, choices_of
from scheduler_app.web.staff.planning.picked import BUNDLE, CHAIN, TABLE, Picked, clock_of
from scheduler_app.web.staff.planning.pressed import pressed_chain
from scheduler_app.web.staff.planning.read_picked import read_picked
from scheduler_app.web.staff.planning.roles import RoleLine, known_roles, role_lines
from scheduler_app.web.staff.planning.table_offer import table_offer
from scheduler_app.web.staff.slot_days import chosen_start

NO_BUNDLE = (
    "Zu den gewünschten Zeiten gibt es nicht für alle Anliegen einen Termin. "
    "Wählen Sie mehr Zeiten, oder ein Anliegen allein „An einem Tisch“: dort sehen Sie, was fehlt."
)

Made = Plan | ChainPlan | BundleOffer

FORMS = (
    (TABLE, "An einem Tisch"),
    (CHAIN, "Nacheinander an einem Tag"),
    (BUNDLE, "Mit den wenigsten Wegen"),
)


@blueprint.route("/cases/<number>/plan", methods=["GET", "POST"])
@staff(StaffRole.CASE_MANAGER)
def plan(number: str) -> ResponseReturnValue:
    """Pick who is needed (in the address) and see what it leads to; POST books or sends the link."""
    of_case, offer = case_of_reader(number).case, catalogue()
    language, herself = of_case.client.interpreter_language, staff_member().resource_id
    picked = read_picked(request.args, offer, language=language, person=herself)
    lines = role_lines(offer, picked.request, herself)
    picked = picked.with_request(known_roles(picked.request, lines))
    again = _bundle_again(offer, of_case)
    if again is not None:
        return again
    made, reasons = _worked_out(offer, of_case, picked)
    problem = ""
    if request.method == "POST" and made is not None:
        try:
            return _done(offer, of_case, picked, made)
        except TerminlotseError as error:
            problem = error_text(error)
    if request.method == "POST":
        db.session().rollback()
        # the first click may have been faster than the search for this one
        again = _bundle_again(offer, of_case)
        if again is not None:
            return again
    page = render_template(
        "staff/plan.html",
        case=of_case,
        picked=picked,
        wanted=picked.request,
        lines=lines,
        choices=choices_of(offer, picked),
        languages=interpreter_choices(offer, picked.tongue),
        levels=LEVELS,
        genders=GENDERS,
        rooms=offer.rooms.values(),
        places=offer.places,
        herself=staff_member(),
        reasons=reasons,
        problem=problem,
        key=secrets.token_urlsafe(16),
        clock_of=clock_of,
        forms=[(form, text, _address(of_case, picked, form=form)) for form, text in FORMS],
        address=_address(of_case, picked),
        changed=lambda **changes: _address(of_case, picked, **changes),
        **_offered(offer, of_case, picked, made, lines),
    )
    if request.method == "POST":
        return page, 409 if problem else 422
    return page, 400 if picked.mistakes else 200


def _address(of_case: Case, picked: Picked, **changes: Any) -> str:
    return url_for("staff.plan", number=of_case.number, **picked.changed(**changes))


def _bundle_again(offer: Catalogue, of_case: Case) -> ResponseReturnValue | None:
    value = request.form.get("bundle", "") if request.method == "POST" else ""
    return bundle_booked_before(offer, of_case, value) if value else None


def _worked_out(offer: Catalogue, of_case: Case, picked: Picked) -> tuple[Made | None, tuple[str, ...]]:
    """The plan of what was picked, or None and why there is none, in words."""
    if picked.mistakes:
        return None, picked.mistakes
    if picked.form == BUNDLE:
        return _bundle(offer, of_case, picked)
    if not picked.request.services:
        return None, ("Bitte wählen Sie mindestens ein Anliegen.",)
    try:
        if picked.form == CHAIN:
            return planned_chain(offer, of_case, picked), ()
        return plan_appointment(offer, picked.request), ()
    except (NotTogether, ChainLength, TooManyServices, UnknownThing) as error:
        return None, (_reason(offer, error),)


def _bundle(offer: Catalogue, of_case: Case, picked: Picked) -> tuple[BundleOffer | None, tuple[str, ...]]:
    try:
        found = bundle_offer(offer, of_case, picked)
    except BundleSize as error:
        return None, (
            f"Bitte wählen Sie Anliegen, zusammen mit den Terminen des Falls höchstens {error.most}.",
        )
    return found, () if found is not None else (NO_BUNDLE,)


def _reason(offer: Catalogue, error: TerminlotseError) -> str:
    """Why there is no plan, in words."""
    if isinstance(error, NotTogether):
        names = ", ".join(f"„{offer.service(key).name['de']}“" for key in error.keys)
        return f"{names} geht nicht am gemeinsamen Tisch. Planen Sie „nacheinander“ oder als eigenen Termin."
    if isinstance(error, ChainLength):
        return f"Nacheinander geht mit zwei bis {error.most} Anliegen."
    if isinstance(error, TooManyServices):
        return f"Auf einmal gehen höchstens {error.most} Anliegen. Bitte planen Sie die anderen danach."
    if isinstance(error, UnknownThing) and error.what == "role" and error.key:
        return "Eine Rolle, zu der Sie etwas gewählt haben, gibt es bei diesen Anliegen nicht."
    if isinstance(error, UnknownThing) and error.what == "role":
        return "So ist niemand mehr dabei. Bitte lassen Sie mindestens eine Person stehen."
    return "Einen Teil der Auswahl gibt es nicht (mehr)."


def _offered(
    offer: Catalogue, of_case: Case, picked: Picked, made: Made | None, lines: list[RoleLine]
) -> dict[str, Any]:
    if isinstance(made, BundleOffer):
        return {"bundle": made}
    if isinstance(made, ChainPlan):
        return {"chains": chain_offer(offer, of_case, picked, made, lines)}
    return {"table": table_offer(offer, of_case, picked, made)} if made is not None else {}


def _done(offer: Catalogue, of_case: Case, picked: Picked, made: Made) -> ResponseReturnValue:
    """Book or invite, as the button that was pressed says."""
    key = request.form.get("key", "")
    if isinstance(made, BundleOffer):
        value = request.form.get("bundle", "")
        return book_offered(offer, of_case, picked, value) if value else choose_a_time()
    if isinstance(made, ChainPlan):
        return _chain_done(offer, of_case, picked, made, key)
    if "invite" in request.form:
        return invite(offer, of_case, made)
    starts_at = chosen_start(request.form.get("slot", ""))
    if starts_at is None or not key:
        return choose_a_time()
    return book(offer, of_case, made, starts_at, key)


def _chain_done(
    offer: Catalogue, of_case: Case, picked: Picked, made: ChainPlan, key: str
) -> ResponseReturnValue:
    value = request.form.get("chain", "") or request.form.get("invite_chain", "")
    if not value or not key:
        return choose_a_time()
    if "invite_chain" in request.form:
        chain = chosen_chain(offer, picked, made, value)
        return invite(offer, of_case, plan_appointment(offer, chain.request))
    again = _chain_again(offer, of_case, made, value, key)
    if again is not None:
        return again
    try:
        chain = chosen_chain(offer, picked, made, value)
    except SlotTaken:
        db.session().rollback()
        again = _chain_again(offer, of_case, made, value, key)
        if again is None:
            raise
        return again
    return book(offer, of_case, plan_appointment(offer, chain.request), chain.books_at, key)


def _chain_again(
    offer: Catalogue, of_case: Case, made: ChainPlan, value: str, key: str
) -> ResponseReturnValue | None:
    pressed = pressed_chain(made.request, value)
    if pressed is None:
        return None
    try:
        arranged = plan_appointment(offer, pressed.request)
    except UnknownThing:
        return None
    return booked_before(offer, of_case, arranged, pressed.starts_at, key)
