"""What a municipality offers and who can do it, as one unchanging snapshot kept in the process.

A snapshot is as good as its ``version``: every request compares it with ``municipalities.catalogue_version``, which
each write to services, teams, people or rooms raises in its own transaction. Nobody needs to be told.
"""

from dataclasses import dataclass
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, ScalarResult, Select, select
from sqlalchemy.orm import Session, selectinload

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.domain.languages import covers
from scheduler_app.models import (
    LEVELS,
    Agency,
    Interpreter,
    InterpreterLanguage,
    InterpreterLevel,
    Municipality,
    Place,
    PoolServes,
    Room,
    Service,
    StaffMember,
    Team,
    TeamMember,
)

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    id: int
    key: str
    name: str
    kind: str
    phone: str
    client_word: str
    place_id: int | None


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    id: int
    name: str
    address: str
    latitude: float | None
    longitude: float | None
    directions: dict[str, str]


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A staff member who can be claimed; all ids here are resource ids unless they say otherwise."""

    resource_id: int
    staff_member_id: int
    name: str
    agency_id: int
    desk: str


@dataclass(frozen=True, slots=True)
class Spoken:
    language: str
    variety: str
    level: str


@dataclass(frozen=True, slots=True)
class InterpreterEntry:
    resource_id: int
    agency_id: int
    languages: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class RoomEntry:
    resource_id: int
    name: str
    place_id: int
    seats: int
    is_step_free: bool


@dataclass(frozen=True, slots=True)
class NeedEntry:
    """One of ``candidates`` is needed. Two services that need the same team share one person, by the same ``key``."""

    key: str
    name: str
    candidates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    id: int
    key: str
    agency: AgencyEntry
    name: dict[str, str]
    description: dict[str, str]
    papers: tuple[dict[str, str], ...]
    minutes: int
    is_online: bool
    is_joint: bool
    interpreter_level: str
    room_seats: int
    needs: tuple[NeedEntry, ...]


@dataclass(frozen=True)
class Catalogue:
    """One municipality's offer at one version."""

    version: int
    municipality_id: int
    slug: str
    name: str
    state: str
    timezone: str
    phone: str
    address: str
    number_prefix: str
    languages: tuple[str, ...]
    links: dict[str, str]
    lead_time_hours: int
    horizon_weeks: int
    hold_minutes: int
    start_every_minutes: int
    interpreter_extra_percent: int
    agencies: dict[int, AgencyEntry]
    places: dict[int, PlaceEntry]
    services: dict[str, ServiceEntry]
    staff: dict[int, StaffEntry]
    interpreters: dict[int, InterpreterEntry]
    rooms: dict[int, RoomEntry]
    resource_ids: frozenset[int]

    def service(self, key: str) -> ServiceEntry:
        """Raises UnknownThing for a key that this municipality does not have."""
        if key not in self.services:
            raise UnknownThing("service", key)
        return self.services[key]

    def interpreters_of(self, language: str, variety: str, level: str) -> tuple[int, ...]:
        """Everybody who interprets this language (ISO 639-3) at this level or above."""
        lowest = LEVELS.index(InterpreterLevel(level or InterpreterLevel.LAY))
        return tuple(
            interpreter.resource_id
            for interpreter in self.interpreters.values()
            if any(
                LEVELS.index(InterpreterLevel(spoken.level)) >= lowest
                and covers(spoken.language, spoken.variety or None, language, variety or None)
                for spoken in interpreter.languages
            )
        )

    def languages_interpreted(self) -> frozenset[str]:
        """ISO 639-3 codes of languages and varieties that somebody interprets."""
        spoken = [s for interpreter in self.interpreters.values() for s in interpreter.languages]
        return frozenset(s.variety or s.language for s in spoken) | frozenset(s.language for s in spoken)


_snapshots: WeakKeyDictionary[Engine, dict[int, Catalogue]] = WeakKeyDictionary()


def catalogue_of(session: Session, slug: str) -> Catalogue:
    """The current catalogue of the municipality at ``/<slug>/``; raises UnknownThing."""
    found = session.execute(
        select(Municipality.id, Municipality.catalogue_version).where(Municipality.slug == slug)
    ).one_or_none()
    if found is None:
        raise UnknownThing("municipality", slug)
    return _current(session, found.id, found.catalogue_version)


def catalogue_by_id(session: Session, municipality_id: int) -> Catalogue:
    """The same for somebody who is signed in or holds a link."""
    version = session.scalars(
        select(Municipality.catalogue_version).where(Municipality.id == municipality_id)
    ).one()
    return _current(session, municipality_id, version)


def is_current(session: Session, catalogue: Catalogue) -> bool:
    """Whether nothing of a catalogue has been changed since it was read."""
    version = select(Municipality.catalogue_version).where(Municipality.id == catalogue.municipality_id)
    return session.scalar(version) == catalogue.version


def _current(session: Session, municipality_id: int, version: int) -> Catalogue:
    of_engine = _snapshots.setdefault(engine_of(session), {})
    kept = of_engine.get(municipality_id)
    if kept is None or kept.version != version:
        # the version was read before the rows: should a write come in between, the next request reads again
        kept = of_engine[municipality_id] = _read(session, municipality_id, version)
    return kept


def engine_of(session: Session) -> Engine:
    """The engine behind a session: what is cached in the process belongs to one database."""
    return session.get_bind().engine


