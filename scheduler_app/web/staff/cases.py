"""A case manager's cases: the list, a new one, and one case."""

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TelField
from wtforms.validators import InputRequired

from scheduler_app.domain.errors import InvalidContact
from scheduler_app.domain.languages import LANGUAGES
from scheduler_app.models import Invitation, InvitationStatus, StaffRole, db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import check_contact
from scheduler_app.services.open_case import open_case
from scheduler_app.services.read_cases import SeenCase, list_cases, read_case
from scheduler_app.web.access import current_account, staff
from scheduler_app.web.page_form import PageForm
from scheduler_app.web.page_language import page_languages
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import catalogue, settings, staff_member
from scheduler_app.web.staff import blueprint
from scheduler_app.web.staff.error_texts import contact_text

NEW_LINK = "invited_link"
"""Key of the browser's session under which a new invitation's id and token wait to be shown once."""


class CaseForm(PageForm):
    name = StringField("Name", [InputRequired("Bitte geben Sie den Namen ein.")])
    phone = TelField("Handynummer", [InputRequired("Bitte geben Sie die Handynummer ein.")])
    language = SelectField("Sprache der Seiten und SMS", [InputRequired("Bitte wählen Sie eine Sprache.")])
    interpreter_language = SelectField("Sprachmittlung")


@blueprint.get("/cases")
@staff(StaffRole.CASE_MANAGER)
def cases() -> ResponseReturnValue:
    """Her open cases."""
    found = list_cases(db.session(), current_account().municipality_id, staff_member().id, now=now())
    return render_template("staff/cases.html", cases=found)


@blueprint.route("/cases/new", methods=["GET", "POST"])
@staff(StaffRole.CASE_MANAGER)
def new_case() -> ResponseReturnValue:
    """Open a case; for a client who has one with her, that one is opened again."""
    offer = catalogue()
    form = CaseForm()
    form.language.choices = [(tongue.tag, tongue.german) for tongue in page_languages(offer.languages)]
    form.interpreter_language.choices = interpreter_choices(offer)
    if form.validate_on_submit():
        try:
            contact = check_contact(str(form.name.data), str(form.phone.data), form.language.data)
        except InvalidContact as error:
            form[error.field].errors = [contact_text(error)]
        else:
            opened = open_case(
                db.session(),
                offer,
                contact,
                case_manager_id=staff_member().id,
                interpreter_language=form.interpreter_language.data,
                now=now(),
            )
            return redirect(url_for("staff.case", number=opened.number))
    return render_template("staff/new_case.html", form=form), 422 if form.errors else 200


@blueprint.get("/cases/<number>")
@staff(StaffRole.CASE_MANAGER)
def case(number: str) -> ResponseReturnValue:
    """What was booked and offered for one client."""
    found = case_of_reader(number)
    offer = catalogue()
    waiting = session.get(NEW_LINK, {})
    link = ""
    if waiting.get("invitation_id") in {invitation.id for invitation in found.invitations}:
        link = f"{settings().public_url}/t/{waiting['token']}"
        session.pop(NEW_LINK)
    return render_template(
        "staff/case.html",
        case=found.case,
        appointments=found.appointments,
        invitations=[(i, _services_of(offer, i), _state_of(i), _is_open(i)) for i in found.invitations],
        link=link,
        now=now(),
    )


def case_of_reader(number: str) -> SeenCase:
    """A case of hers; raises UnknownThing for any other."""
    return read_case(db.session(), current_account().municipality_id, staff_member().id, number)


def interpreter_choices(offer: Catalogue, known: str = "") -> list[tuple[str, str]]:
    """What somebody interprets (ISO 639-3), and what is known of the client, by German name."""
    spoken = offer.languages_interpreted() | {known}
    named = sorted((tongue.german, tongue.code) for tongue in LANGUAGES if tongue.code in spoken - {"deu"})
    return [("", "Keine Sprachmittlung"), *((code, german) for german, code in named)]


def _services_of(offer: Catalogue, invitation: Invitation) -> str:
    keys = invitation.request.get("services", ())
    return ", ".join(offer.services[key].name["de"] for key in keys if key in offer.services)


def _is_open(invitation: Invitation) -> bool:
    return invitation.status == InvitationStatus.OPEN and invitation.expires_at > now()


def _state_of(invitation: Invitation) -> str:
    if invitation.status == InvitationStatus.OPEN and not _is_open(invitation):
        return "Abgelaufen"
    texts = {"open": "Wartet auf Auswahl", "booked": "Gebucht", "withdrawn": "Zurückgezogen"}
    return texts.get(invitation.status, invitation.status)
