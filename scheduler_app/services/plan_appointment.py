"""From a request to the roles that must be filled together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduler_app.domain.durations import joint_minutes
from scheduler_app.domain.errors import NotTogether, TooManyServices, UnknownThing
from scheduler_app.domain.free_time import cells_for
from scheduler_app.domain.joint_search import Need, Role, Span
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import ServiceEntry
from scheduler_app.services.plan_interpreter import (
    AT_NO_PLACE,
    INTERPRETER,
    interpreter_level,
    interpreter_role,
)
from scheduler_app.services.plan_roles import (
    CLIENT,
    ROOM,
    PlannedVisit,
    extra_people,
    in_house,
    people_of_visit,
    room_and_visitors,
    visit_key,
    with_wishes,
)
from scheduler_app.services.slot_request import SlotRequest

LONGEST_MINUTES = 8 * 60

MOST_SERVICES = 6
"""Beyond that nobody sits through it, and the ways to arrange them grow without bounds."""

MOST_KEPT = 1000
"""Plans kept per version of a catalogue: clients ask for the same few."""


@dataclass(frozen=True)
class Plan:
    """A request worked out: who is needed, and for how long. ``level`` is what the interpreter must have.

    ``alternatives`` are the roles place by place, where rooms of several houses would do: the interpreter's way there
    differs. ``preferred`` are resources to take if they are free.
    """

    request: SlotRequest
    concerns: tuple[ServiceEntry, ...]
    roles: tuple[Role, ...]
    minutes: int
    level: str
    visits: tuple[PlannedVisit, ...] = ()
    places: tuple[int, ...] = ()
    preferred: tuple[int, ...] = ()

    @property
    def agency_of_role(self) -> dict[str, int]:
        """For which agency (id) each team or person of the concerns takes part."""
        return {
            visit_key(need.key, visit.number): concern.agency.id
            for visit in self.visits
            for concern in visit.concerns
            for need in concern.needs
        }

    @property
    def is_chain(self) -> bool:
        return self.request.is_chain

    def alternatives(self, catalogue: Catalogue) -> list[tuple[Role, ...]]:
        """The roles, once for each place at which it could be."""
        if len(self.places) < 2:
            return [self.roles]
        return [_at_place(catalogue, self.roles, place) for place in self.places]

    def visit_of(self, role_key: str) -> PlannedVisit | None:
        """The visit at which a role is; None for one that lasts through a chain."""
        number = int(role_key.rpartition("@")[2]) if "@" in role_key else 0
        return next((visit for visit in self.visits if visit.number == number), None)

    def with_client(self, resource_id: int) -> "Plan":
        """The same with the client, who is there from beginning to end."""
        if any(role.key == CLIENT for role in self.roles):
            return self
        client = Role(CLIENT, (resource_id,), Need((Span(0, cells_for(self.minutes)),)))
        return replace(self, roles=(*self.roles, client))


def plan_appointment(catalogue: Catalogue, request: SlotRequest, *, online_only: bool = False) -> Plan:
    """Work out the roles of a request.

    ``online_only``: only what clients may book themselves. Raises UnknownThing for a service, person or room that
    this municipality does not have, NotTogether for concerns that can not share a table.
    """
    key = request, online_only
    known: Plan | None = catalogue.worked_out.get(key)
    if known is None:
        known = _plan(catalogue, request, online_only=online_only)
        if len(catalogue.worked_out) >= MOST_KEPT:
            catalogue.worked_out.clear()
        catalogue.worked_out[key] = known
    return known


def _plan(catalogue: Catalogue, request: SlotRequest, *, online_only: bool) -> Plan:
    concerns = _concerns(catalogue, request, online_only=online_only)
    level = interpreter_level(concerns, request)
    if request.is_chain:
        visits = _chain_visits(catalogue, request)
    else:
        visits = _joint_visit(catalogue, concerns, request, is_interpreted=bool(level))
    minutes = max(visit.offset + visit.minutes for visit in visits)
    if not 0 < minutes <= LONGEST_MINUTES:
        raise UnknownThing("length", str(minutes))
    roles: list[Role] = []
    for visit in visits:
        roles += people_of_visit(visit, request.people)
    roles += extra_people(catalogue, roles, request.people, minutes)
    if level:
        roles.append(interpreter_role(catalogue, request, level, visits))
    rooms = [role for visit in visits for role in room_and_visitors(catalogue, visit, request, roles)]
    visits = [in_house(catalogue, visit, rooms, request) for visit in visits]
    if level:  # now it is known where
        roles[-1] = interpreter_role(catalogue, request, level, visits)
    roles += rooms
    return _with_wishes(catalogue, Plan(request, concerns, tuple(roles), minutes, level, tuple(visits)))


def _concerns(catalogue: Catalogue, request: SlotRequest, *, online_only: bool) -> tuple[ServiceEntry, ...]:
    # a chain may lead two children to the same desk
    keys = request.services if request.is_chain else tuple(dict.fromkeys(request.services))
    if not keys:
        raise UnknownThing("service", "")
    if len(keys) > MOST_SERVICES:
        raise TooManyServices(MOST_SERVICES)
    concerns = tuple(catalogue.service(key) for key in keys)
    if online_only:
        for concern in concerns:
            if not concern.is_online:
                raise UnknownThing("service", concern.key)
    if not request.is_chain:
        refuse_separate(concerns)
    return concerns


def _joint_visit(
    catalogue: Catalogue, concerns: tuple[ServiceEntry, ...], request: SlotRequest, *, is_interpreted: bool
) -> list[PlannedVisit]:
    minutes = request.minutes
    if minutes is None:
        minutes = visit_minutes(catalogue, concerns, is_interpreted=is_interpreted)
    return [PlannedVisit(0, concerns, 0, minutes, concerns[0].agency.place_id or 0)]


def _chain_visits(catalogue: Catalogue, request: SlotRequest) -> list[PlannedVisit]:
    by_visit = request.by_visit
    if not len(by_visit) == len(request.offsets) == len(request.lengths):
        raise UnknownThing("chain", str(len(request.offsets)))
    return [
        planned_visit(catalogue, number, services, offset, minutes)
        for number, (services, offset, minutes) in enumerate(
            zip(by_visit, request.offsets, request.lengths, strict=True), 1
        )
    ]


def planned_visit(
    catalogue: Catalogue, number: int, services: Sequence[str], offset: int, minutes: int
) -> PlannedVisit:
    """A visit of a chain. Raises UnknownThing, and NotTogether for concerns that can not share a table."""
    concerns = tuple(catalogue.service(key) for key in services)
    refuse_separate(concerns)
    return PlannedVisit(number, concerns, offset, minutes, concerns[0].agency.place_id or 0)


def refuse_separate(concerns: Sequence[ServiceEntry]) -> None:
    """Raises NotTogether if one of several concerns needs a visit of its own."""
    alone = [concern.key for concern in concerns if not concern.is_joint]
    if len(concerns) > 1 and alone:
        raise NotTogether(alone)


def visit_minutes(catalogue: Catalogue, concerns: Sequence[ServiceEntry], *, is_interpreted: bool) -> int:
    """How long these concerns take together."""
    return joint_minutes(
        [concern.minutes for concern in concerns],
        interpreter_extra_percent=catalogue.interpreter_extra_percent if is_interpreted else 0,
        grid_minutes=catalogue.start_every_minutes,
    )


def _with_wishes(catalogue: Catalogue, plan: Plan) -> Plan:
    """Without those who must not come and the roles that were dropped; where it could be; whom to prefer."""
    request = plan.request
    roles = with_wishes(plan.roles, request)
    if not any(not role.is_optional for role in roles):
        raise UnknownThing("role", "")
    preferred = tuple(
        person.resource_id
        for person in catalogue.interpreters.values()
        if request.gender and person.gender == request.gender
    )
    plan = replace(plan, roles=tuple(roles), preferred=preferred, level=_level_left(plan, roles))
    if plan.is_chain:
        return plan
    rooms = next((role.candidates for role in roles if role.key == ROOM), None)
    if rooms is None:
        return _settled(catalogue, plan, plan.visits[0].place_id)
    places = tuple(dict.fromkeys(catalogue.rooms[room].place_id for room in rooms))
    if len(places) == 1:
        return _settled(catalogue, plan, places[0])
    visit = replace(plan.visits[0], place_id=0)
    is_travelled = any(role.key == INTERPRETER for role in roles) and not request.by_video
    anywhere = tuple(_interpreted_at(role, 0) for role in plan.roles)
    return replace(plan, roles=anywhere, visits=(visit,), places=places if is_travelled else ())


def _level_left(plan: Plan, roles: Sequence[Role]) -> str:
    """Who goes without an interpreter needs none of any level."""
    return plan.level if any(role.key == INTERPRETER for role in roles) else ""


def _settled(catalogue: Catalogue, plan: Plan, place: int) -> Plan:
    """At one place, whoever and whichever room it is."""
    visit = replace(plan.visits[0], place_id=place)
    return replace(plan, visits=(visit,), roles=_at_place(catalogue, plan.roles, place))


def _at_place(catalogue: Catalogue, roles: Sequence[Role], place: int) -> tuple[Role, ...]:
    """The roles of an appointment at one place: rooms there, and an interpreter who gets there in time."""
    return tuple(
        replace(role, candidates=tuple(r for r in role.candidates if catalogue.rooms[r].place_id == place))
        if role.key == ROOM
        else _interpreted_at(role, place)
        for role in roles
    )


def _interpreted_at(role: Role, place: int) -> Role:
    """The interpreter's role at a place; by video she is at none."""
    if role.key != INTERPRETER:
        return role
    spans = tuple(
        span if span.place == AT_NO_PLACE else span._replace(place=place) for span in role.need.spans
    )
    return replace(role, need=role.need._replace(spans=spans))
