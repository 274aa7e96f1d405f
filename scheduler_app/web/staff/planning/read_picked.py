"""From the address of the planning page to what was picked, and words for what can not be read."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from scheduler_app.domain.languages import UnknownLanguage, find_language
from scheduler_app.models import Gender, InterpreterLevel
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import LONGEST_MINUTES
from scheduler_app.services.plan_chain import LONGEST_WAIT_MINUTES
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.staff.planning.picked import (
    BUNDLE,
    CHAIN,
    NEEDED,
    OPTIONAL,
    ROLE,
    TABLE,
    WITHOUT,
    Picked,
)
from scheduler_app.web.staff.slot_days import chosen_day

SHORTEST_MINUTES = 5
MOST_SEATS = 500
MOST_WAIT_MINUTES = 180
TYPED = ("minutes", "earliest", "latest", "from", "seats", "longest_wait")
"""Fields into which something is typed: shown again as it was."""

_CLOCK = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?|24:00")
Found = TypeVar("Found")


def read_picked(query: MultiDict[str, str], offer: Catalogue, *, language: str, person: int) -> Picked:
    """Read the query; without one, the client's language and the case manager herself are picked."""
    if "planned" not in query:
        spoken = (_spoken(language) if language else None) or ("", "")
        return Picked(SlotRequest((), *spoken, people=(person,)))
    reading = _Reading(query, offer)
    request = reading.request()
    return Picked(
        request,
        form=reading.one_of("form", (TABLE, CHAIN, BUNDLE), "Diese Art zu planen gibt es nicht.") or TABLE,
        from_day=reading.day("from"),
        day=reading.day("day"),
        is_ordered=query.get("order") == "given",
        longest_wait=reading.longest_wait(),
        mistakes=tuple(dict.fromkeys(reading.mistakes)),
        typed={name: query[name].strip() for name in TYPED if query.get(name, "").strip()},
    )


class _Reading:
    """Reads field by field and gathers the mistakes."""

    def __init__(self, query: MultiDict[str, str], offer: Catalogue) -> None:
        self._query, self._offer = query, offer
        self.mistakes: list[str] = []

    def request(self) -> SlotRequest:
        offer, query = self._offer, self._query
        language, variety = self._language()
        earliest, latest = self._times()
        room = self._known("room", offer.rooms.__contains__, "Den gewählten Raum gibt es nicht (mehr).")
        roles = self._roles()
        seats = self._number("seats", 1, MOST_SEATS, f"Die Plätze müssen zwischen 1 und {MOST_SEATS} liegen.")
        return SlotRequest(
            services=self._services(),
            language=language,
            variety=variety,
            people=self._known(
                "people", offer.staff.__contains__, "Eine gewählte Person gibt es nicht (mehr)."
            ),
            room=room[0] if room else None,
            minutes=self._number(
                "minutes",
                SHORTEST_MINUTES,
                LONGEST_MINUTES,
                f"Die Länge muss zwischen {SHORTEST_MINUTES} und {LONGEST_MINUTES} Minuten liegen.",
            ),
            level=self.one_of("level", tuple(InterpreterLevel), "Diese Stufe gibt es nicht."),
            gender=self.one_of("gender", tuple(Gender), "Diese Angabe zum Geschlecht gibt es nicht."),
            is_gender_must="gender_must" in query and bool(query.get("gender")),
            by_video="video" in query,
            not_these=self._known(
                "not_these",
                lambda person: person in offer.interpreters or person in offer.staff,
                "Eine Person, die nicht kommen soll, gibt es nicht (mehr).",
            ),
            seats=seats or int(roles.get("room") == NEEDED),
            step_free="step_free" in query,
            without=tuple(key for key, state in roles.items() if state == WITHOUT),
            optional=tuple(key for key, state in roles.items() if state == OPTIONAL),
            weekdays=self._weekdays(),
            earliest=earliest,
            latest=latest,
            stays="stays" in query,
        )

    def one_of(self, name: str, allowed: tuple[str, ...], mistake: str) -> str:
        text = self._query.get(name, "")
        if not text or text in allowed:
            return text
        self.mistakes.append(mistake)
        return ""

    def day(self, name: str) -> date | None:
        text = self._query.get(name, "").strip()
        return self._read(text, chosen_day, "Das Datum ist nicht gültig.")

    def longest_wait(self) -> int:
        mistake = f"Die Wartezeit muss zwischen 0 und {MOST_WAIT_MINUTES} Minuten liegen."
        minutes = self._number("longest_wait", 0, MOST_WAIT_MINUTES, mistake)
        return LONGEST_WAIT_MINUTES if minutes is None else minutes

    def _services(self) -> tuple[str, ...]:
        keys = tuple(dict.fromkeys(key for key in self._query.getlist("services") if key))
        known = tuple(key for key in keys if key in self._offer.services)
        if known != keys:
            self.mistakes.append("Ein gewähltes Anliegen gibt es nicht (mehr).")
        return known

    def _language(self) -> tuple[str, str]:
        return self._read(self._query.get("language", ""), _spoken, "Diese Sprache ist nicht bekannt.") or (
            "",
            "",
        )

    def _roles(self) -> dict[str, str]:
        """By role key how much it is needed. What is said of roles that are gone is passed over later."""
        roles = {}
        for name, state in self._query.items():
            if name.startswith(ROLE) and state:
                if state in (NEEDED, OPTIONAL, WITHOUT):
                    roles[name.removeprefix(ROLE)] = state
                else:
                    self.mistakes.append("Bitte wählen Sie: nötig, wenn möglich oder ohne.")
        return roles

    def _weekdays(self) -> tuple[int, ...]:
        texts = dict.fromkeys(self._query.getlist("weekdays"))
        days = tuple(int(text) for text in texts if text in tuple("0123456"))
        if len(days) < len(texts):
            self.mistakes.append("Diesen Wochentag gibt es nicht.")
        return tuple(sorted(days))

    def _times(self) -> tuple[int | None, int | None]:
        mistake = "Bitte geben Sie die Uhrzeit so ein: 9:30"
        earliest = self._read(self._query.get("earliest", "").strip(), _minute_of_day, mistake)
        latest = self._read(self._query.get("latest", "").strip(), _minute_of_day, mistake)
        if earliest is not None and latest is not None and latest <= earliest:
            self.mistakes.append("Die Zeit „bis“ muss nach der Zeit „von“ liegen.")
            return None, None
        return earliest, latest

    def _known(self, name: str, is_known: Callable[[int], bool], mistake: str) -> tuple[int, ...]:
        numbers = dict.fromkeys(_number(text) for text in self._query.getlist(name) if text)
        if not all(map(is_known, numbers)):
            self.mistakes.append(mistake)
        return tuple(number for number in numbers if is_known(number))

    def _number(self, name: str, least: int, most: int, mistake: str) -> int | None:
        text = self._query.get(name, "").strip()
        return self._read(
            text, lambda it: number if least <= (number := _number(it)) <= most else None, mistake
        )

    def _read(self, text: str, read: Callable[[str], Found | None], mistake: str) -> Found | None:
        found = read(text) if text else None
        if text and found is None:
            self.mistakes.append(mistake)
        return found


def _spoken(code: str) -> tuple[str, str] | None:
    """Language and variety of a code; None if it is none."""
    try:
        known = find_language(code)
    except UnknownLanguage:
        return None
    return (known.variety_of, known.code) if known.variety_of else (known.code, "")


def _number(text: str) -> int:
    """-1 for what is no number: nothing has that id."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _minute_of_day(text: str) -> int | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    return 24 * 60 if text == "24:00" else int(found[1]) * 60 + int(found[2] or 0)
