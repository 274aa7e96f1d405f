"""Every text that ships: its wording, its price, and what it must not say."""

import re
from pathlib import Path

import pytest

from notifications.direction import is_right_to_left
from notifications.segments import Encoding, normalise, outside_gsm7
from notifications.texts import PLACEHOLDERS, Texts
from tests.notifications.messages import (
    CLIENT_KINDS,
    CLIENT_LANGUAGES,
    EVERY_TEXT,
    FOLDER,
    LINK,
    LONGEST_PLACE,
    PHONE,
    PLACE,
    values,
)

GOLDEN = Path(__file__).parent / "golden"
WEEK = range(21, 28)
every_text = pytest.mark.parametrize(("kind", "language"), EVERY_TEXT)

# What tells a stranger who reads over her shoulder why somebody has an appointment, in any of the languages.
TELLTALE = re.compile(
    r"ausländer|jobcenter|sozial|asyl|aufenthalt|integration|behörde|amt\b|schule|flücht|beratung|stadt|immigra|"
    r"asylum|welfare|refugee|office|школ|міграц|біжен|центр|göç|mülteci|هجرة|لجوء|لاجئ|مكتب|دائرة",
    re.IGNORECASE,
)


def test_the_list_is_complete(texts: Texts) -> None:
    assert sorted((kind, code) for kind in texts.kinds() for code in texts.languages(kind)) == sorted(
        EVERY_TEXT
    )


@every_text
def test_golden(texts: Texts, kind: str, language: str) -> None:
    body = texts.render(kind, [language], values(language)).body
    assert body + "\n" == (GOLDEN / kind / f"{language}.txt").read_text(encoding="utf-8")


@every_text
@pytest.mark.parametrize("place", [PLACE, LONGEST_PLACE])
def test_two_segments_at_most_on_every_weekday(texts: Texts, kind: str, language: str, place: str) -> None:
    for day in WEEK:
        assert texts.render(kind, [language], values(language, day, place)).segments.segments <= 2


@every_text
def test_a_usual_place_leaves_room_for_all_there_is_to_know(texts: Texts, kind: str, language: str) -> None:
    for day in WEEK:
        known = values(language, day)
        text = texts.render(kind, [language], known)
        facts = {LINK, PHONE}
        if kind != "invitation":
            facts |= {normalise(known["weekday"]), known["date"], known["time"]}
        if "{place}" in (FOLDER / kind / f"{language}.txt").read_text(encoding="utf-8"):
            facts.add(PLACE)
        assert {fact for fact in facts if fact not in text.body} == set()


@pytest.mark.parametrize("kind", ["confirmation", "reminder", "cancel", "invitation"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_german_and_english_need_one_segment(texts: Texts, kind: str, language: str) -> None:
    for day in WEEK:
        size = texts.render(kind, [language], values(language, day)).segments
        assert (size.encoding, size.segments) == (Encoding.GSM_7, 1)


@every_text
def test_placeholders(texts: Texts, kind: str, language: str) -> None:
    names = texts.placeholders(kind, language)
    assert names <= PLACEHOLDERS
    assert {"link", "phone"} <= names
    assert names >= {"weekday", "date", "time"} or kind == "invitation"
    assert "place" in names or kind in ("cancel", "invitation", "interpreter-released")
    assert names.isdisjoint({"number", "language"}) or kind not in CLIENT_KINDS


@every_text
def test_wording(kind: str, language: str) -> None:
    source = (FOLDER / kind / f"{language}.txt").read_text(encoding="utf-8")
    words = re.sub(r"\{\w+\}", "", source)
    assert normalise(source) == source
    assert not TELLTALE.search(words)
    assert not re.search(r"\b(STOP|CANCEL|END|QUIT|YES|START)\b", words), "providers take these as commands"
    assert language not in ("de", "en") or not outside_gsm7(words)
    # Phones take what follows a link for a part of it, and isolates, too.
    before = "" if is_right_to_left(language) else ".*"
    assert re.search(rf"^{before}\{{link\}}$", source, re.MULTILINE)


@pytest.mark.parametrize("kind", CLIENT_KINDS)
def test_clients_read_each_kind_in_five_languages(texts: Texts, kind: str) -> None:
    assert texts.languages(kind) == CLIENT_LANGUAGES
