"""Reading a catalogue from the tables, one query a table."""

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
    Room,
    Service,
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
