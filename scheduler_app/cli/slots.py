"""`terminlotse slots`: the search from the command line, for one table and for desk after desk."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from scheduler_app.cli.database import open_session
from scheduler_app.cli.slot_words import chain_lines, explanation_lines, slot_line, visit_lines
from scheduler_app.cli.wanted_slots import GENDERS, WEEKDAYS, Wanted, chain_request, dates, slot_request
from scheduler_app.clock import system_clock
from scheduler_app.domain.errors import (
    ChainLength,
    NotTogether,
    TerminlotseError,
    TooManyServices,
    UnknownThing,
)
from scheduler_app.domain.languages import UnknownLanguage
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.explain_search import explain_search
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import LONGEST_WAIT_MINUTES, plan_chain

Command = TypeVar("Command", bound=Callable[..., Any])


def _wishes(command: Command) -> Command:
    """The options that narrow a search."""
    for option in reversed(
        (
            click.option(
                "--language", default="", help="An interpreter of this language takes part (ar, ukr ...)."
            ),
            click.option("--variety", default="", help="... of this variety of it (apc ...)."),
            click.option("--gender", type=click.Choice(GENDERS), help="... of this gender."),
            click.option("--video", is_flag=True, help="... by video."),
            click.option("--step-free", is_flag=True, help="In a room without steps."),
            click.option("--from", "from_", type=click.DateTime(["%Y-%m-%d"]), help="From this day on."),
            click.option("--to", type=click.DateTime(["%Y-%m-%d"]), help="Until this day."),
            click.option("--weekdays", default="", help=f"Only on these days: {','.join(WEEKDAYS)}."),
            click.option("--earliest", default="", help="Begins at this time of the day or later (08:30)."),
            click.option("--latest", default="", help="Is over by this time of the day (12:00)."),
            click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True),
        )
    ):
        command = option(command)
    return command


@click.command()
@click.argument("municipality")
@click.argument("services", nargs=-1, required=True, metavar="SERVICE...")
@_wishes
@click.option("--chain", is_flag=True, help="One after the other on one day, not at one table.")
@click.option("--ordered", is_flag=True, help="With --chain: in the order given.")
@click.option(
    "--longest-wait",
    type=click.IntRange(0, 240),
    default=LONGEST_WAIT_MINUTES,
    show_default=True,
    help="With --chain: minutes between two visits, beyond the way.",
)
@click.option("--stays", is_flag=True, help="With --chain: the interpreter stays between the visits.")
@click.option("--why", is_flag=True, help="Also says what prevents more, and what would help.")
def slots(
    municipality: str, limit: int, chain: bool, ordered: bool, longest_wait: int, why: bool, **given: Any
) -> None:
    """When everybody that the SERVICEs need is free together. Exit code 1 if there is nothing."""
    wanted = Wanted(**given)
    with open_session() as session:
        try:
            catalogue = catalogue_of(session, municipality)
            search = _Search(session, catalogue, wanted, limit)
            lines, reasons = search.chains(ordered, longest_wait) if chain else search.starts(is_why=why)
        except (TerminlotseError, UnknownLanguage, ValueError) as error:
            raise click.ClickException(_reason(error)) from error
    for line in lines:
        click.echo(line)
    if not lines:
        raise click.ClickException("\n".join(["There is nothing.", *reasons]))
    for line in reasons:
        click.echo(line)


def _reason(error: Exception) -> str:
    """Why there can be no search, in words."""
    match error:
        case UnknownThing():
            return f"There is no {error.what} {error.key!r}."
        case ChainLength():
            return f"A chain has 2 to {error.most} services."
        case TooManyServices():
            return f"At most {error.most} services at once."
        case NotTogether():
            return f"These need a visit of their own: {', '.join(error.keys)}. Try --chain."
    return f"{error}"


class _Search:
    """What was found, and what is to be said of it, as lines."""

    def __init__(self, session: Session, catalogue: Catalogue, wanted: Wanted, limit: int) -> None:
        self._session, self._catalogue, self._wanted, self._limit = session, catalogue, wanted, limit
        self._from_at, self._until_at = dates(wanted, catalogue)

    def starts(self, *, is_why: bool) -> tuple[list[str], list[str]]:
        plan = plan_appointment(self._catalogue, slot_request(self._wanted))
        found = find_slots(
            self._session,
            self._catalogue,
            plan,
            now=system_clock(),
            from_at=self._from_at,
            until_at=self._until_at,
            limit=self._limit,
        )
        lines = [slot_line(self._catalogue, start, start + found.length) for start in found.starts]
        if lines and not is_why:
            return lines, []
        explained = explain_search(
            self._session,
            self._catalogue,
            plan,
            now=system_clock(),
            from_at=self._from_at,
            until_at=self._until_at,
        )
        return lines, explanation_lines(self._catalogue, plan, explained)

    def chains(self, is_ordered: bool, longest_wait: int) -> tuple[list[str], list[str]]:
        plan = plan_chain(
            self._catalogue, chain_request(self._wanted), is_ordered=is_ordered, longest_wait=longest_wait
        )
        found = find_chains(
            self._session,
            self._catalogue,
            plan,
            now=system_clock(),
            from_at=self._from_at,
            until_at=self._until_at,
            limit=self._limit,
        )
        lines = [line for chain in found.chains for line in chain_lines(self._catalogue, chain)]
        return lines, [] if lines else visit_lines(plan, found.blocking)
