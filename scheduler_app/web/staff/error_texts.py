"""Why something did not work, in words for staff."""

from scheduler_app.domain.errors import (
    AppointmentClosed,
    ClientBusy,
    InvalidContact,
    InvitationClosed,
    NotOffered,
    RequestChanged,
    SlotTaken,
    TerminlotseError,
)

TEXTS: dict[type[TerminlotseError], str] = {
    SlotTaken: "Dieser Termin ist inzwischen vergeben. Bitte wählen Sie einen anderen.",
    NotOffered: "Zu dieser Zeit kann nicht gebucht werden. Bitte wählen Sie einen der Vorschläge.",
    ClientBusy: "Die Person hat zu dieser Zeit schon einen anderen Termin.",
    RequestChanged: "Auf dieser Seite haben Sie schon einen Termin gebucht. Hier sehen Sie neue Vorschläge.",
    AppointmentClosed: "Der Termin ist abgesagt oder schon vorbei und kann nicht mehr geändert werden.",
    InvitationClosed: "Die Klient*in hat schon gebucht. Wenn der Termin nicht sein soll, sagen Sie ihn bitte ab.",
}

CONTACT_TEXTS = {
    ("name", "missing"): "Bitte geben Sie den Namen ein.",
    ("name", "too_long"): "Der Name ist zu lang. Bitte kürzen Sie ihn auf 120 Zeichen.",
    ("name", "unreadable"): "Der Name enthält Zeichen, die man nicht lesen kann.",
    ("phone", "missing"): "Bitte geben Sie die Handynummer ein.",
    ("phone", "landline"): "Das ist eine Festnetznummer. Für die SMS braucht es eine Handynummer.",
}


def error_text(error: TerminlotseError) -> str:
    """The text for an error that staff can meet; a plain one for those they can not."""
    return TEXTS.get(type(error), "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.")


def contact_text(error: InvalidContact) -> str:
    """What is wrong with a name or number."""
    plain = "Diese Handynummer ist nicht gültig. Beispiel: 0176 12345678 oder +380 67 1234567"
    return CONTACT_TEXTS.get((error.field, error.code), plain)
