"""Left-to-right values (numbers, places) inside texts written right to left (Unicode UAX #9)."""

import re
import unicodedata

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "prs", "ps", "sd", "ug", "ur", "yi"})

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
# One run of digits joined by UAX #9 "common separators" is one number in every direction: 14:30, 30/11, 1.250.
_ONE_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")


def is_right_to_left(language: str) -> bool:
    """Whether ``language`` (BCP 47) is written right to left."""
    return language.split("-", maxsplit=1)[0].lower() in RIGHT_TO_LEFT


def isolated(value: str) -> str:
    """``value``, ready to stand in a right-to-left text: put between isolates where it would come out scrambled.

    Isolates cost two units of an SMS, so a plain word, one number and a run that begins and ends left-to-right
    stay as they are. Call it for every value but links: telephones take an isolate for a part of the address.
    """
    if _ONE_NUMBER.fullmatch(value) or _is_one_run(value):
        return value
    return f"{_FIRST_STRONG_ISOLATE}{value}{_POP_ISOLATE}"


def _is_one_run(value: str) -> bool:
    directions = [unicodedata.bidirectional(c) for c in value]
    strong = {d for d in directions if d in ("L", "R", "AL")}
    if strong <= {"R", "AL"}:
        return bool(strong) and not any(d in ("EN", "AN") for d in directions)
    # Digits after a left-to-right letter go with it (rule W7), so they may end the run but not begin it.
    return strong == {"L"} and directions[0] == "L" and directions[-1] in ("L", "EN")
