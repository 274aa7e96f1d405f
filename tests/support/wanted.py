"""Who is needed for a request, worked out once more and straight from the tables: the oracle's half of planning."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import (
    LEVELS,
    Agency,
    Interpreter,
    InterpreterLevel,
    Municipality,
    PoolServes,
    Room,
    Service,
    ServiceNeed,
    StaffMember,
    TeamMember,
)
from scheduler_app.services.slot_request import SlotRequest

Stay = tuple[int, int, int]
"""From, until (minutes after the start) and the place, 0 where that does not matter."""


@dataclass(frozen=True)
class Part:
    """One of ``who`` is needed; with free minutes before and after each stay. ``visit`` 0 lasts through all."""

    key: str
    who: tuple[int, ...]
    stays: tuple[Stay, ...]
    before: int = 0
    after: int = 0
    is_optional: bool = False
    visit: int = 0


@dataclass(frozen=True)
class Sitting:
    """Services that are dealt with together: from, until, and the place of the first one's agency."""

    number: int
    services: tuple[Service, ...]
    begins: int
    ends: int
    place: int


@dataclass
class Wanted:
    """``minutes`` in all; who is there at ``sittings``; how many working days ahead it must be asked for."""

    minutes: int
    sittings: list[Sitting]
    parts: list[Part] = field(default_factory=list)

    @property
    def working_days(self) -> int:
        return max(service.lead_working_days for sitting in self.sittings for service in sitting.services)


def wanted(session: Session, town: Municipality, request: SlotRequest) -> Wanted:
    """Everybody whom a request needs."""
    asked = _Asked(session, town, request)
    sittings = asked.sittings()
    made = Wanted(max(sitting.ends for sitting in sittings), sittings)
    for sitting in sittings:
        made.parts += asked.people(sitting)
    seated = {part.who[0] for part in made.parts if len(part.who) == 1}
    made.parts += [
        Part(f"extra:{person}", (person,), ((0, _cells(made.minutes), 0),))
        for person in dict.fromkeys(request.people)
        if person not in seated
    ]
    rooms = [asked.room(sitting, [*made.parts, *asked.interpreter(sittings)]) for sitting in sittings]
    houses = [asked.in_house(sitting, room) for sitting, room in zip(sittings, rooms, strict=True)]
    made.parts += asked.interpreter(houses)
    for sitting, room in zip(sittings, rooms, strict=True):
        made.parts += [*room, *asked.visitors(sitting)]
    made.parts = [asked.as_wished(part) for part in made.parts if not _is_named(part, request.without)]
    return made


