"""What could be given up in a request: one change at a time, from which the explanation of a search is made."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Protocol

from scheduler_app.domain.joint_search import Role
from scheduler_app.models import LEVELS, InterpreterLevel
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import ServiceEntry
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import ROOM, kind_of_role
from scheduler_app.services.slot_request import SlotRequest

MOST_LENGTHS = 3
"""Shorter lengths that are tried, besides the shortest."""


class ChangeCode(StrEnum):
    """What is given up; what ``argument`` means stands behind it. The order is that of equally good suggestions."""

    ANY_OF_TEAM = "any-of-team"  # role key: somebody else of the team than the person chosen
    ANY_ROOM = "any-room"
    ANY_DATE = "any-date"  # neither the earliest nor the latest date
    ANY_WEEKDAY = "any-weekday"
    ANY_TIME = "any-time"
    BY_VIDEO = "by-video"
    ON_SITE = "on-site"
    CHAIN = "chain"  # desk after desk on one day
    ANY_ORDER = "any-order"  # of a chain
    LONGER_WAIT = "longer-wait"  # of a chain: minutes
    NOT_STAYING = "not-staying"  # of a chain: the interpreter is not there in between
    TABLE = "table"  # not as a chain
    ANY_VARIETY = "any-variety"
    ANY_GENDER = "any-gender"
    LOWER_LEVEL = "lower-level"  # the level that would do
    SHORTER = "shorter"  # minutes
    FEWER_SEATS = "fewer-seats"
    ANY_STEPS = "any-steps"  # not step-free
    WITH_PERSON = "with-person"  # resource id of somebody who was not to come
    APART = "apart"  # two appointments
    WITHOUT = "without"  # role key


OF_TIME = (ChangeCode.ANY_DATE, ChangeCode.ANY_WEEKDAY, ChangeCode.ANY_TIME)

FREE = 0
"""Nobody misses anything."""
GIVEN_UP = 1
"""Something asked for is given up."""
MISSING = 2
"""Somebody who is needed is not there."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing given up. ``weight``: FREE, GIVEN_UP or MISSING."""

    code: ChangeCode
    argument: str
    weight: int

    @property
    def is_rung(self) -> bool:
        """Whether it is one of several steps in one direction, of which the smallest that helps is enough."""
        return self.code in (ChangeCode.SHORTER, ChangeCode.LOWER_LEVEL, ChangeCode.LONGER_WAIT)


