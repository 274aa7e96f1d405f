"""Who is needed at a visit: its teams and persons, a room, and the family."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.domain.free_time import CELL_MINUTES, cells_for
from scheduler_app.domain.joint_search import Need, Role, Span
from scheduler_app.services.catalogue_entries import Catalogue, NeedEntry, ServiceEntry
from scheduler_app.services.slot_request import SlotRequest

CLIENT, ROOM, VISITOR = "client", "room", "visitor"


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


def visit_key(key: str, visit: int) -> str:
    """The key of a role at a visit of a chain: ``team:5`` at the second is ``team:5@2``."""
    return f"{key}@{visit}" if visit else key


def kind_of_role(key: str) -> str:
    """``interpreter``, ``room``, ``client``, ``visitor``, ``team`` or ``person``."""
    return key.partition("@")[0].partition(":")[0]


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


def in_house(
    catalogue: Catalogue, visit: PlannedVisit, roles: Sequence[Role], request: SlotRequest
) -> PlannedVisit:
    """A visit of a chain at the house of its room, if it has one; else where its agency is."""
    room = next((role for role in roles if role.key == visit_key(ROOM, visit.number)), None)
    if not visit.number or room is None or not room.candidates:
        return visit
    if not {ROOM, room.key}.isdisjoint(request.without):
        return visit
    return replace(visit, place_id=catalogue.rooms[room.candidates[0]].place_id)


def _room(
    catalogue: Catalogue, visit: PlannedVisit, request: SlotRequest, others: Sequence[Role]
) -> list[Role]:
    """A meeting room if one was asked for, a concern needs one, or several agencies sit at the table."""
    need = Need((Span(visit.offset // CELL_MINUTES, cells_for(visit.minutes)),))
    key = visit_key(ROOM, visit.number)
    if request.room is not None and not visit.number:
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
    if visit.number:  # in a chain the ways are reckoned beforehand, so it is settled in which house
        houses = [catalogue.rooms[room].place_id for room in fitting]
        house = visit.place_id if visit.place_id in houses else next(iter(houses), 0)
        fitting = tuple(room for room in fitting if catalogue.rooms[room].place_id == house)
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
