"""The sizes agree with 3GPP TS 23.038 and TS 23.040; the boundaries are written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.segments import Encoding, Segments, count_segments, normalise, outside_gsm7

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments(GSM, 0, 0)),
        ("a", Segments(GSM, 1, 1)),
        ("a" * 160, Segments(GSM, 160, 1)),
        ("a" * 161, Segments(GSM, 161, 2)),
        ("a" * 306, Segments(GSM, 306, 2)),
        ("a" * 307, Segments(GSM, 307, 3)),
        ("äöüÄÖÜß@£àéèùìòÇñΩ", Segments(GSM, 18, 1)),
        ("€" * 80, Segments(GSM, 160, 1)),
        ("€" * 80 + "a", Segments(GSM, 161, 2)),
        ("[{~|}]^\\\f", Segments(GSM, 18, 1)),
        # The extension character does not fit into the last unit of a segment and moves on as a whole.
        ("a" * 152 + "€" + "a" * 152, Segments(GSM, 306, 3)),
        ("ç", Segments(UCS, 1, 1)),
        ("ж" * 70, Segments(UCS, 70, 1)),
        ("ж" * 71, Segments(UCS, 71, 2)),
        ("ж" * 134, Segments(UCS, 134, 2)),
        ("ж" * 135, Segments(UCS, 135, 3)),
        ("😀" * 35, Segments(UCS, 70, 1)),
        ("ж" * 66 + "😀" + "ж" * 66, Segments(UCS, 134, 3)),
        ("a" * 69 + "ı", Segments(UCS, 70, 1)),
    ],
)
def test_count(text: str, expected: Segments) -> None:
    assert count_segments(text) == expected


@given(st.text(max_size=400))
def test_units_fit_the_segments(text: str) -> None:
    size = count_segments(text)
    single, each = (160, 153) if size.encoding is GSM else (70, 67)
    assert (size.segments == 1) == (1 <= size.units <= single)
    # Two units at most are lost at the end of each segment but the last.
    assert size.units <= max(single, size.segments * each)
    assert size.segments <= 1 or size.units > (size.segments - 1) * (each - 1)


@given(st.text())
def test_ucs2_units_are_those_of_utf16(text: str) -> None:
    text += "ж"
    assert count_segments(text).units == len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_outside_gsm7_names_each_character_once() -> None:
    assert outside_gsm7("Çay için çok teşekkürler") == ("ç", "ş")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("„Raum“ – ‘1’ … 2\u00a0Uhr", "\"Raum\" - '1' ... 2 Uhr"),
        ("п\u02bcятниця", "п'ятниця"),
        ("Mo\u0308rs", "Mörs"),
        ("Ter\u00admin\ufeff\u2060", "Termin"),
        ("Ter\u200dmin \u200cam\u200b 3.", "Termin am 3."),
        ("\u200eRaum 1\u202c", "Raum 1"),
        ("a\r\nb", "a\nb"),
        # Spelling: Persian "Tuesday", a Kurdish word, a Devanagari conjunct, a Khmer word break, an emoji of a family.
        ("سه\u200cشنبه", "سه\u200cشنبه"),
        ("می\u200cکەم", "می\u200cکەم"),
        ("क्\u200dष", "क्\u200dष"),
        ("ភាសា\u200bខ្មែរ", "ភាសា\u200bខ្មែរ"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("هاتف \u20680284 1\u2069", "هاتف \u20680284 1\u2069"),
    ],
)
def test_normalise(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text())
def test_normalise_is_settled_after_one_go(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet="abcÄß ’„“–…\u00a0\u200b\u200d\u00ad\ufeff\u0308"))
def test_normalise_never_costs_a_segment_more(text: str) -> None:
    assert count_segments(normalise(text)).segments <= max(count_segments(text).segments, 1) + text.count("…")
