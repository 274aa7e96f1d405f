"""The `.po` files: read at start, and brought up to date with what templates and views say."""

import sys
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from scheduler_app.domain.languages import PAGE_LANGUAGES, UnknownLanguage, find_language

TRANSLATIONS = Path(__file__).parent.parent / "translations"
PROJECT = Path(__file__).parent.parent.parent
TRANSLATED_SOURCES = (
    "templates/base.html",
    "templates/layouts/client.html",
    "templates/layouts/error.html",
    "templates/macros",
    "templates/client",
    "scheduler_app/web/client",
    "scheduler_app/web/local_dates.py",
)
"""Files and folders whose texts clients see; the pages of staff are German only."""

_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "gettext": None, "lazy_gettext": None, "_fill": None, "ngettext": (1, 2),
}  # fmt: skip
# They hold dates and names that Git knows better, and would change with every run.
_UNUSED_HEADERS = (
    b'"Project-Id-', b'"Report-Msgid-', b'"POT-Creation-', b'"PO-Revision-', b'"Last-Translator', b'"Language-Team',
    b'"Generated-By',
)  # fmt: skip
_USAGE = "usage: python -m scheduler_app.web.i18n update [TAG ...] | check"


class MissingCatalogue(LookupError):
    """A page language without a `.po` file."""


class BrokenCatalogue(ValueError):
    """A `.po` file that cannot be read."""


def catalogue_path(tag: str) -> Path:
    """Return where the `.po` file of a page language lies."""
    return TRANSLATIONS / f"{tag}.po"


def read_catalogue(path: Path) -> Catalog:
    """Read a `.po` file.

    Raises:
        MissingCatalogue: there is none.
        BrokenCatalogue: it cannot be read.
    """
    if not path.exists():
        raise MissingCatalogue(f"no catalogue {path.name}: run `python -m scheduler_app.web.i18n update`")
    try:
        with path.open("rb") as file:
            return read_po(file, locale=path.stem.replace("-", "_"), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise BrokenCatalogue(f"{path.name}: {error}") from error


def read_translations(tag: str) -> GNUTranslations:
    """Return the translations of a page language for use at run time; fuzzy and empty ones are left out."""
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(catalogue_path(tag)))
    compiled.seek(0)
    return GNUTranslations(compiled)


def used_messages() -> Catalog:
    """Collect every message that the client's pages use. Needs the source tree, not the wheel."""
    catalogue = Catalog(project="Terminlotse", charset="utf-8", fuzzy=False)
    for file in _source_files():
        name = str(file.relative_to(PROJECT))
        method = "jinja2.ext:babel_extract" if file.suffix == ".html" else "python"
        options = {"newstyle_gettext": "true", "silent": "false"} if file.suffix == ".html" else {}
        with file.open("rb") as source:
            for _, message, comments, context in extract(
                method, source, _KEYWORDS, ("Translators:",), options, strip_comment_tags=True
            ):
                catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalogue


def update(tags: list[str]) -> None:
    """Add new messages to the `.po` files (made if need be), keep translations, set unused ones aside."""
    used = used_messages()
    for tag in tags:
        path = catalogue_path(tag)
        catalogue = read_catalogue(path) if path.exists() else _new_catalogue(tag)
        catalogue.update(used, no_fuzzy_matching=True)
        text = BytesIO()
        write_po(text, catalogue, width=110, sort_output=True, include_lineno=False)
        lines = text.getvalue().splitlines(keepends=True)
        path.write_bytes(b"".join(line for line in lines if not line.startswith(_UNUSED_HEADERS)))


def problems(tag: str, used: Catalog) -> list[str]:
    """Say what is wrong with a catalogue: texts missing, fuzzy, or with other placeholders."""
    catalogue = read_catalogue(catalogue_path(tag))
    return [
        f"{tag}: {problem}: {_label(message)!r}"
        for message in used
        if message.id and (problem := _problem(message, catalogue.get(message.id, message.context)))
    ]


def main(arguments: list[str]) -> int:
    """Run `update [TAG ...]` or `check`; return the exit status."""
    match arguments:
        case ["update", *tags]:
            try:
                update([find_language(tag).tag for tag in tags] or _translated_tags())
            except (UnknownLanguage, BrokenCatalogue) as error:
                sys.stderr.write(f"{error}\n")
                return 2
            return 0
        case ["check"]:
            used = used_messages()
            found = [line for tag in _translated_tags() for line in problems(tag, used)]
            sys.stdout.write(("\n".join(found) or "every message is translated") + "\n")
            return 1 if found else 0
    sys.stderr.write(f"{_USAGE}\n")
    return 2


def _translated_tags() -> list[str]:
    return [tag for tag in PAGE_LANGUAGES if tag != "de"]


def _source_files() -> Iterator[Path]:
    for name in TRANSLATED_SOURCES:
        path = PROJECT / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.suffix in {".html", ".py"} and file.is_file())


def _new_catalogue(tag: str) -> Catalog:
    language = find_language(tag)
    header = f"# Terminlotse in {language.english}; the message ids are German.\n#"
    return Catalog(locale=tag.replace("-", "_"), project="Terminlotse", header_comment=header, fuzzy=False)


def _label(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _problem(source: Message, translated: Message | None) -> str | None:
    if translated is None or not translated.string or not all(_forms(translated)):
        return "not translated"
    if translated.fuzzy:
        return "fuzzy"
    wanted = _placeholders([source.id] if isinstance(source.id, str) else list(source.id))
    return None if _placeholders(_forms(translated)) == wanted else "other placeholders"


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _placeholders(texts: list[str]) -> set[str]:
    return {part.split(")")[0] for text in texts for part in text.split("%(")[1:]}
