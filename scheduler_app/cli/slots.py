"""`terminlotse slots`: the joint search from the command line."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from scheduler_app.cli.database import open_session
from scheduler_app.clock import system_clock
from scheduler_app.domain.errors import NotTogether, UnknownThing
from scheduler_app.domain.languages import UnknownLanguage, find_language
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_slots import SlotSearch, find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import ROOM
from scheduler_app.services.slot_request import SlotRequest


@click.command()
@click.argument("municipality")
@click.argument("services", nargs=-1, required=True, metavar="SERVICE...")
@click.option("--language", default="", help="An interpreter of this language takes part (ar, kmr, ukr ...).")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
def slots(municipality: str, services: tuple[str, ...], language: str, limit: int) -> None:
    """When everybody that the SERVICEs need is free together."""
    with open_session() as session:
        try:
            catalogue = catalogue_of(session, municipality)
            plan = plan_appointment(catalogue, _request(services, language))
        except UnknownThing as error:
            raise click.ClickException(f"There is no {error.what} {error.key!r}.") from error
        except UnknownLanguage as error:
            raise click.ClickException(f"{error}.") from error
        except NotTogether as error:
            raise click.ClickException(
                f"These need a visit of their own: {', '.join(error.keys)}."
            ) from error
        search = find_slots(session, catalogue, plan, now=system_clock(), limit=limit)
    if not search.starts:
        raise click.ClickException(f"There is no slot; what is missing: {_missing(search)}.")
    for start in search.starts:
        click.echo(_line(catalogue, start, start + search.length))


def _request(services: tuple[str, ...], language: str) -> SlotRequest:
    if not language:
        return SlotRequest(services)
    wanted = find_language(language)
    if wanted.code == "deu":
        return SlotRequest(services)
    return SlotRequest(services, wanted.variety_of or wanted.code, wanted.code if wanted.variety_of else "")


def _line(catalogue: Catalogue, start: datetime, end: datetime) -> str:
    zone = ZoneInfo(catalogue.timezone)
    return f"{start.astimezone(zone):%a %Y-%m-%d %H:%M}-{end.astimezone(zone):%H:%M}"


def _missing(search: SlotSearch) -> str:
    names = {need.key: need.name for concern in search.plan.concerns for need in concern.needs}
    names |= {INTERPRETER: "an interpreter", ROOM: "a room"}
    return ", ".join(names.get(key, key) for key in search.blocking) or "an open day"