class Asked(Protocol):
    """What was asked for, worked out: a plan, or the roles of a chain."""

    @property
    def request(self) -> SlotRequest: ...
    @property
    def roles(self) -> Sequence[Role]: ...
    @property
    def concerns(self) -> Sequence[ServiceEntry]: ...
    @property
    def level(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def is_chain(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Variant:
    """A change and how it is made; ``aspect`` is what it is about: two changes of one aspect do not go together."""

    change: Change
    aspect: str
    applied: Callable[[SlotRequest], SlotRequest]

    def goes_with(self, other: "Variant") -> bool:
        one, two = self.aspect, other.aspect
        return not (f"{one}.".startswith(f"{two}.") or f"{two}.".startswith(f"{one}."))

    def touches(self, role_key: str) -> bool:
        """Whether this can change when the role can be filled.

        Fewer people may fit into a smaller room, and in another house the interpreter is there sooner.
        """
        if self.change.code in (*OF_TIME, ChangeCode.SHORTER) or kind_of_role(role_key) == ROOM:
            return True
        return f"{self.aspect}.".startswith(f"{role_key}.") or (
            role_key == INTERPRETER and self.aspect.startswith(ROOM)
        )


def variants(catalogue: Catalogue, plan: Asked, *, has_dates: bool) -> list[Variant]:
    """Every single change that a plan allows. ``has_dates``: dates were asked for, besides the request."""
    found = [*_roles(plan), *_people(catalogue, plan), *_rooms(plan), *_times(plan.request)]
    if has_dates:
        found.append(_variant(ChangeCode.ANY_DATE, "dates", FREE))
    if any(role.key == INTERPRETER for role in plan.roles):
        found += _interpreters(plan)
    if not plan.is_chain:
        found += _lengths(catalogue, plan)
    return found


def _variant(code: ChangeCode, aspect: str, weight: int, argument: str = "", **changes: object) -> Variant:
    def applied(request: SlotRequest) -> SlotRequest:
        return replace(request, **changes)  # type: ignore[arg-type]

    return Variant(Change(code, argument, weight), aspect, applied)


def _roles(plan: Asked) -> Iterator[Variant]:
    for role in plan.roles:
        kind = kind_of_role(role.key)
        if kind in ("client", "visitor") or role.is_optional:
            continue
        weight = GIVEN_UP if kind in ("person", "room") else MISSING
        change = Change(ChangeCode.WITHOUT, role.key, weight)
        yield Variant(change, role.key, partial(_less, key=role.key))


def _less(request: SlotRequest, key: str) -> SlotRequest:
    return replace(
        request,
        without=(*request.without, key),
        optional=tuple(other for other in request.optional if other != key),
    )


def _people(catalogue: Catalogue, plan: Asked) -> Iterator[Variant]:
    """Whoever of the team has time; and those who were not to come."""
    for role in plan.roles:
        chosen = role.candidates[0] if len(role.candidates) == 1 else None
        if chosen is not None and kind_of_role(role.key) == "team" and chosen in plan.request.people:
            change = Change(ChangeCode.ANY_OF_TEAM, role.key, FREE)
            yield Variant(change, role.key, partial(_whoever, person=chosen))
    for person in plan.request.not_these:
        aspect = f"{INTERPRETER}.{person}" if person in catalogue.interpreters else f"person.{person}"
        change = Change(ChangeCode.WITH_PERSON, str(person), GIVEN_UP)
        yield Variant(change, aspect, partial(_welcome, person=person))


def _whoever(request: SlotRequest, person: int) -> SlotRequest:
    return replace(request, people=tuple(other for other in request.people if other != person))


def _welcome(request: SlotRequest, person: int) -> SlotRequest:
    return replace(request, not_these=tuple(other for other in request.not_these if other != person))


def _rooms(plan: Asked) -> Iterator[Variant]:
    request = plan.request
    if request.room is not None:
        yield _variant(ChangeCode.ANY_ROOM, "room.house", FREE, room=None)
        return
    if request.seats:
        yield _variant(ChangeCode.FEWER_SEATS, "room.seats", GIVEN_UP, seats=0)
    if request.step_free:
        yield _variant(ChangeCode.ANY_STEPS, "room.steps", GIVEN_UP, step_free=False)


def _times(request: SlotRequest) -> Iterator[Variant]:
    if request.weekdays:
        yield _variant(ChangeCode.ANY_WEEKDAY, "weekdays", FREE, weekdays=())
    if request.earliest is not None or request.latest is not None:
        yield _variant(ChangeCode.ANY_TIME, "times", FREE, earliest=None, latest=None)


def _interpreters(plan: Asked) -> Iterator[Variant]:
    request = plan.request
    if request.by_video:
        yield _variant(ChangeCode.ON_SITE, f"{INTERPRETER}.way", FREE, by_video=False)
    else:
        yield _variant(ChangeCode.BY_VIDEO, f"{INTERPRETER}.way", FREE, by_video=True)
    if request.variety:
        yield _variant(ChangeCode.ANY_VARIETY, f"{INTERPRETER}.variety", GIVEN_UP, variety="")
    if request.is_gender_must:
        yield _variant(ChangeCode.ANY_GENDER, f"{INTERPRETER}.gender", GIVEN_UP, is_gender_must=False)
    for level in _lower_levels(plan):
        yield _variant(ChangeCode.LOWER_LEVEL, f"{INTERPRETER}.level", GIVEN_UP, level, level=level)


def _lower_levels(plan: Asked) -> list[str]:
    """Levels below the one asked for that the services still allow, the highest first."""
    asked = [concern.interpreter_level for concern in plan.concerns if concern.interpreter_level]
    least = max(LEVELS.index(InterpreterLevel(level)) for level in asked)
    return [LEVELS[place] for place in range(LEVELS.index(InterpreterLevel(plan.level)) - 1, least - 1, -1)]


def _lengths(catalogue: Catalogue, plan: Asked) -> Iterator[Variant]:
    """Shorter by steps of the grid, and as short as the longest concern takes alone."""
    step = catalogue.start_every_minutes
    shortest = max(concern.minutes for concern in plan.concerns)
    lengths = range(plan.minutes - step, shortest - 1, -step)
    for minutes in dict.fromkeys((*lengths[:MOST_LENGTHS], *lengths[-1:])):
        yield _variant(ChangeCode.SHORTER, "length", GIVEN_UP, str(minutes), minutes=minutes)
