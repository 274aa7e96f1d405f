"""From a request to the roles that must be filled together."""

from dataclasses import dataclass

from scheduler_app.domain.durations import joint_minutes
from scheduler_app.domain.errors import NotTogether, UnknownThing
from scheduler_app.domain.free_time import cells_for
from scheduler_app.domain.joint_search import Role
from scheduler_app.models import LEVELS, InterpreterLevel
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import ServiceEntry
from scheduler_app.services.slot_request import SlotRequest

INTERPRETER, ROOM = "interpreter", "room"
LONGEST_MINUTES = 8 * 60


@dataclass(frozen=True)
class Plan:
    """A request worked out: who is needed, and for how long. ``level`` is what the interpreter must have."""

    request: SlotRequest
    concerns: tuple[ServiceEntry, ...]
    roles: tuple[Role, ...]
    minutes: int
    level: str

    @property
    def agency_of_role(self) -> dict[str, int]:
        """For which agency (id) each team or person of the concerns takes part."""
        return {need.key: concern.agency.id for concern in self.concerns for need in concern.needs}


def plan_appointment(catalogue: Catalogue, request: SlotRequest, *, online_only: bool = False) -> Plan:
    """Work out the roles of a request.

    ``online_only``: only what clients may book themselves. Raises UnknownThing for a service, person or room that
    this municipality does not have, NotTogether for concerns that can not share a table.
    """
    concerns = _concerns(catalogue, request, online_only=online_only)
    level = _interpreter_level(concerns) if request.language else ""
    minutes = request.minutes
    if minutes is None:
        minutes = joint_minutes(
            [concern.minutes for concern in concerns],
            interpreter_extra_percent=catalogue.interpreter_extra_percent if level else 0,
            grid_minutes=catalogue.start_every_minutes,
        )
    if not 0 < minutes <= LONGEST_MINUTES:
        raise UnknownThing("length", str(minutes))
    cells = cells_for(minutes)
    roles = _people(catalogue, concerns, request, cells)
    if level:
        speakers = catalogue.interpreters_of(request.language, request.variety, level)
        roles.append(Role(INTERPRETER, speakers, cells))
    roles += _room(catalogue, concerns, request, cells, people=1 + len(roles))
    return Plan(request, concerns, tuple(roles), minutes, level)


def _concerns(catalogue: Catalogue, request: SlotRequest, *, online_only: bool) -> tuple[ServiceEntry, ...]:
    keys = tuple(dict.fromkeys(request.services))
    if not keys:
        raise UnknownThing("service", "")
    concerns = tuple(catalogue.service(key) for key in keys)
    if online_only:
        for concern in concerns:
            if not concern.is_online:
                raise UnknownThing("service", concern.key)
    alone = [concern.key for concern in concerns if not concern.is_joint]
    if len(concerns) > 1 and alone:
        raise NotTogether(alone)
    return concerns


def _interpreter_level(concerns: tuple[ServiceEntry, ...]) -> str:
    """The highest level that any concern asks for; empty if none of them is a talk that needs an interpreter."""
    levels = [LEVELS.index(InterpreterLevel(c.interpreter_level)) for c in concerns if c.interpreter_level]
    return LEVELS[max(levels)] if levels else ""


def _people(
    catalogue: Catalogue, concerns: tuple[ServiceEntry, ...], request: SlotRequest, cells: int
) -> list[Role]:
    """One role a team or person; concerns of one team share its person. Chosen people take their team's place."""
    needs = {need.key: need.candidates for concern in concerns for need in concern.needs}
    extra: dict[str, tuple[int, ...]] = {}
    for person in dict.fromkeys(request.people):
        if person not in catalogue.staff:
            raise UnknownThing("person", str(person))
        team = next((key for key, able in needs.items() if person in able and len(able) > 1), None)
        if team is not None:
            needs[team] = (person,)
        elif (person,) not in needs.values():
            extra[f"person:{catalogue.staff[person].staff_member_id}"] = (person,)
    return [Role(key, able, cells) for key, able in {**needs, **extra}.items()]


def _room(
    catalogue: Catalogue, concerns: tuple[ServiceEntry, ...], request: SlotRequest, cells: int, *, people: int
) -> list[Role]:
    """A meeting room if one was asked for, a concern needs one, or several agencies sit at the table."""
    if request.room is not None:
        if request.room not in catalogue.rooms:
            raise UnknownThing("room", str(request.room))
        return [Role(ROOM, (request.room,), cells)]
    seats = max(concern.room_seats for concern in concerns)
    agencies = {concern.agency.id for concern in concerns}
    agencies |= {catalogue.staff[person].agency_id for person in request.people}
    if not seats and len(agencies) < 2:
        return []
    smallest_first = sorted(catalogue.rooms.values(), key=lambda room: room.seats)
    fitting = tuple(room.resource_id for room in smallest_first if room.seats >= max(seats, people))
    return [Role(ROOM, fitting, cells)]
