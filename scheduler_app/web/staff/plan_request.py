"""What a case manager has picked on the planning page, read from its address."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from scheduler_app.domain.errors import NotTogether, UnknownThing
from scheduler_app.domain.languages import UnknownLanguage, find_language
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import LONGEST_MINUTES, Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.staff.slot_days import chosen_day

SHORTEST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Picked:
    """``people`` are resource ids, ``language`` an ISO 639-3 code of a language or variety.

    ``mistakes`` are words for what could not be read.
    """

    services: tuple[str, ...]
    people: tuple[int, ...]
    language: str
    room: int | None
    minutes: int | None
    from_day: date | None
    mistakes: tuple[str, ...]

    def to_query(self) -> dict[str, Any]:
        """The same again as the query of an address."""
        return {
            "planned": "1",
            "services": list(self.services),
            "people": list(self.people),
            "language": self.language,
            "room": self.room or "",
            "minutes": self.minutes or "",
            "from": self.from_day or "",
        }

    def slot_request(self) -> SlotRequest:
        language, variety = self.language, ""
        if language:
            known = find_language(language)
            language, variety = (known.variety_of, known.code) if known.variety_of else (known.code, "")
        return SlotRequest(
            services=self.services,
            language=language,
            variety=variety,
            people=self.people,
            room=self.room,
            minutes=self.minutes,
        )


def read_picked(query: MultiDict[str, str], offer: Catalogue, *, language: str, person: int) -> Picked:
    """Read the query; without one, the client's language and the case manager herself are picked."""
    if "planned" not in query:
        return Picked((), (person,), language, None, None, None, ())
    mistakes: list[str] = []
    services = tuple(dict.fromkeys(query.getlist("services")))
    if any(key not in offer.services for key in services):
        mistakes.append("Ein gewähltes Anliegen gibt es nicht (mehr).")
    people = tuple(dict.fromkeys(_number(text) for text in query.getlist("people") if text))
    if any(person not in offer.staff for person in people):
        mistakes.append("Eine gewählte Person gibt es nicht (mehr).")
    room = _number(query["room"]) if query.get("room") else None
    if room is not None and room not in offer.rooms:
        mistakes.append("Den gewählten Raum gibt es nicht (mehr).")
    minutes = _number(query["minutes"].strip()) if query.get("minutes", "").strip() else None
    if minutes is not None and not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        mistakes.append(f"Die Länge muss zwischen {SHORTEST_MINUTES} und {LONGEST_MINUTES} Minuten liegen.")
        minutes = None
    return Picked(
        services=tuple(key for key in services if key in offer.services),
        people=tuple(person for person in people if person in offer.staff),
        language=_language(query.get("language", ""), mistakes),
        room=room if room in offer.rooms else None,
        minutes=minutes,
        from_day=_day(query.get("from", ""), mistakes),
        mistakes=tuple(mistakes),
    )


def worked_out(offer: Catalogue, picked: Picked) -> tuple[Plan | None, tuple[str, ...]]:
    """The plan of what was picked, or None and why there is none, in words."""
    if picked.mistakes:
        return None, picked.mistakes
    if not picked.services:
        return None, ("Bitte wählen Sie mindestens ein Anliegen.",)
    try:
        return plan_appointment(offer, picked.slot_request()), ()
    except NotTogether as error:
        names = ", ".join(f"„{offer.service(key).name['de']}“" for key in error.keys)
        return None, (f"{names} geht nicht am gemeinsamen Tisch. Bitte planen Sie es als eigenen Termin.",)
    except UnknownThing:
        return None, ("Ein Teil der Auswahl gibt es nicht (mehr).",)


def _number(text: str) -> int:
    """-1 for what is no number: nothing has that id."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _language(text: str, mistakes: list[str]) -> str:
    try:
        return find_language(text).code if text else ""
    except UnknownLanguage:
        mistakes.append("Diese Sprache ist nicht bekannt.")
        return ""


def _day(text: str, mistakes: list[str]) -> date | None:
    if not text:
        return None
    day = chosen_day(text)
    if day is None:
        mistakes.append("Das Datum ist nicht gültig.")
    return day
