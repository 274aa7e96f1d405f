"""Strict reading of one block of the file: what is asked for is known, everything else in it is a mistake."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

from scheduler_app.domain.languages import LANGUAGES
from scheduler_app.domain.opening_hours import WeeklyHours

from .contents import Translations, WeekHours
from .document import TYPE_NAMES, Entries, Items, Node, Text
from .problems import Problems, did_you_mean
from .values import WEEKDAYS, read_hours_of_day, read_key

Value = TypeVar("Value")
NEVER: WeekHours = ()
TEXT_LANGUAGES = frozenset(language.tag for language in LANGUAGES if not language.is_signed)


class Section:
    """One block; `where` names it in messages ("service 'wohnsitz'").

    After a mistake the readers return a stand-in, which is never used: a file with a mistake is refused as a whole.
    """

    def __init__(self, node: Node, where: str, problems: Problems) -> None:
        self.where = where
        self.line = node.line
        self.problems = problems
        self._asked: set[str] = set()
        self._entries = node if isinstance(node, Entries) else Entries(node.line)
        if not isinstance(node, Entries) and not (isinstance(node, Text) and node.is_empty):
            self.complain(f"must be {TYPE_NAMES[Entries]}, this is {TYPE_NAMES[type(node)]}", node.line)

    def complain(self, message: str, line: int | None = None) -> None:
        self.problems.add(line or self.line, f"{self.where}: {message}")

    def close(self) -> None:
        """Reports the keys that nobody asked for."""
        for key, line in self._entries.key_lines.items():
            if key not in self._asked:
                self.complain(f"unknown key '{key}'{did_you_mean(key, self._asked)}", line)

    def has(self, key: str) -> bool:
        return key in self._entries.nodes

    def line_of(self, key: str) -> int:
        return self._entries.nodes[key].line if key in self._entries.nodes else self.line

    def line_in(self, *path: str) -> int:
        """The line of a key in a block in this block."""
        entries: Node | None = self._entries
        line = self.line
        for key in path:
            if not isinstance(entries, Entries) or key not in entries.nodes:
                break
            line, entries = entries.key_lines[key], entries.nodes[key]
        return line

    def node(self, key: str, *, is_required: bool = True) -> Node | None:
        self._asked.add(key)
        node = self._entries.nodes.get(key)
        if node is None:
            if is_required:
                self.complain(f"'{key}' is missing")
            return None
        if isinstance(node, Text) and node.is_empty:
            self.complain(f"'{key}' is empty; leave the line out or write a value", node.line)
            return None
        return node

    def value(self, key: str, read: Callable[[str], Value], stand_in: Value) -> Value:
        """A required value; `read` raises ValueError with the reason."""
        return self._read(key, read, stand_in, is_required=True)

    def optional(self, key: str, read: Callable[[str], Value], default: Value) -> Value:
        return self._read(key, read, default, is_required=False)

    def _read(self, key: str, read: Callable[[str], Value], otherwise: Value, *, is_required: bool) -> Value:
        node = self.node(key, is_required=is_required)
        return otherwise if node is None else self.read_text(node, f"'{key}'", read, otherwise)

    def read_text(self, node: Node, what: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        if not isinstance(node, Text):
            self.complain(f"{what} must be {TYPE_NAMES[Text]}, this is {TYPE_NAMES[type(node)]}", node.line)
            return otherwise
        try:
            return read(node.value)
        except ValueError as error:
            self.complain(f"{what}: {error}", node.line)
            return otherwise

    def text(self, key: str) -> str:
        return self.value(key, str, "")

    def choice(self, key: str, allowed: Collection[str], stand_in: str) -> str:
        return self.value(key, one_of(allowed), stand_in)

    def items(self, key: str, *, is_required: bool = True) -> list[Node]:
        """The nodes of a list; a required list has at least one."""
        node = self.node(key, is_required=is_required)
        if node is None:
            return []
        if not isinstance(node, Items):
            self.complain(f"'{key}' must be a list, this is {TYPE_NAMES[type(node)]}", node.line)
            return []
        if is_required and not node.nodes:
            self.complain(f"'{key}' is empty; at least one is needed", node.line)
        return node.nodes

    def words(self, key: str, read: Callable[[str], str], *, is_required: bool = True) -> dict[str, int]:
        """The texts of a list with their lines, without repetitions."""
        words: dict[str, int] = {}
        for node in self.items(key, is_required=is_required):
            word = self.read_text(node, f"'{key}'", read, "")
            if word in words and word:
                self.complain(f"'{key}' names '{word}' twice", node.line)
            elif word:
                words[word] = node.line
        return words

    def block(self, key: str, where: str, *, is_required: bool = True) -> Section | None:
        node = self.node(key, is_required=is_required)
        return None if node is None else Section(node, where, self.problems)

    def named_blocks(self, key: str, kind: str, *, is_required: bool = True) -> Iterator[tuple[str, Section]]:
        """The blocks under `key`, each with its own key: `agencies: {abh: {...}}`."""
        node = self.node(key, is_required=is_required)
        if node is None:
            return
        if not isinstance(node, Entries):
            self.complain(
                f"'{key}' must be {TYPE_NAMES[Entries]}, this is {TYPE_NAMES[type(node)]}", node.line
            )
            return
        for name, entry in node.nodes.items():
            self.read_text(Text(node.key_lines[name], name), f"'{key}'", read_key, "")
            section = Section(entry, f"{kind} '{name}'", self.problems)
            section.line = node.key_lines[name]
            yield name, section

    def translations(self, key: str, *, is_required: bool = True) -> Translations:
        """Texts by page language; a plain text is German; German may not be missing."""
        node = self.node(key, is_required=is_required)
        return {} if node is None else self.read_translations(node, f"'{key}'")

    def read_translations(self, node: Node, what: str) -> Translations:
        if isinstance(node, Text):
            return {"de": node.value}
        if not isinstance(node, Entries):
            self.complain(f"{what} must be a German text or texts by language", node.line)
            return {}
        if "de" not in node.nodes:
            self.complain(f"{what} has no German text ('de')", node.line)
        return {language: self._translation(node, language, what) for language in node.nodes}

    def _translation(self, node: Entries, language: str, what: str) -> str:
        text = node.nodes[language]
        if language not in TEXT_LANGUAGES:
            hint = did_you_mean(language, TEXT_LANGUAGES)
            if " " in language:
                hint = "; a text with a comma inside { } needs quotes"
            self.complain(f"{what}: unknown language '{language}'{hint}", node.key_lines[language])
            return ""
        if isinstance(text, Text) and text.is_empty:
            self.complain(f"{what}: the text in '{language}' is empty", text.line)
        return self.read_text(text, f"{what} in '{language}'", str, "")

    def hours(self, key: str, otherwise: WeekHours | None = None) -> WeekHours:
        """Hours of a week by weekday; required unless there is something to fall back on."""
        node = self.node(key, is_required=otherwise is None)
        if node is None:
            return otherwise or ()
        days = Section(node, f"{self.where}, {key}", self.problems)
        spans: list[WeeklyHours] = []
        for weekday, day in enumerate(WEEKDAYS):
            spans.extend(days.optional(day, hours_reader(weekday), NEVER))
        if not spans and isinstance(node, Entries):
            days.complain("no day has any hours")
        days.close()
        return tuple(spans)


def one_of(allowed: Collection[str]) -> Callable[[str], str]:
    """A reader that accepts only some words."""

    def read(written: str) -> str:
        if written not in allowed:
            raise ValueError(f"'{written}' is unknown{did_you_mean(written, allowed)}")
        return written

    return read


def hours_reader(weekday: int) -> Callable[[str], WeekHours]:
    def read(written: str) -> WeekHours:
        return read_hours_of_day(weekday, written)

    return read


def refer(
    section: Section, what: str, written: str, known: Mapping[str, object] | Collection[str], line: int
) -> None:
    """Reports a reference to something that is not in the file."""
    if written and written not in known:
        section.complain(f"unknown {what} '{written}'{did_you_mean(written, known)}", line)
