"""What would help, in words for staff: each a change that the planning page can apply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for

from scheduler_app.domain.languages import find_language
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.explain_search import Suggestion
from scheduler_app.services.plan_variants import Change, ChangeCode
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.staff.planning.picked import CHAIN, TABLE, Picked

LEVELS = {"lay": "von Laien", "certified": "mit Zertifikat", "sworn": "vereidigt"}
GENDERS = {"female": "einer Frau", "male": "einem Mann", "diverse": "einer diversen Person"}


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """``text`` is the change; its first start and how many ``more`` it opens; ``address`` applies it.

    ``second`` is the other appointment, where two are suggested.
    """

    text: str
    address: str
    first_at: datetime
    more: int
    second: "SuggestionLine | None" = None


def suggestion_lines(
    offer: Catalogue,
    picked: Picked,
    names: Mapping[str, str],
    suggestions: tuple[Suggestion, ...],
    number: str,
) -> list[SuggestionLine]:
    """The suggestions for the case with this ``number``. ``names``: what the roles are called, by key."""
    words = _Words(offer, picked.request, names)
    return [_line(suggestion, picked, words, number) for suggestion in suggestions]


def _line(suggestion: Suggestion, picked: Picked, words: "_Words", number: str) -> SuggestionLine:
    text = ", ".join(map(words.of, suggestion.changes))
    text = text[:1].upper() + text[1:]
    second = None
    if suggestion.second is not None:
        text = f"{text}: {words.services(suggestion.request)}"
        second = _line(suggestion.second, picked, words, number)
        second = replace(second, text=words.services(suggestion.second.request))
    address = _address(suggestion, picked, number)
    return SuggestionLine(text, address, suggestion.first_at, suggestion.count - 1, second)


def _address(suggestion: Suggestion, picked: Picked, number: str) -> str:
    changes: dict[str, Any] = {"request": suggestion.request, "day": None}
    if ChangeCode.ANY_DATE in suggestion.codes:
        changes["from_day"] = None
    for change in suggestion.changes:
        if change.code in (ChangeCode.CHAIN, ChangeCode.TABLE):
            changes["form"] = CHAIN if change.code is ChangeCode.CHAIN else TABLE
        elif change.code is ChangeCode.ANY_ORDER:
            changes["is_ordered"] = False
        elif change.code is ChangeCode.LONGER_WAIT:
            changes["longest_wait"] = int(change.argument)
    return url_for("staff.plan", number=number, **picked.changed(**changes))


class _Words:
    """Words for changes of one request."""

    def __init__(self, offer: Catalogue, request: SlotRequest, names: Mapping[str, str]) -> None:
        self._offer, self._request, self._names = offer, request, names

    def of(self, change: Change) -> str:
        return _TEXTS[change.code](self, change.argument)

    def services(self, request: SlotRequest) -> str:
        return ", ".join(f"„{self._offer.services[key].name['de']}“" for key in request.services)

    def without(self, key: str) -> str:
        return f"ohne {self._names.get(key, 'eine Person')}"

    def any_of_team(self, key: str) -> str:
        need = next(
            need
            for service in self._request.services
            for need in self._offer.services[service].needs
            if need.key == key
        )
        person = next(p for p in self._request.people if p in need.candidates)
        return f"jemand anderes aus dem Team statt {self._offer.staff[person].name}"

    def any_room(self, _: str) -> str:
        room = self._offer.rooms.get(self._request.room or 0)
        return f"in einem anderen Raum als „{room.name}“" if room else "in irgendeinem Raum"

    def any_variety(self, _: str) -> str:
        return f"mit Sprachmittlung {find_language(self._request.language).german} in jeder Variante"

    def any_gender(self, _: str) -> str:
        return f"nicht nur mit {GENDERS.get(self._request.gender, 'diesem Geschlecht')} als Sprachmittlung"

    def lower_level(self, level: str) -> str:
        return f"mit Sprachmittlung {LEVELS.get(level, level)}"

    def with_person(self, person: str) -> str:
        known = self._offer.interpreters.get(int(person)) or self._offer.staff.get(int(person))
        return f"auch mit {known.name}" if known is not None else "auch mit der ausgeschlossenen Person"


def _said(text: str) -> Callable[[_Words, str], str]:
    return lambda _words, argument: text.format(argument)


_TEXTS: dict[ChangeCode, Callable[[_Words, str], str]] = {
    ChangeCode.WITHOUT: _Words.without,
    ChangeCode.ANY_OF_TEAM: _Words.any_of_team,
    ChangeCode.ANY_ROOM: _Words.any_room,
    ChangeCode.ANY_VARIETY: _Words.any_variety,
    ChangeCode.ANY_GENDER: _Words.any_gender,
    ChangeCode.LOWER_LEVEL: _Words.lower_level,
    ChangeCode.WITH_PERSON: _Words.with_person,
    ChangeCode.ANY_DATE: _said("auch an früheren Tagen"),
    ChangeCode.ANY_WEEKDAY: _said("an jedem Wochentag"),
    ChangeCode.ANY_TIME: _said("zu jeder Tageszeit"),
    ChangeCode.BY_VIDEO: _said("mit Sprachmittlung per Video"),
    ChangeCode.ON_SITE: _said("mit Sprachmittlung vor Ort"),
    ChangeCode.SHORTER: _said("kürzer: {} Minuten"),
    ChangeCode.FEWER_SEATS: _said("in einem Raum mit weniger Plätzen"),
    ChangeCode.ANY_STEPS: _said("auch in einem Raum mit Stufen"),
    ChangeCode.CHAIN: _said("nacheinander an einem Tag"),
    ChangeCode.ANY_ORDER: _said("in beliebiger Reihenfolge"),
    ChangeCode.LONGER_WAIT: _said("mit bis zu {} Minuten Warten"),
    ChangeCode.NOT_STAYING: _said("ohne dass die Sprachmittlung dazwischen bleibt"),
    ChangeCode.TABLE: _said("an einem Tisch"),
    ChangeCode.APART: _said("in zwei Terminen"),
}
