"""The texts of messages in every language, with example values, and what they cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from notifications.dates import appointment_words
from notifications.texts import Text, Texts
from scheduler_app.config import templates_folder
from scheduler_app.domain.languages import Language, find_language
from scheduler_app.models import StaffRole
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.web.access import staff
from scheduler_app.web.admin import blueprint, own_catalogue, words
from scheduler_app.web.request_time import now

EXAMPLE_END = "11:30"


@dataclass(frozen=True, slots=True)
class Example:
    language: Language
    text: Text


@dataclass(frozen=True, slots=True)
class KindOfMessage:
    """``missing`` are page languages of the municipality without a text: their readers get the German one."""

    key: str
    title: str
    examples: tuple[Example, ...]
    missing: tuple[Language, ...]


@blueprint.get("/messages")
@staff(StaffRole.MUNICIPAL_ADMIN)
def messages() -> ResponseReturnValue:
    """Every kind of message as its readers get it."""
    catalogue = own_catalogue()
    texts = Texts(templates_folder() / "messages")
    kinds = tuple(_kind(texts, key, catalogue) for key in texts.kinds())
    languages = [find_language(tag) for tag in catalogue.languages]
    return render_template("admin/messages.html", kinds=kinds, languages=languages)


def _kind(texts: Texts, key: str, catalogue: Catalogue) -> KindOfMessage:
    return KindOfMessage(
        key=key,
        title=words.MESSAGE_KINDS.get(key, key),
        examples=tuple(_examples(texts, key, catalogue)),
        missing=tuple(find_language(tag) for tag in catalogue.languages if tag not in texts.languages(key)),
    )


def _examples(texts: Texts, key: str, catalogue: Catalogue) -> Iterator[Example]:
    public_url = current_app.extensions["terminlotse"].settings.public_url
    for tag in texts.languages(key):
        values = {
            **appointment_words(_example_start(ZoneInfo(catalogue.timezone)), tag),
            "end": EXAMPLE_END,
            "place": catalogue.address,
            "phone": catalogue.phone,
            "number": f"{catalogue.number_prefix}-2345",
            "link": f"{public_url}/t/…",
        }
        yield Example(find_language(tag), texts.render(key, [tag], values))


def _example_start(zone: ZoneInfo) -> datetime:
    return (now().astimezone(zone) + timedelta(days=7)).replace(hour=9, minute=30)
