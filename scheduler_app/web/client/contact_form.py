"""Who she is: one name and one mobile number, nothing else."""

from collections.abc import Callable
from typing import cast

from wtforms import StringField, TelField
from wtforms.validators import InputRequired

from scheduler_app.domain.errors import InvalidContact
from scheduler_app.services.contact import Contact, check_contact
from scheduler_app.web.page_form import PageForm
from scheduler_app.web.page_language import gettext, lazy_gettext, page_language

_ = cast(Callable[[str], str], lazy_gettext)  # the stubs of WTForms know no lazy texts


ANY_NAME = "A"


class ContactForm(PageForm):
    """Needs no CSRF token, and so no cookie: it changes only what its secret address stands for."""

    class Meta(PageForm.Meta):
        csrf = False

    name = StringField(_("Ihr Name"), [InputRequired(_("Bitte schreiben Sie Ihren Namen."))])
    phone = TelField(
        _("Ihre Handynummer"),
        [InputRequired(_("Bitte schreiben Sie Ihre Handynummer."))],
    )

    def contact(self) -> Contact | None:
        """What was entered, checked; None with the errors of both fields set."""
        if not self.validate():
            return None
        name, phone = str(self.name.data), str(self.phone.data)
        try:
            return check_contact(name, phone, page_language().tag)
        except InvalidContact as error:
            self._show(error)
        if self.name.errors:
            try:
                check_contact(ANY_NAME, phone, page_language().tag)
            except InvalidContact as error:
                self._show(error)  # so that she need not come back for the second mistake
        return None

    def _show(self, error: InvalidContact) -> None:
        field = self.name if error.field == "name" else self.phone
        field.errors = [_words(error)]


def _words(error: InvalidContact) -> str:
    known = {
        ("name", "missing"): gettext("Bitte schreiben Sie Ihren Namen."),
        ("name", "too_long"): gettext("Dieser Name ist zu lang. Es gehen höchstens 120 Zeichen."),
        ("name", "unreadable"): gettext("In diesem Namen ist ein Zeichen, das wir nicht lesen können."),
        ("phone", "missing"): gettext("Bitte schreiben Sie Ihre Handynummer."),
        ("phone", "unknown_country"): gettext("Diese Ländervorwahl gibt es nicht. Deutschland hat +49."),
        ("phone", "too_short"): gettext("Diese Nummer ist zu kurz. Es fehlen Ziffern."),
        ("phone", "too_long"): gettext("Diese Nummer ist zu lang. Sie hat zu viele Ziffern."),
        ("phone", "landline"): gettext("Das ist eine Festnetznummer. Wir brauchen eine Handynummer für SMS."),
        ("phone", "not_mobile"): gettext("An diese Nummer können wir keine SMS schicken."),
        ("phone", "extension"): gettext("Bitte schreiben Sie die Nummer ohne Durchwahl."),
    }
    unreadable = gettext("Das ist keine Handynummer, die wir erreichen können. Bitte prüfen Sie die Ziffern.")
    return known.get((error.field, error.code), unreadable)
