"""Mobile numbers that belong to nobody, for demos, manuals and tests.

Bundesnetzagentur, "Rufnummern für Medienproduktionen", Mitteilung 148/2021 (Amtsblatt 7/2021): kept free for good,
and valid by the numbering plan, so that a demo goes through the same checks as a real number.
"""

_SINGLE = (
    "+4915228817386",
    "+4915228895456",
    "+4915254599371",
    "+491729925904",
    "+491729968532",
    "+491729973185",
    "+491729973186",
    "+491729980752",
    "+491749091317",
    "+491749464308",
)
_HUNDREDS = ("+4917139200", "+49176040690")

FICTIONAL_MOBILES: tuple[str, ...] = (
    *_SINGLE,
    *(f"{block}{n:02}" for block in _HUNDREDS for n in range(100)),
)
_FICTIONAL = frozenset(FICTIONAL_MOBILES)


def is_fictional(number: str) -> bool:
    """Whether ``number`` (E.164) is one of the numbers for media productions: no message to it can arrive."""
    return number in _FICTIONAL