def _read(session: Session, municipality_id: int, version: int) -> Catalogue:
    municipality = session.get_one(Municipality, municipality_id, populate_existing=True)
    pools = select(PoolServes.agency_id).where(PoolServes.municipality_id == municipality_id)
    agencies = {
        row.id: AgencyEntry(row.id, row.key, row.name, row.kind, row.phone, row.client_word, row.place_id)
        for row in _rows(
            session,
            select(Agency).where(
                Agency.is_active, (Agency.municipality_id == municipality_id) | Agency.id.in_(pools)
            ),
        )
    }
    staff = _read_staff(session, municipality_id)
    interpreters = _read_interpreters(session, set(agencies))
    rooms = _read_rooms(session, municipality_id)
    return Catalogue(
        version=version,
        municipality_id=municipality_id,
        slug=municipality.slug,
        name=municipality.name,
        state=municipality.state,
        timezone=municipality.timezone,
        phone=municipality.phone,
        address=municipality.address,
        number_prefix=municipality.number_prefix,
        languages=tuple(municipality.languages),
        links=municipality.links,
        lead_time_hours=municipality.lead_time_hours,
        horizon_weeks=municipality.horizon_weeks,
        hold_minutes=municipality.hold_minutes,
        start_every_minutes=municipality.start_every_minutes,
        interpreter_extra_percent=municipality.interpreter_extra_percent,
        agencies=agencies,
        places=_read_places(session, municipality_id),
        services=_read_services(session, municipality_id, agencies, staff),
        staff=staff,
        interpreters=interpreters,
        rooms=rooms,
        resource_ids=frozenset(staff) | frozenset(interpreters) | frozenset(rooms),
    )


def _rows(session: Session, query: Select[Loaded]) -> ScalarResult[Loaded]:
    """As they are now: what the session has loaded before may be older than the version."""
    return session.scalars(query, execution_options={"populate_existing": True})


def _read_places(session: Session, municipality_id: int) -> dict[int, PlaceEntry]:
    rows = _rows(session, select(Place).where(Place.municipality_id == municipality_id))
    return {p.id: PlaceEntry(p.id, p.name, p.address, p.latitude, p.longitude, p.directions) for p in rows}


def _read_staff(session: Session, municipality_id: int) -> dict[int, StaffEntry]:
    rows = _rows(
        session,
        select(StaffMember)
        .where(StaffMember.municipality_id == municipality_id, StaffMember.is_active)
        .order_by(StaffMember.id),
    )
    return {s.resource_id: StaffEntry(s.resource_id, s.id, s.name, s.agency_id, s.desk) for s in rows}


def _read_interpreters(session: Session, agency_ids: set[int]) -> dict[int, InterpreterEntry]:
    rows = _rows(
        session,
        select(Interpreter)
        .where(Interpreter.agency_id.in_(agency_ids), Interpreter.is_active)
        .options(selectinload(Interpreter.languages))
        .order_by(Interpreter.id),
    )
    return {i.resource_id: InterpreterEntry(i.resource_id, i.agency_id, _spoken(i.languages)) for i in rows}


def _spoken(rows: list[InterpreterLanguage]) -> tuple[Spoken, ...]:
    return tuple(Spoken(row.language, row.variety, row.level) for row in rows)


def _read_rooms(session: Session, municipality_id: int) -> dict[int, RoomEntry]:
    rows = _rows(
        session, select(Room).where(Room.municipality_id == municipality_id, Room.is_active).order_by(Room.id)
    )
    return {
        r.resource_id: RoomEntry(r.resource_id, r.name, r.place_id, r.seats, r.is_step_free) for r in rows
    }


def _read_services(
    session: Session, municipality_id: int, agencies: dict[int, AgencyEntry], staff: dict[int, StaffEntry]
) -> dict[str, ServiceEntry]:
    by_member = {entry.staff_member_id: entry.resource_id for entry in staff.values()}
    teams: dict[int, NeedEntry] = {}
    for team in _rows(session, select(Team).where(Team.municipality_id == municipality_id, Team.is_active)):
        teams[team.id] = NeedEntry(f"team:{team.id}", team.name, ())
    members: dict[int, list[int]] = {}
    for member in _rows(
        session,
        select(TeamMember)
        .where(TeamMember.municipality_id == municipality_id)
        .order_by(TeamMember.staff_member_id),
    ):
        if member.staff_member_id in by_member:
            members.setdefault(member.team_id, []).append(by_member[member.staff_member_id])

    def entries(service: Service) -> tuple[NeedEntry, ...]:
        found = []
        for need in service.needs:
            if need.team_id is not None:
                name = teams[need.team_id].name if need.team_id in teams else ""
                found.append(NeedEntry(f"team:{need.team_id}", name, tuple(members.get(need.team_id, ()))))
            elif need.staff_member_id is not None:
                resource_id = by_member.get(need.staff_member_id)
                name = staff[resource_id].name if resource_id else ""
                candidates = (resource_id,) if resource_id else ()  # nobody there means no slot
                found.append(NeedEntry(f"person:{need.staff_member_id}", name, candidates))
        return tuple(found)

    rows = _rows(
        session,
        select(Service)
        .where(Service.municipality_id == municipality_id, Service.is_active)
        .options(selectinload(Service.needs))
        .order_by(Service.position, Service.id),
    )
    return {
        s.key: ServiceEntry(
            id=s.id,
            key=s.key,
            agency=agencies[s.agency_id],
            name=s.name,
            description=s.description,
            papers=tuple(s.papers),
            minutes=s.minutes,
            is_online=s.is_online,
            is_joint=s.is_joint,
            interpreter_level=s.interpreter_level,
            room_seats=s.room_seats,
            needs=entries(s),
        )
        for s in rows
        if s.agency_id in agencies
    }
