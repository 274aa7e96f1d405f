"""How many SMS segments a text costs, and the harmless changes that keep it cheap.

A text within the GSM 7-bit default alphabet has 160 units in one segment or 153 in each of several; any other
text is sent as UCS-2 with 70 or 67 UTF-16 units (3GPP TS 23.038, TS 23.040). National language shift tables are
left out on purpose: providers do not use them unless asked.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")

_REPLACEMENTS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00a0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " "),
        "\u2026": "...",
        "\u00ad": None,
        "\u2060": None,
        "\ufeff": None,
        "\r": None,
    }
)
_JOINERS = frozenset("\u200b\u200c\u200d")
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SCRIPTS_WITHOUT_JOINERS = ("LATIN", "CYRILLIC", "GREEK")


class Encoding(StrEnum):
    """How a text goes over the air."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True)
class Segments:
    """The size of a text: its ``encoding``, its ``units`` (septets or UTF-16 units) and billed ``segments``."""

    encoding: Encoding
    units: int
    segments: int


def count_segments(text: str) -> Segments:
    """Count the segments of ``text`` as it stands; an empty text has none.

    Characters of the GSM extension table count two, and neither they nor surrogate pairs are split over segments.
    """
    if outside_gsm7(text):
        return _counted(Encoding.UCS_2, [1 if ord(c) < 0x10000 else 2 for c in text], single=70, each=67)
    return _counted(Encoding.GSM_7, [2 if c in _EXTENSION else 1 for c in text], single=160, each=153)


def outside_gsm7(text: str) -> tuple[str, ...]:
    """The characters, each once and in order, that keep ``text`` from being sent as GSM-7."""
    return tuple(dict.fromkeys(c for c in text if c not in _BASIC and c not in _EXTENSION))


def normalise(text: str) -> str:
    """``text`` in NFC, with plain quotes, dashes and spaces for those that word processors put in.

    Zero-width joiners and spaces go where neither neighbour's script knows them; in Persian, Kurdish, Indic scripts
    or an emoji they are spelling and stay. Direction marks go from texts that have nothing written right to left.
    """
    plain = unicodedata.normalize("NFC", text).translate(_REPLACEMENTS)
    drop_marks = not any(unicodedata.bidirectional(c) in ("R", "AL") for c in plain)
    return "".join(
        c
        for i, c in enumerate(plain)
        if not (c in _JOINERS and not _joins(plain, i)) and not (drop_marks and c in _DIRECTION_MARKS)
    )


def _joins(text: str, index: int) -> bool:
    return any(_uses_joiners(c) for c in text[max(index - 1, 0) : index + 2])


def _uses_joiners(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] in "LM":
        # Variation selectors are marks and stand before the joiner in many emoji.
        return not unicodedata.name(character, "").startswith(_SCRIPTS_WITHOUT_JOINERS)
    return category in ("So", "Sk")


def _counted(encoding: Encoding, sizes: list[int], single: int, each: int) -> Segments:
    units = sum(sizes)
    if units <= single:
        return Segments(encoding, units, min(units, 1))
    return Segments(encoding, units, _packed(sizes, each))


def _packed(sizes: Iterable[int], each: int) -> int:
    segments, used = 1, 0
    for size in sizes:
        if used + size > each:
            segments, used = segments + 1, 0
        used += size
    return segments
