"""YAML as a tree of nodes that know their line, with every scalar kept as the text that was written.

Reading scalars as text keeps YAML 1.1's readings of yes, no, on, 08:00 (a base-60 number) and 012 (octal) out
of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from .problems import MunicipalityFileRefused, Problems

LARGEST_FILE = 2_000_000
"""Bytes; the file of Moers has about 60,000."""
DEEPEST_NESTING = 20


@dataclass(slots=True)
class Text:
    line: int
    value: str
    is_quoted: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was written, or YAML's word for nothing."""
        return not self.value or (not self.is_quoted and self.value in ("~", "null"))


@dataclass(slots=True)
class Items:
    line: int
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Entries:
    line: int
    nodes: dict[str, Node] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)


Node: TypeAlias = Text | Items | Entries
TYPE_NAMES: dict[type[Node], str] = {
    Text: "a text",
    Items: "a list",
    Entries: "a block of 'key: value' lines",
}


def read_document(content: str | bytes) -> Entries:
    """The file as one tree; raises MunicipalityFileRefused if it is not one plain YAML document in UTF-8."""
    problems = Problems()
    text = _decode(content, problems)
    problems.refuse_if_any()
    root: Node | None = None
    try:
        root = _Builder(problems).build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem or error.context}")
    except yaml.YAMLError as error:
        problems.add(_line_of(error, text), "this is not YAML: a character here is not allowed")
    if isinstance(root, Entries) and not problems.found:
        return root
    if not problems.found:
        what = TYPE_NAMES[type(root)] if root is not None else "nothing"
        problems.add(1, f"the file must be a block of 'key: value' lines, this is {what}")
    raise MunicipalityFileRefused(problems.found)


def _decode(content: str | bytes, problems: Problems) -> str:
    if len(content) > LARGEST_FILE:
        problems.add(1, f"the file is too large: {len(content)} bytes, at most {LARGEST_FILE} are read")
        return ""
    text = _decode_bytes(content, problems) if isinstance(content, bytes) else content
    if not problems.found and not text.strip():
        problems.add(1, "the file is empty")
    return text.removeprefix("\ufeff")


def _decode_bytes(content: bytes, problems: Problems) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(line, "the file is not UTF-8; save it as UTF-8 in your editor")
        return ""


def _line_of(error: yaml.YAMLError, text: str) -> int:
    position = getattr(error, "position", 0)
    return text[: position if isinstance(position, int) else 0].count("\n") + 1


class _Builder:
    """Builds the tree from events, without recursion, so that depth and references are under control."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.root: Node | None = None
        self.open: list[Items | Entries] = []
        self.keys: list[Text | None] = []

    def build(self, text: str) -> Node | None:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                self.problems.add(line, "a second document starts here ('---'); one file is one municipality")
                break
            if isinstance(event, yaml.AliasEvent):
                self.problems.add(line, f"references ('*{event.anchor}') are not allowed; repeat the value")
                self._place(Text(line, ""))
            elif isinstance(event, yaml.NodeEvent):
                self._open_node(event, line)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()
                self.keys.pop()
            if len(self.open) > DEEPEST_NESTING:
                self.problems.add(line, f"nested more than {DEEPEST_NESTING} levels deep")
                break
        return self.root

    def _open_node(self, event: yaml.NodeEvent, line: int) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.problems.add(line, f"type marks ('{tag}') are not allowed; write the plain value")
        if isinstance(event, yaml.ScalarEvent):
            self._place(Text(line, event.value.strip(), is_quoted=event.style is not None))
            return
        node = Entries(line) if isinstance(event, yaml.MappingStartEvent) else Items(line)
        self._place(node)
        self.open.append(node)
        self.keys.append(None)

    def _place(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if isinstance(parent, Items):
            parent.nodes.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = self._as_key(node)
        else:
            self._enter(parent, self.keys[-1], node)
            self.keys[-1] = None

    def _as_key(self, node: Node) -> Text:
        if isinstance(node, Text):
            return node
        self.problems.add(node.line, f"a key must be a short text, this is {TYPE_NAMES[type(node)]}")
        return Text(node.line, "")

    def _enter(self, parent: Entries, key: Text, node: Node) -> None:
        first = parent.key_lines.get(key.value)
        if first is not None:
            self.problems.add(key.line, f"'{key.value}' is written twice (first in line {first})")
            return
        parent.nodes[key.value] = node
        parent.key_lines[key.value] = key.line
