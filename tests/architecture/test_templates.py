"""Every template is used, and every template that is named exists."""

import ast
import re
from collections.abc import Iterator

from jinja2 import Environment, meta

from tests.support.project import PACKAGES, TEMPLATES, python_files

SUFFIXES = (".html", ".txt", ".xml", ".jinja")
# Found by Jinja alone: {% extends %}, {% include %}, {% import %}; names put together at run time become patterns.
PARSER = Environment(
    autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
)


def existing() -> set[str]:
    """Return the names of the Jinja templates; messages/ holds texts that notifications fills in itself."""
    names = (path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*") if path.suffix in SUFFIXES)
    return {name.as_posix() for name in names if name.parts[0] != "messages"}


def named_by_templates() -> set[str]:
    named: set[str] = set()
    for name in existing():
        parsed = PARSER.parse((TEMPLATES / name).read_text())
        named.update(reference for reference in meta.find_referenced_templates(parsed) if reference)
    return named


def named_by_code() -> set[str]:
    """Patterns of the texts in the code that end like a template's name; {parts} of f-strings match one name part."""
    return {
        pattern
        for path in python_files(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text()))
        for pattern in patterns(node)
    }


def patterns(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(SUFFIXES):
        yield re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [
            re.escape(part.value)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
            else "[^/]+"
            for part in node.values
        ]
        if len(parts) > 1 and parts[-1].replace("\\", "").endswith(SUFFIXES) and "/" in parts[0]:
            yield "".join(parts)


def test_every_template_is_used() -> None:
    by_code = re.compile("|".join(named_by_code()) or "(?!)")
    unused = {name for name in existing() - named_by_templates() if not by_code.fullmatch(name)}
    assert unused == set()


def test_every_template_that_a_template_names_exists() -> None:
    assert named_by_templates() - existing() == set()


def test_every_kind_of_message_is_sent_by_somebody() -> None:
    written = {path.name for path in (TEMPLATES / "messages").iterdir() if path.is_dir()}
    named = {
        node.value
        for path in python_files(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert written - named == set()
