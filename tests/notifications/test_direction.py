"""Numbers and places inside Arabic and Persian texts, by the Unicode Bidirectional Algorithm (UAX #9)."""

import pytest
from bidi import get_display  # type: ignore[import-untyped]  # an independent implementation of the algorithm

from notifications.direction import is_right_to_left, isolated
from notifications.texts import Texts
from tests.notifications.messages import INTERPRETER_KINDS, LINK, PHONE, PLACE, values

ISOLATES = {0x2068: None, 0x2069: None}
VALUES = [
    ("14:30", False),
    ("30/11", False),
    ("112", False),
    ("MOE-48213", False),
    (PLACE, False),
    (LINK, False),
    (PHONE, True),
    ("+49 2841 2010", True),
    ("1. Etage, Rathaus", True),
    ("Raum 1 (EG)", True),
    ("30.11.", True),
]


def shown(line: str) -> str:
    """``line`` from left to right, as a screen shows it in a right-to-left paragraph."""
    return str(get_display(line, base_dir="R")).translate(ISOLATES)


@pytest.mark.parametrize(("value", "needs_isolates"), VALUES)
@pytest.mark.parametrize("frame", ["{}", "موعد {}", "{} موعد", "موعد: {} في"])
def test_values_are_shown_as_written(value: str, needs_isolates: bool, frame: str) -> None:
    assert (isolated(value) != value) is needs_isolates
    assert value in shown(frame.format(isolated(value)))


def test_words_of_the_text_itself_need_nothing() -> None:
    assert isolated("الأربعاء") == "الأربعاء"
    assert isolated("سه\u200cشنبه") == "سه\u200cشنبه"


@pytest.mark.parametrize(
    "kind", ["confirmation", "reminder", "change", "cancel", "invitation", *INTERPRETER_KINDS]
)
def test_arabic_texts_show_every_fact_as_written(texts: Texts, kind: str) -> None:
    known = values("ar")
    text = texts.render(kind, ["ar"], known)
    screen = "\n".join(shown(line) for line in text.body.split("\n"))
    for name in texts.placeholders(kind, "ar") - {"weekday"}:
        fact = known[name]
        assert fact in screen or fact not in text.body.translate(ISOLATES), name
    assert f"\u2068{LINK}" not in text.body


@pytest.mark.parametrize(
    ("language", "expected"), [("ar", True), ("fa-AF", True), ("prs", True), ("uk", False)]
)
def test_is_right_to_left(language: str, expected: bool) -> None:
    assert is_right_to_left(language) is expected
