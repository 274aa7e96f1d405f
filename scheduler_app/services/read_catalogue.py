"""Reading a catalogue from the tables, one query a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from sqlalchemy import ScalarResult, Select, select
from sqlalchemy.orm import Session, selectinload

from scheduler_app.models import (
    Agency,
    Interpreter,
    InterpreterLanguage,
    Municipality,
    Place,
    PoolServes,
    Resource,
    Room,
    Service,
    ServiceNeed,
    StaffMember,
    Team,
    TeamMember,
)
from scheduler_app.services.catalogue_entries import (
    AgencyEntry,
    Catalogue,
    InterpreterEntry,
    NeedEntry,
    PlaceEntry,
    RoomEntry,
    ServiceEntry,
    Spoken,
    StaffEntry,
)

Loaded = TypeVar("Loaded")


def read_catalogue(session: Session, municipality_id: int, version: int) -> Catalogue:
    """The catalogue as it stands now; ``version`` was read before."""
    municipality = session.get_one(Municipality, municipality_id, populate_existing=True)
    agencies = _read_agencies(session, municipality_id)
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
        positions=_read_positions(session, municipality_id, set(agencies)),
        services=_read_services(session, municipality_id, agencies, staff),
        staff=staff,
        interpreters=interpreters,
        rooms=rooms,
        resource_ids=frozenset(staff) | frozenset(interpreters) | frozenset(rooms),
        capacities={room.resource_id: room.capacity for room in rooms.values() if room.capacity > 1},
    )


def _rows(session: Session, query: Select[Loaded]) -> ScalarResult[Loaded]:
    """As they are now: what the session has loaded before may be older than the version."""
    return session.scalars(query, execution_options={"populate_existing": True})


def _read_agencies(session: Session, municipality_id: int) -> dict[int, AgencyEntry]:
    """Its own, and the pools that work for it too."""
    pools = select(PoolServes.agency_id).where(PoolServes.municipality_id == municipality_id)
    rows = _rows(
        session,
        select(Agency).where(
            Agency.is_active, (Agency.municipality_id == municipality_id) | Agency.id.in_(pools)
        ),
    )
    return {
        a.id: AgencyEntry(
            a.id, a.key, a.name, a.kind, a.phone, a.client_word, a.place_id, a.lead_working_days
        )
        for a in rows
    }


def _read_places(session: Session, municipality_id: int) -> dict[int, PlaceEntry]:
    rows = _rows(session, select(Place).where(Place.municipality_id == municipality_id))
    return {p.id: PlaceEntry(p.id, p.name, p.address, p.latitude, p.longitude, p.directions) for p in rows}


def _read_positions(
    session: Session, municipality_id: int, agency_ids: set[int]
) -> dict[int, tuple[float, float]]:
    """Where the places are, of this municipality and of all that its pools work for."""
    served = select(PoolServes.municipality_id).where(PoolServes.agency_id.in_(agency_ids))
    owners = select(Agency.municipality_id).where(Agency.id.in_(agency_ids))
    rows = session.execute(
        select(Place.id, Place.latitude, Place.longitude).where(
            (Place.municipality_id == municipality_id)
            | Place.municipality_id.in_(served)
            | Place.municipality_id.in_(owners),
            Place.latitude.is_not(None),
            Place.longitude.is_not(None),
        )
    )
    return {row.id: (row.latitude, row.longitude) for row in rows}


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
    return {
        i.resource_id: InterpreterEntry(
            i.resource_id, i.agency_id, _spoken(i.languages), i.name, i.gender, i.on_site, i.by_video
        )
        for i in rows
    }


def _spoken(rows: list[InterpreterLanguage]) -> tuple[Spoken, ...]:
    return tuple(Spoken(row.language, row.variety, row.level) for row in rows)


def _read_rooms(session: Session, municipality_id: int) -> dict[int, RoomEntry]:
    is_offered = (Room.municipality_id == municipality_id, Room.is_active)
    capacities = {
        row.id: row.capacity
        for row in session.execute(
            select(Resource.id, Resource.capacity)
            .join(Room, Room.resource_id == Resource.id)
            .where(*is_offered)
        )
    }
    return {
        r.resource_id: RoomEntry(
            r.resource_id,
            r.name,
            r.place_id,
            r.seats,
            r.is_step_free,
            r.after_minutes,
            capacities[r.resource_id],
        )
        for r in _rows(session, select(Room).where(*is_offered).order_by(Room.id))
    }


def _read_services(
    session: Session, municipality_id: int, agencies: dict[int, AgencyEntry], staff: dict[int, StaffEntry]
) -> dict[str, ServiceEntry]:
    sources = _read_need_sources(session, municipality_id, staff)
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
            needs=_needs(s.needs, sources),
            room_step_free=s.room_step_free,
            lead_working_days=s.lead_working_days,
        )
        for s in rows
        if s.agency_id in agencies
    }


def _read_need_sources(
    session: Session, municipality_id: int, staff: dict[int, StaffEntry]
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Key of a need -> name and candidates, of all teams and people; who is not there has nobody, so no slot."""
    by_member = {entry.staff_member_id: entry.resource_id for entry in staff.values()}
    members: dict[int, list[int]] = {}
    for member in _rows(
        session,
        select(TeamMember)
        .where(TeamMember.municipality_id == municipality_id)
        .order_by(TeamMember.staff_member_id),
    ):
        if member.staff_member_id in by_member:
            members.setdefault(member.team_id, []).append(by_member[member.staff_member_id])
    people = {f"person:{s.staff_member_id}": (s.name, (s.resource_id,)) for s in staff.values()}
    teams = _rows(session, select(Team).where(Team.municipality_id == municipality_id, Team.is_active))
    return people | {f"team:{team.id}": (team.name, tuple(members.get(team.id, ()))) for team in teams}


def _needs(
    rows: Sequence[ServiceNeed], sources: Mapping[str, tuple[str, tuple[int, ...]]]
) -> tuple[NeedEntry, ...]:
    found = []
    seen: Counter[str] = Counter()
    for row in rows:
        source = f"person:{row.staff_member_id}" if row.team_id is None else f"team:{row.team_id}"
        seen[source] += 1
        name, candidates = sources.get(source, ("", ()))
        found.append(
            NeedEntry(
                key=source if seen[source] == 1 else f"{source}/{seen[source]}",
                name=name,
                candidates=candidates,
                minutes=row.minutes,
                offset_minutes=row.offset_minutes,
                before_minutes=row.before_minutes,
                after_minutes=row.after_minutes,
                is_optional=row.is_optional,
            )
        )
    return tuple(found)
