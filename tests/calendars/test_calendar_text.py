import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.text import Text, clean_line, clean_text

any_text = st.text(st.characters())
limits = st.integers(min_value=1, max_value=50)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Stra\u0073\u0308e", "Stras\u0308e"),
        ("Gru\u0308n", "Grün"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\x85c\x0bd", "a\nb\nc\nd"),
        ("Pa\x00ss\x07 \ud800mit\x7f", "Pass mit"),
        ("tab\tstays", "tab\tstays"),
        (" \n trimmed \n ", "trimmed"),
        ("موعد في البلدية", "موعد في البلدية"),
    ],
)
def test_clean_text(text: str, cleaned: str) -> None:
    assert clean_text(text, 100) == cleaned


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Pass; Ausweis, 2 Fotos: 9:00", r"Pass\; Ausweis\, 2 Fotos: 9:00"),
        ("Rathaus\nRaum 3", r"Rathaus\nRaum 3"),
        (r"C:\Neu\neu", r"C:\\Neu\\neu"),
        ("\\\n", r"\\\n"),
    ],
)
def test_text_is_escaped(text: str, written: str) -> None:
    assert Text(text).to_ical() == written.encode()


def test_clean_line_makes_one_line() -> None:
    assert clean_line("  Termin\r\nim \t Rathaus\u2029", 100) == "Termin im Rathaus"


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert clean_text("Rathausplatz", 5) == "Rath…"
    assert clean_text("Rathausplatz", 12) == "Rathausplatz"


def test_a_cut_does_not_part_a_letter_from_its_marks() -> None:
    # SAD with SHADDA and FATHA: three characters, seen as one.
    letter = "\u0635\u0651\u064e"
    assert clean_text("\u0628" + letter + "\u0628", 4) == "\u0628…"


@given(any_text, limits)
def test_cleaned_text_can_be_written(text: str, limit: int) -> None:
    cleaned = clean_text(text, limit)
    cleaned.encode("utf-8")
    assert len(cleaned) <= limit
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned.splitlines() == (cleaned.split("\n") if cleaned else [])
    assert not any(unicodedata.category(char) == "Cc" for char in cleaned if char not in "\n\t")


@given(any_text, limits)
def test_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    once = clean_text(text, limit)
    assert clean_text(once, limit) == once
    line = clean_line(text, limit)
    assert clean_line(line, limit) == line
    assert "\n" not in line