@dataclass
class _Asked:
    session: Session
    town: Municipality
    request: SlotRequest

    def sittings(self) -> list[Sitting]:
        request = self.request
        if not request.is_chain:
            services = tuple(self._service(key) for key in dict.fromkeys(request.services))
            minutes = request.minutes or self._minutes(services)
            return [Sitting(0, services, 0, minutes, services[0].agency.place_id or 0)]
        made = []
        groups = request.groups or range(len(request.services))
        for number, (offset, minutes) in enumerate(zip(request.offsets, request.lengths, strict=True)):
            keys = [key for key, group in zip(request.services, groups, strict=True) if group == number]
            services = tuple(self._service(key) for key in keys)
            place = services[0].agency.place_id or 0
            made.append(Sitting(number + 1, services, offset, offset + minutes, place))
        return made

    def people(self, sitting: Sitting) -> list[Part]:
        """One of each team, or each person, once for all services of the sitting."""
        found: dict[str, Part] = {}
        chosen = list(self.request.people)
        length = sitting.ends - sitting.begins
        for service in sitting.services:
            seen: list[str] = []
            for need in service.needs:
                source = f"team:{need.team_id}" if need.team_id else f"person:{need.staff_member_id}"
                seen.append(source)
                nth = f"/{seen.count(source)}" if seen.count(source) > 1 else ""
                part = self._part(need, f"{source}{nth}", sitting, length)
                if part.key in found:
                    found[part.key] = _both(found[part.key], part)
                    continue
                named = next((person for person in chosen if person in part.who), None)
                if named is not None:
                    chosen.remove(named)
                    part = replace(part, who=(named,), is_optional=False)
                found[part.key] = part
        return list(found.values())

    def _part(self, need: ServiceNeed, key: str, sitting: Sitting, length: int) -> Part:
        offset = min(need.offset_minutes, length - 5)
        minutes = length - offset if need.minutes is None else min(need.minutes, length - offset)
        begins = (sitting.begins + offset) // 5 * 5
        at = f"@{sitting.number}" if sitting.number else ""
        return Part(
            key + at,
            self._staff(need),
            ((begins, begins + _cells(minutes), 0),),
            _cells(need.before_minutes),
            _cells(need.after_minutes),
            need.is_optional,
            sitting.number,
        )

    def _staff(self, need: ServiceNeed) -> tuple[int, ...]:
        query = select(StaffMember.resource_id).where(StaffMember.is_active)
        if need.team_id is None:
            return tuple(self.session.scalars(query.where(StaffMember.id == need.staff_member_id)))
        members = select(TeamMember.staff_member_id).where(TeamMember.team_id == need.team_id)
        return tuple(self.session.scalars(query.where(StaffMember.id.in_(members)).order_by(StaffMember.id)))

    def level(self, sittings: Iterable[Sitting]) -> InterpreterLevel | None:
        asked = [s.interpreter_level for sitting in sittings for s in sitting.services if s.interpreter_level]
        if not self.request.language or not asked:
            return None
        asked += [self.request.level] if self.request.level else []
        return max((InterpreterLevel(level) for level in asked), key=LEVELS.index)

    def interpreter(self, sittings: list[Sitting]) -> list[Part]:
        level = self.level(sittings)
        if level is None:
            return []
        stays = []
        for number, sitting in enumerate(sittings):
            until = sitting.begins + _cells(sitting.ends - sitting.begins)
            if self.request.stays and number + 1 < len(sittings):
                until = sittings[number + 1].begins
            stays.append((sitting.begins, until, -1 if self.request.by_video else sitting.place))
        return [Part("interpreter", self._interpreters(level), tuple(stays))]

    def _interpreters(self, level: InterpreterLevel) -> tuple[int, ...]:
        """Of this municipality's pools and those lent to it."""
        lent = select(PoolServes.agency_id).where(PoolServes.municipality_id == self.town.id)
        agencies = select(Agency.id).where((Agency.municipality_id == self.town.id) | Agency.id.in_(lent))
        people = self.session.scalars(
            select(Interpreter).where(Interpreter.is_active, Interpreter.agency_id.in_(agencies))
        )
        return tuple(person.resource_id for person in people if self._would_do(person, level))

    def _would_do(self, person: Interpreter, level: InterpreterLevel) -> bool:
        request = self.request
        if not (person.by_video if request.by_video else person.on_site):
            return False
        if request.is_gender_must and person.gender != request.gender:
            return False
        return any(
            LEVELS.index(InterpreterLevel(spoken.level)) >= LEVELS.index(level)
            and spoken.language == request.language
            and (not spoken.variety or not request.variety or spoken.variety == request.variety)
            for spoken in person.languages
        )

    def room(self, sitting: Sitting, others: list[Part]) -> list[Part]:
        """Where one was asked for, or a service needs one, or people of several agencies meet."""
        request, number = self.request, sitting.number
        key = f"room@{number}" if number else "room"
        stay = ((sitting.begins, sitting.begins + _cells(sitting.ends - sitting.begins), 0),)
        if request.room is not None and not number:
            return [Part(key, (request.room,), stay, visit=number)]
        agencies = {service.agency_id for service in sitting.services}
        if not number:
            named = select(StaffMember.agency_id).where(StaffMember.resource_id.in_(request.people))
            agencies |= set(self.session.scalars(named))
        seats = max(request.seats, *(service.room_seats for service in sitting.services))
        if not seats and not request.step_free and len(agencies) < 2:
            return []
        there = sum(not part.is_optional and part.visit in (0, number) for part in others)
        there += len(self.visitors(sitting))
        step_free = request.step_free or any(service.room_step_free for service in sitting.services)
        rooms = [
            room
            for room in self.session.scalars(select(Room).where(Room.municipality_id == self.town.id))
            if room.is_active and room.seats >= max(seats, there + 1) and room.is_step_free >= step_free
        ]
        if number and rooms:  # in a chain all in one house, so that the ways are known
            smallest = min(rooms, key=lambda room: (room.seats, room.id)).place_id
            house = sitting.place if any(room.place_id == sitting.place for room in rooms) else smallest
            rooms = [room for room in rooms if room.place_id == house]
        return [Part(key, tuple(room.resource_id for room in rooms), stay, visit=number)]

    def in_house(self, sitting: Sitting, room: list[Part]) -> Sitting:
        """Of a chain: where the visit's room is, if it has one."""
        if not sitting.number or not room or not room[0].who or _is_named(room[0], self.request.without):
            return sitting
        place = self.session.scalars(select(Room.place_id).where(Room.resource_id == room[0].who[0])).one()
        return replace(sitting, place=place)

    def visitors(self, sitting: Sitting) -> list[Part]:
        """The family's other clients who come to this visit."""
        if not self.request.visitors:
            return []
        stay = ((sitting.begins, sitting.begins + _cells(sitting.ends - sitting.begins), 0),)
        return [
            Part(f"visitor:{client}@{sitting.number}", (client,), stay, visit=sitting.number)
            for client in self.request.visitors[sitting.number - 1]
        ]

    def as_wished(self, part: Part) -> Part:
        return replace(
            part,
            who=tuple(person for person in part.who if person not in self.request.not_these),
            is_optional=part.is_optional or _is_named(part, self.request.optional),
        )

    def _service(self, key: str) -> Service:
        return self.session.scalars(
            select(Service).where(Service.municipality_id == self.town.id, Service.key == key)
        ).one()

    def _minutes(self, services: tuple[Service, ...]) -> int:
        """The longest whole, the others half, interpreted talk longer: rounded up to the grid if it changed."""
        lengths = [service.minutes for service in services]
        extra = self.town.interpreter_extra_percent if self.level([Sitting(0, services, 0, 0, 0)]) else 0
        exact = Fraction(max(lengths) + sum(lengths), 2) * Fraction(100 + extra, 100)
        grid = self.town.start_every_minutes
        return max(lengths) if exact == max(lengths) else ceil(exact / grid) * grid


def _both(one: Part, other: Part) -> Part:
    """One person for two services."""
    stays = one.stays + other.stays
    return replace(
        one,
        stays=((min(stay[0] for stay in stays), max(stay[1] for stay in stays), 0),),
        before=max(one.before, other.before),
        after=max(one.after, other.after),
        is_optional=one.is_optional and other.is_optional,
    )


def _is_named(part: Part, keys: tuple[str, ...]) -> bool:
    return part.key in keys or part.key.partition("@")[0] in keys


def _cells(minutes: int) -> int:
    """Begun five minutes whole."""
    return -(-minutes // 5) * 5
