"""Makes any text fit for a TEXT value, RFC 5545 3.3.11. Folding is icalendar's work."""

import re
import unicodedata

from icalendar import vText

NAME_LIMIT = 100
SUMMARY_LIMIT = 200
LOCATION_LIMIT = 300
DESCRIPTION_LIMIT = 2_000

# All that str.splitlines() takes for a line end: readers that use it would cut the content line in two.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_ESCAPED = re.compile(r"[\\;,]")
# Controls are forbidden in TEXT; lone surrogates cannot be written as UTF-8.
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Text(vText):
    """A cleaned text that is written with exactly the escapes of RFC 5545 3.3.11.

    icalendar's own vText (7.3) takes a backslash before a capital N, as in C:\\Neu, for a newline.
    """

    def to_ical(self) -> bytes:
        """The escaped text in UTF-8."""
        escaped = _ESCAPED.sub(r"\\\g<0>", self).replace("\n", r"\n")
        return escaped.encode("utf-8")


def clean_text(text: str, limit: int) -> str:
    """The text in NFC, trimmed, with plain newlines and no other controls, at most `limit` characters."""
    return _cut(_normalise(text).strip(), limit)


def clean_line(text: str, limit: int) -> str:
    """Like clean_text, on one line: each run of white space becomes one space."""
    return _cut(" ".join(_normalise(text).split()), limit)


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text)))


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    end = limit - 1
    # A combining mark must not be parted from its letter.
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip() + "…"
