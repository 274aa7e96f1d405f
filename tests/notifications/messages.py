"""The texts there are, and the longest data they must carry."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from notifications.dates import appointment_words

FOLDER = Path(__file__).parents[2] / "templates" / "messages"
CLIENT_LANGUAGES = ("ar", "de", "en", "tr", "uk")
CLIENT_KINDS = (
    "cancel", "change", "change-chain", "confirmation", "confirmation-chain", "invitation", "reminder",
    "reminder-chain",
)  # fmt: skip
INTERPRETER_KINDS = (
    "interpreter-assigned", "interpreter-assigned-chain", "interpreter-changed", "interpreter-changed-chain",
    "interpreter-released",
)  # fmt: skip
EVERY_TEXT = [(kind, code) for kind in CLIENT_KINDS + INTERPRETER_KINDS for code in CLIENT_LANGUAGES]

PLACE = "Rathausplatz 1, Moers, Raum 112"
LONGEST_PLACE = "Wilhelm-Schroeder-Straße 10, Raum 2.1.07"
LINK = "https://termine.moers.example/t/k3Xw9QbTz7RfLm2VhYc4Pd"
PHONE = "02841 201-0"


def values(language: str, day: int = 24, place: str = PLACE) -> dict[str, str]:
    """Values for an appointment in December 2026; the 24th is a Thursday, long in German."""
    start = datetime(2026, 12, day, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    rest = {"end": "16:45", "place": place, "link": LINK, "phone": PHONE, "number": "MOE-48213"}
    return appointment_words(start, language) | rest
