"""What helps where nothing is free: the same search with one thing changed that she can decide herself.

Going without the interpreter is none of these: whoever is not understood signs what she has not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler_app.domain.errors import ChainLength, NotTogether, TooManyServices, UnknownThing
from scheduler_app.domain.languages import find_language
from scheduler_app.models import db
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.wish import NO_INTERPRETER, Wish, local_midnight
from scheduler_app.web.page_language import gettext, language_name
from scheduler_app.web.request_time import now


@dataclass(frozen=True)
class Help:
    """A changed wish in words, and the first start that it opens."""

    text: str
    wish: Wish
    first_at: datetime


def what_helps(wish: Wish) -> list[Help]:
    """The changes that open something, those that cost her least first."""
    tried = ((text, changed, first_start(changed)) for text, changed in _changes(wish))
    return [Help(text, changed, first_at) for text, changed, first_at in tried if first_at is not None]


def first_start(wish: Wish) -> datetime | None:
    """The first slot or chain for a wish; None if there is none, or if it can not be had like this."""
    from_at = local_midnight(wish.from_on)
    try:
        if wish.is_chain:
            chain_plan = plan_chain(municipality(), wish.slot_request(), online_only=True)
            chains = find_chains(
                db.session(), municipality(), chain_plan, now=now(), from_at=from_at, limit=1
            ).chains
            return chains[0].starts_at if chains else None
        plan = plan_appointment(municipality(), wish.slot_request(), online_only=True)
    except (ChainLength, NotTogether, TooManyServices, UnknownThing):
        return None
    found = find_slots(db.session(), municipality(), plan, now=now(), from_at=from_at, limit=1)
    return found.starts[0] if found.starts else None


def _changes(wish: Wish) -> Iterator[tuple[str, Wish]]:
    if wish.from_on:
        yield gettext("An einem früheren Tag"), wish.at(None)
    if wish.weekdays:
        yield gettext("An einem anderen Wochentag"), replace(wish, weekdays=())
    if wish.time:
        yield gettext("Zu einer anderen Tageszeit"), replace(wish, time="")
    if wish.weekdays and wish.time:
        yield gettext("An allen Tagen und zu allen Zeiten"), wish.at_any_time()
    if len(wish.services) > 1 and wish.is_chain:
        yield gettext("Alle zusammen an einem Tisch"), replace(wish, is_chain=False)
    elif len(wish.services) > 1:
        yield gettext("Nacheinander an einem Tag"), replace(wish, is_chain=True)
    if wish.interpreter not in {"", NO_INTERPRETER}:
        yield from _interpreters(wish)


def _interpreters(wish: Wish) -> Iterator[tuple[str, Wish]]:
    if not wish.by_video:
        yield gettext("Mit einem Dolmetscher per Video"), replace(wish, by_video=True)
    broader = find_language(wish.interpreter).variety_of
    if broader is not None:
        name = language_name(broader)
        yield (
            gettext("Mit einem Dolmetscher für %(language)s", language=name),
            replace(wish, interpreter=broader),
        )
