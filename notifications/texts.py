"""Message texts: one file a kind and language, with named gaps.

``<folder>/<kind>/<language>.txt`` is the text itself. ``{name}`` is filled in; a line in square brackets is
optional and left out, the first one first, when the text would otherwise need more than ``max_segments``.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from notifications.direction import is_right_to_left, isolated
from notifications.segments import Segments, count_segments, normalise

PLACEHOLDERS = frozenset({"weekday", "date", "time", "end", "place", "link", "phone", "number", "language"})
FALLBACK_LANGUAGE = "de"
_UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, half characters, line and paragraph separators


class TextError(ValueError):
    """A text cannot be rendered; ``code`` names the kind of fault."""

    code = "text"


class UnknownTextError(TextError):
    """There is no text of this kind in any of the languages."""

    code = "unknown_text"


class TemplateFaultError(TextError):
    """The file of a text is wrong: an unknown placeholder or a brace too many."""

    code = "template_fault"


class MissingValueError(TextError):
    """A placeholder of the text has no value or an empty one."""

    code = "missing_value"


class UnfitValueError(TextError):
    """A value has a line break or another control character."""

    code = "unfit_value"


@dataclass(frozen=True)
class Text:
    """A text that can be sent: its ``body``, the ``language`` it is really in, and what it costs."""

    kind: str
    language: str
    body: str
    segments: Segments


@dataclass(frozen=True)
class _Line:
    template: str
    optional: bool


class Texts:
    """The texts in ``folder``; files are read once, when first needed."""

    def __init__(self, folder: Path, max_segments: int = 2) -> None:
        self._folder = folder
        self._max_segments = max_segments
        self._lines: dict[tuple[str, str], tuple[_Line, ...]] = {}

    def kinds(self) -> tuple[str, ...]:
        """The kinds of message that have texts, sorted."""
        return tuple(sorted(path.name for path in self._folder.iterdir() if path.is_dir()))

    def languages(self, kind: str) -> tuple[str, ...]:
        """The languages (BCP 47) in which ``kind`` is written, sorted. Raises UnknownTextError."""
        if kind not in self.kinds():
            raise UnknownTextError(f"there is no text of the kind {kind!r}")
        return tuple(sorted(path.stem for path in (self._folder / kind).glob("*.txt")))

    def placeholders(self, kind: str, language: str) -> frozenset[str]:
        """The names of the gaps in one text. Raises UnknownTextError or TemplateFaultError."""
        return frozenset(name for line in self._read(kind, language) for name in _names(line.template))

    def language_for(self, kind: str, languages: Sequence[str]) -> str:
        """The first of ``languages`` (BCP 47) in which ``kind`` is written, or else German. Raises UnknownTextError."""
        available = self.languages(kind)
        for wanted in (*languages, FALLBACK_LANGUAGE):
            for language in (wanted, wanted.split("-")[0]):
                if language in available:
                    return language
        raise UnknownTextError(f"there is no text of the kind {kind!r} in {', '.join(languages)} or German")

    def render(self, kind: str, languages: Sequence[str], values: Mapping[str, str]) -> Text:
        """Write the text of ``kind`` in its ``language_for`` these ``languages``.

        ``values`` may hold more than the text needs. The result can still be longer than ``max_segments`` when
        the values are: its ``segments`` say so. Raises TextError.
        """
        language = self.language_for(kind, languages)
        lines = list(self._read(kind, language))
        filled = [_filled(line.template, _prepared(values, language)) for line in lines]
        while True:
            body = normalise("\n".join(filled))
            segments = count_segments(body)
            optional = next((i for i, line in enumerate(lines) if line.optional), None)
            if segments.segments <= self._max_segments or optional is None:
                return Text(kind, language, body, segments)
            del lines[optional], filled[optional]

    def _read(self, kind: str, language: str) -> tuple[_Line, ...]:
        if language not in self.languages(kind):
            raise UnknownTextError(f"there is no text of the kind {kind!r} in {language!r}")
        if (kind, language) not in self._lines:
            text = (self._folder / kind / f"{language}.txt").read_text(encoding="utf-8")
            self._lines[kind, language] = tuple(_lines(text.strip()))
        return self._lines[kind, language]


def _lines(text: str) -> Iterator[_Line]:
    for line in text.split("\n"):
        optional = line.startswith("[") and line.endswith("]")
        yield _Line(line[1:-1] if optional else line, optional)


def _names(template: str) -> Iterator[str]:
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise TemplateFaultError(f"{template!r}: {error}") from error
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in PLACEHOLDERS or spec or conversion:
            raise TemplateFaultError(f"{template!r}: unknown placeholder {{{name}}}")
        yield name


def _filled(template: str, values: Mapping[str, str]) -> str:
    for name in _names(template):
        if not values.get(name, "").strip():
            raise MissingValueError(f"the text needs a value for {{{name}}}")
        if any(unicodedata.category(c) in _UNFIT for c in values[name]):
            raise UnfitValueError(f"the value for {{{name}}} has a line break or a control character")
    return template.format_map(values)


def _prepared(values: Mapping[str, str], language: str) -> dict[str, str]:
    trimmed = {name: value.strip() for name, value in values.items()}
    if not is_right_to_left(language):
        return trimmed
    return {name: value if name == "link" else isolated(value) for name, value in trimmed.items()}
