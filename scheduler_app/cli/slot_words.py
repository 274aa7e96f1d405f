"""Slots, chains and reasons as lines of text."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler_app.domain.languages import find_language
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.explain_search import TIME, Explanation, Suggestion
from scheduler_app.services.find_chains import FoundChain
from scheduler_app.services.itinerary import visits_found
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_chain import ChainPlan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import CLIENT, ROOM, kind_of_role
from scheduler_app.services.plan_variants import Change, ChangeCode

WORDS = {
    ChangeCode.ANY_OF_TEAM: "with anybody of the team",
    ChangeCode.ANY_ROOM: "in any room",
    ChangeCode.ANY_DATE: "on any date",
    ChangeCode.ANY_WEEKDAY: "on any weekday",
    ChangeCode.ANY_TIME: "at any time of the day",
    ChangeCode.BY_VIDEO: "with the interpreter by video",
    ChangeCode.ON_SITE: "with the interpreter on site",
    ChangeCode.CHAIN: "one after the other on one day (--chain)",
    ChangeCode.ANY_VARIETY: "with any variety of the language",
    ChangeCode.ANY_GENDER: "with an interpreter of any gender",
    ChangeCode.LOWER_LEVEL: "with an interpreter of a lower level",
    ChangeCode.FEWER_SEATS: "in a smaller room",
    ChangeCode.ANY_STEPS: "in a room with steps",
    ChangeCode.WITH_PERSON: "with somebody who was not to come",
    ChangeCode.APART: "in two appointments",
}


def slot_line(catalogue: Catalogue, start: datetime, end: datetime) -> str:
    zone = ZoneInfo(catalogue.timezone)
    return f"{start.astimezone(zone):%a %Y-%m-%d %H:%M}-{end.astimezone(zone):%H:%M}"


def chain_lines(catalogue: Catalogue, chain: FoundChain) -> list[str]:
    """One line for the whole of it, and one for each visit."""
    zone = ZoneInfo(catalogue.timezone)
    lines = [slot_line(catalogue, chain.starts_at, chain.ends_at)]
    for visit in visits_found(catalogue, chain):
        way = f"{visit.way.minutes} min way, " if visit.way and visit.way.minutes else ""
        times = f"{visit.starts_at.astimezone(zone):%H:%M}-{visit.ends_at.astimezone(zone):%H:%M}"
        names = ", ".join(concern.name["de"] for concern in visit.concerns)
        lines.append(f"    {times}  {way}{visit.place or 'place depends on the room'}: {names}")
    return lines


def explanation_lines(catalogue: Catalogue, plan: Plan, explained: Explanation) -> list[str]:
    """What prevents it, and what would help, the best first."""
    lines = []
    if explained.blocking:
        lines.append(f"What is missing: {', '.join(_name(plan, key) for key in explained.blocking)}.")
    lines += [_suggestion(catalogue, plan, suggestion) for suggestion in explained.suggestions]
    return lines


def visit_lines(plan: ChainPlan, blocking: Iterable[str]) -> list[str]:
    """Without which visit or person there would be a chain."""
    names = [_visit(plan, key) for key in blocking]
    return [f"What is missing: {', '.join(names)}."] if names else ["The visits do not fit on any one day."]


def _visit(plan: ChainPlan, key: str) -> str:
    kind, _, number = key.partition(":")
    if kind != "visit":
        return _named(kind)
    return ", ".join(concern.key for concern in plan.visits[int(number) - 1].concerns)


def _suggestion(catalogue: Catalogue, plan: Plan, suggestion: Suggestion) -> str:
    how = " and ".join(_change(plan, change) for change in suggestion.changes)
    first = f"{suggestion.first_at.astimezone(ZoneInfo(catalogue.timezone)):%a %Y-%m-%d %H:%M}"
    second = f" and {_second(catalogue, suggestion.second)}" if suggestion.second else ""
    return f"{how[0].upper()}{how[1:]}: {suggestion.count}, the first on {first}{second}"


def _second(catalogue: Catalogue, suggestion: Suggestion) -> str:
    return f"{suggestion.first_at.astimezone(ZoneInfo(catalogue.timezone)):%a %Y-%m-%d %H:%M}"


def _change(plan: Plan, change: Change) -> str:
    if change.code is ChangeCode.WITHOUT:
        return f"without {_name(plan, change.argument)}"
    if change.code is ChangeCode.SHORTER:
        return f"in {change.argument} minutes"
    if change.code is ChangeCode.ANY_VARIETY:
        return f"with any variety of {find_language(plan.request.language).code}"
    return WORDS[change.code]


def _name(plan: Plan, key: str) -> str:
    needs = {need.key: need.name for concern in plan.concerns for need in concern.needs}
    return needs.get(key) or _named(kind_of_role(key))


def _named(kind: str) -> str:
    words = {INTERPRETER: "an interpreter", ROOM: "a room", CLIENT: "the client", TIME: "the time asked for"}
    return words.get(kind, "a person who must take part")
