"""A tiny municipality for tests: two agencies, an interpreter pool and rooms, open on weekdays from 8 to 16."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler_app.models import (
    Absence,
    Agency,
    Interpreter,
    InterpreterLanguage,
    Municipality,
    OpeningHours,
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
from scheduler_app.services.claim_slot import touch
from scheduler_app.services.contact import Contact

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday, 9 o'clock in Berlin; the first slot that keeps the lead time is FIRST_SLOT."""

FIRST_SLOT = NOW + timedelta(days=1)


@dataclass
class Town:
    """What was built; people and rooms are resource ids, in the order in which they were made."""

    municipality_id: int
    slug: str
    agencies: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    clerks: list[int] = field(default_factory=list)
    advisers: list[int] = field(default_factory=list)
    interpreters: list[int] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)

    def role(self, team: str) -> str:
        return f"team:{self.teams[team]}"


def contact(number: int = 1, language: str = "de") -> Contact:
    """A client who can be told apart by her number."""
    return Contact(f"Amal Haddad {number}", f"+491520{number:07d}", language)


def add_town(
    session: Session,
    slug: str = "lotsenau",
    *,
    clerks: int = 2,
    advisers: int = 1,
    interpreters: int = 1,
    rooms: int = 1,
    room_capacity: int = 1,
    lead_time_hours: int = 24,
    horizon_weeks: int = 2,
) -> Town:
    """Services: ``titel`` (a clerk, 30 minutes, interpreter), ``beratung`` (an adviser, 60, certified interpreter),
    ``finger`` (a clerk, 20, alone, no interpreter). Interpreters speak Levantine Arabic. Commits.
    """
    municipality = Municipality(
        slug=slug,
        name=slug.title(),
        state="NW",
        timezone="Europe/Berlin",
        phone="+49284100",
        address="Markt 1",
        number_prefix="LO",
        languages=["de", "ar"],
        links={},
        lead_time_hours=lead_time_hours,
        horizon_weeks=horizon_weeks,
        hold_minutes=15,
        start_every_minutes=15,
        interpreter_extra_percent=0,
    )
    session.add(municipality)
    session.flush()
    town = Town(municipality.id, slug)
    place = Place(
        municipality_id=town.municipality_id, key="haus", name="Haus", address="Markt 1", directions={}
    )
    session.add(place)
    session.flush()
    for key, kind in (("amt", "immigration"), ("job", "jobcenter"), ("pool", "interpreter_pool")):
        town.agencies[key] = _add_agency(session, town, key, kind, place.id)
    town.clerks = _add_team(session, town, "amt", "clerk", clerks)
    town.advisers = _add_team(session, town, "job", "adviser", advisers)
    town.interpreters = [add_interpreter(session, town, f"i{number}") for number in range(interpreters)]
    town.rooms = [_add_room(session, town, place.id, number, room_capacity) for number in range(rooms)]
    _add_service(session, town, "titel", "amt", 30, level="lay")
    _add_service(session, town, "beratung", "job", 60, level="certified")
    _add_service(session, town, "finger", "amt", 20, is_joint=False)
    session.commit()
    return town


def add_hours(
    session: Session, town: Town, *, agency_id: int | None = None, resource_id: int | None = None,
    days: Iterable[int] = range(5), opens: int = 8 * 60, closes: int = 16 * 60,
) -> None:  # fmt: skip
    session.add_all(
        OpeningHours(
            municipality_id=town.municipality_id,
            agency_id=agency_id,
            resource_id=resource_id,
            weekday=day,
            opens_minute_of_day=opens,
            closes_minute_of_day=closes,
        )
        for day in days
    )


