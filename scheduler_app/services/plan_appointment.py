"""From a request to the roles that must be filled together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduler_app.domain.durations import joint_minutes
from scheduler_app.domain.errors import NotTogether, UnknownThing
from scheduler_app.domain.free_time import CELL_MINUTES, cells_for
from scheduler_app.domain.joint_search import Need, Role, Span
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import NeedEntry, PlaceEntry, ServiceEntry
from scheduler_app.services.plan_interpreter import INTERPRETER, interpreter_level, interpreter_role
from scheduler_app.services.slot_request import SlotRequest

CLIENT, ROOM, VISITOR = "client", "room", "visitor"
LONGEST_MINUTES = 8 * 60


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """Concerns that are dealt with together, ``offset`` minutes after the start, for ``minutes``.

    A joint appointment has one visit, numbered 0; those of a chain count from 1. ``place_id`` is where, 0 while that
    depends on the room.
    """

    number: int
    concerns: tuple[ServiceEntry, ...]
    offset: int
    minutes: int
    place_id: int


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


def visit_key(key: str, visit: int) -> str:
    """The key of a role at a visit of a chain: ``team:5`` at the second is ``team:5@2``."""
    return f"{key}@{visit}" if visit else key


def kind_of_role(key: str) -> str:
    """``interpreter``, ``room``, ``client``, ``visitor``, ``team`` or ``person``."""
    return key.partition("@")[0].partition(":")[0]


def plan_appointment(catalogue: Catalogue, request: SlotRequest, *, online_only: bool = False) -> Plan:
    """Work out the roles of a request.

    ``online_only``: only what clients may book themselves. Raises UnknownThing for a service, person or room that
    this municipality does not have, NotTogether for concerns that can not share a table.
    """
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
    for visit in visits:
        roles += room_and_visitors(catalogue, visit, request, roles)
    return _with_wishes(catalogue, Plan(request, concerns, tuple(roles), minutes, level, tuple(visits)))


def _concerns(catalogue: Catalogue, request: SlotRequest, *, online_only: bool) -> tuple[ServiceEntry, ...]:
    # a chain may lead two children to the same desk
    keys = request.services if request.is_chain else tuple(dict.fromkeys(request.services))
    if not keys:
        raise UnknownThing("service", "")
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


def people_of_visit(visit: PlannedVisit, people: Sequence[int]) -> list[Role]:
    """One role a team or person; concerns of one team share its person. ``people`` who were chosen take its place."""
    roles: dict[str, Role] = {}
    left = list(people)
    for concern in visit.concerns:
        for entry in concern.needs:
            key = visit_key(entry.key, visit.number)
            need = _need_of(entry, visit)
            if key in roles:
                known = roles[key]
                is_optional = known.is_optional and entry.is_optional
                roles[key] = replace(known, need=_both(known.need, need), is_optional=is_optional)
                continue
            chosen = next((person for person in left if person in entry.candidates), None)
            if chosen is not None:
                left.remove(chosen)
            candidates = entry.candidates if chosen is None else (chosen,)
            roles[key] = Role(key, candidates, need, entry.is_optional and chosen is None, visit.number)
    return list(roles.values())


def _need_of(entry: NeedEntry, visit: PlannedVisit) -> Need:
    """When one of a team is needed: within the visit, however long that is."""
    offset = min(entry.offset_minutes, visit.minutes - CELL_MINUTES)
    minutes = visit.minutes - offset if entry.minutes is None else min(entry.minutes, visit.minutes - offset)
    begins = (visit.offset + offset) // CELL_MINUTES
    return Need(
        (Span(begins, cells_for(minutes)),), cells_for(entry.before_minutes), cells_for(entry.after_minutes)
    )


def _both(one: Need, other: Need) -> Need:
    """One person for two concerns: from when the first needs her until when the last does."""
    begins = min(one.spans[0].offset, other.spans[0].offset)
    ends = max(one.ends, other.ends)
    return Need((Span(begins, ends - begins),), max(one.before, other.before), max(one.after, other.after))


def extra_people(
    catalogue: Catalogue, roles: Sequence[Role], people: Sequence[int], minutes: int
) -> list[Role]:
    """Who of the chosen ``people`` fills none of the roles: they are there throughout. Raises UnknownThing."""
    at_desks = {role.candidates for role in roles}
    extra = []
    for person in dict.fromkeys(people):
        if person not in catalogue.staff:
            raise UnknownThing("person", str(person))
        if (person,) not in at_desks:
            key = f"person:{catalogue.staff[person].staff_member_id}"
            extra.append(Role(key, (person,), Need((Span(0, cells_for(minutes)),))))
    return extra


def room_and_visitors(
    catalogue: Catalogue, visit: PlannedVisit, request: SlotRequest, others: Sequence[Role]
) -> list[Role]:
    """The room of a visit, if it needs one, and the other clients of the family who come to it."""
    return [*_room(catalogue, visit, request, others), *_visitors(visit, request)]


def _room(
    catalogue: Catalogue, visit: PlannedVisit, request: SlotRequest, others: Sequence[Role]
) -> list[Role]:
    """A meeting room if one was asked for, a concern needs one, or several agencies sit at the table."""
    need = Need((Span(visit.offset // CELL_MINUTES, cells_for(visit.minutes)),))
    key = visit_key(ROOM, visit.number)
    if request.room is not None and not request.is_chain:
        if request.room not in catalogue.rooms:
            raise UnknownThing("room", str(request.room))
        return [Role(key, (request.room,), need, visit=visit.number)]
    seats = max(concern.room_seats for concern in visit.concerns)
    agencies = {concern.agency.id for concern in visit.concerns}
    if not visit.number:
        agencies |= {catalogue.staff[person].agency_id for person in request.people}
    if not (seats or request.seats or request.step_free) and len(agencies) < 2:
        return []
    people = 1 + sum(role.visit in (0, visit.number) and not role.is_optional for role in others)
    people += len(request.visitors[visit.number - 1]) if request.visitors and visit.number else 0
    seats = max(seats, request.seats, people)
    step_free = request.step_free or any(concern.room_step_free for concern in visit.concerns)
    smallest_first = sorted(catalogue.rooms.values(), key=lambda room: room.seats)
    fitting = tuple(
        room.resource_id
        for room in smallest_first
        if room.seats >= seats and (room.is_step_free or not step_free)
    )
    if visit.number:  # the way to it is known only for the agency's own house
        fitting = tuple(r for r in fitting if catalogue.rooms[r].place_id == visit.place_id) or fitting
    return [Role(key, fitting, need, visit=visit.number)]


def _visitors(visit: PlannedVisit, request: SlotRequest) -> list[Role]:
    """The other clients of the family who are seen at this visit."""
    if not request.visitors:
        return []
    need = Need((Span(visit.offset // CELL_MINUTES, cells_for(visit.minutes)),))
    return [
        Role(visit_key(f"{VISITOR}:{client}", visit.number), (client,), need, visit=visit.number)
        for client in request.visitors[visit.number - 1]
    ]


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
    return replace(plan, visits=(visit,), places=places if is_travelled else ())


def _level_left(plan: Plan, roles: Sequence[Role]) -> str:
    """Who goes without an interpreter needs none of any level."""
    return plan.level if any(role.key == INTERPRETER for role in roles) else ""


def with_wishes(roles: Sequence[Role], request: SlotRequest) -> list[Role]:
    """The roles without those dropped, optional where that was wished, without people who must not come.

    A wish for ``team:5`` is for that team at every visit. Raises UnknownThing for a role that there is not.
    """
    known = {key for role in roles for key in (role.key, role.key.partition("@")[0])}
    for key in (*request.without, *request.optional):
        if key not in known:
            raise UnknownThing("role", key)
    return [
        replace(
            role,
            candidates=tuple(c for c in role.candidates if c not in request.not_these),
            is_optional=role.is_optional
            or not {role.key, role.key.partition("@")[0]}.isdisjoint(request.optional),
        )
        for role in roles
        if {role.key, role.key.partition("@")[0]}.isdisjoint(request.without)
    ]


def _settled(catalogue: Catalogue, plan: Plan, place: int) -> Plan:
    """At one place, whoever and whichever room it is."""
    visit = replace(plan.visits[0], place_id=place)
    return replace(plan, visits=(visit,), roles=_at_place(catalogue, plan.roles, place))


def _at_place(catalogue: Catalogue, roles: Sequence[Role], place: int) -> tuple[Role, ...]:
    """The roles of an appointment at one place: rooms there, and an interpreter who gets there in time."""
    settled = []
    for role in roles:
        if role.key == ROOM:
            there = tuple(room for room in role.candidates if catalogue.rooms[room].place_id == place)
            settled.append(replace(role, candidates=there))
        elif role.key == INTERPRETER:
            spans = tuple(span._replace(place=place if span.place >= 0 else 0) for span in role.need.spans)
            settled.append(replace(role, need=role.need._replace(spans=spans)))
        else:
            settled.append(role)
    return tuple(settled)


def meeting_place(catalogue: Catalogue, plan: Plan) -> PlaceEntry | None:
    """Where it will be, if that is certain before a slot is chosen."""
    return catalogue.places.get(plan.visits[0].place_id)