def add_absence(
    session: Session, town: Town, resource_id: int, starts_at: datetime, ends_at: datetime
) -> None:
    """With the raised version that every such write has; the caller commits."""
    session.add(
        Absence(
            municipality_id=town.municipality_id,
            resource_id=resource_id,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )
    touch(session, [resource_id], now=NOW)


def add_interpreter(
    session: Session, town: Town, key: str, *, level: str = "certified",
    gender: str = "", on_site: bool = True, by_video: bool = False,
) -> int:  # fmt: skip
    """One more in the town's pool; returns her resource id."""
    resource_id = _add_resource(session, town, "interpreter", town.agencies["pool"])
    person = Interpreter(
        municipality_id=town.municipality_id,
        resource_id=resource_id,
        agency_id=town.agencies["pool"],
        key=key,
        name=f"Interpreter {key}",
        mobile=f"+49151{resource_id:08d}",
        gender=gender,
        on_site=on_site,
        by_video=by_video,
    )
    person.languages.append(
        InterpreterLanguage(municipality_id=town.municipality_id, language="ara", variety="apc", level=level)
    )
    session.add(person)
    session.flush()
    return resource_id


def lend_pool(session: Session, owner: Town, borrower: Town) -> None:
    """The owner's interpreters work for the borrower too; commits."""
    session.add(PoolServes(municipality_id=borrower.municipality_id, agency_id=owner.agencies["pool"]))
    raise_catalogue_version(session, borrower)
    session.commit()


def raise_catalogue_version(session: Session, town: Town) -> None:
    session.execute(
        update(Municipality)
        .where(Municipality.id == town.municipality_id)
        .values(catalogue_version=Municipality.catalogue_version + 1)
    )


def _add_agency(session: Session, town: Town, key: str, kind: str, place_id: int) -> int:
    agency = Agency(
        municipality_id=town.municipality_id,
        key=key,
        name=key.title(),
        kind=kind,
        client_word="Klient*in",
        phone="+49284100",
        place_id=place_id,
    )
    session.add(agency)
    session.flush()
    add_hours(session, town, agency_id=agency.id)
    return agency.id


def _add_resource(session: Session, town: Town, kind: str, agency_id: int | None, capacity: int = 1) -> int:
    resource = Resource(
        municipality_id=town.municipality_id,
        kind=kind,
        agency_id=agency_id,
        changed_at=NOW,
        capacity=capacity,
        is_exclusive=capacity == 1,
    )
    session.add(resource)
    session.flush()
    return resource.id


def _add_team(session: Session, town: Town, agency: str, key: str, people: int) -> list[int]:
    agency_id = town.agencies[agency]
    team = Team(municipality_id=town.municipality_id, agency_id=agency_id, key=key, name=key.title())
    session.add(team)
    session.flush()
    town.teams[key] = team.id
    made = []
    for number in range(people):
        made.append(_add_resource(session, town, "staff", agency_id))
        member = StaffMember(
            municipality_id=town.municipality_id,
            resource_id=made[-1],
            agency_id=agency_id,
            key=f"{key}{number}",
            name=f"{key.title()} {number}",
            desk=f"Raum {number}",
        )
        session.add(member)
        session.flush()
        session.add(
            TeamMember(municipality_id=town.municipality_id, team_id=team.id, staff_member_id=member.id)
        )
    return made


def _add_room(session: Session, town: Town, place_id: int, number: int, capacity: int) -> int:
    resource_id = _add_resource(session, town, "room", None, capacity)
    session.add(
        Room(
            municipality_id=town.municipality_id,
            resource_id=resource_id,
            place_id=place_id,
            key=f"room{number}",
            name=f"Room {number}",
            seats=6,
            is_step_free=True,
        )
    )
    add_hours(session, town, resource_id=resource_id)
    return resource_id


def _add_service(
    session: Session,
    town: Town,
    key: str,
    agency: str,
    minutes: int,
    *,
    level: str = "",
    is_joint: bool = True,
) -> None:
    team = {"amt": "clerk", "job": "adviser"}[agency]
    service = Service(
        municipality_id=town.municipality_id,
        agency_id=town.agencies[agency],
        key=key,
        position=minutes,
        name={"de": key},
        description={},
        papers=[],
        minutes=minutes,
        is_online=True,
        is_joint=is_joint,
        interpreter_level=level,
        room_seats=0,
    )
    service.needs.append(ServiceNeed(municipality_id=town.municipality_id, team_id=town.teams[team]))
    session.add(service)
