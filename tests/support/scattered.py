"""Towns made at random (the same for the same seed) that have everything a search must respect."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import (
    Agency,
    Claim,
    Closure,
    Hold,
    Interpreter,
    InterpreterLanguage,
    Municipality,
    Place,
    Resource,
    Room,
    Service,
    ServiceNeed,
    StaffMember,
)
from scheduler_app.services.contact import add_client
from tests.support.builders import Town, add_absence, add_hours, add_town, contact

POSITIONS = ((51.4516, 6.6408), (51.4551, 6.6300), (51.4350, 6.6900), (None, None))
PERSON = 0
"""In the place of a team: the first clerk herself."""


@dataclass
class Scattered:
    """The town and what was added; ids of resources, but places by their own."""

    town: Town
    places: list[int] = field(default_factory=list)
    interpreters: list[int] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)
    client: int = 0

    @property
    def hall(self) -> int:
        """The room for two talks at once."""
        return self.rooms[2]

    @property
    def staff(self) -> list[int]:
        return [*self.town.clerks, *self.town.advisers]


def scattered_town(session: Session, now: datetime, seed: int, *, busy: float = 1.0) -> Scattered:
    """``busy``: how many of the usual claims and absences there are. Commits."""
    rng = random.Random(seed)  # noqa: S311  # the same every time
    town = add_town(session, f"town{seed}", clerks=3, advisers=2, interpreters=0, rooms=0)
    municipality = session.get_one(Municipality, town.municipality_id)
    municipality.start_every_minutes = rng.choice((5, 15, 15, 30))
    municipality.lead_time_hours = rng.choice((0, 3, 24))
    municipality.interpreter_extra_percent = rng.choice((0, 25))
    made = Scattered(town)
    _add_places(session, made, rng)
    _add_services(session, made)
    _add_interpreters(session, made, rng)
    _add_rooms(session, made, rng)
    client = add_client(session, town.municipality_id, contact(99), None, now=now)
    made.client = client.resource_id
    _take_time(session, made, rng, now, busy)
    session.commit()
    return made


def _add_places(session: Session, made: Scattered, rng: random.Random) -> None:
    """The agencies are in different houses; of one house nobody knows where it is."""
    town = made.town
    for number, (latitude, longitude) in enumerate(POSITIONS):
        place = Place(
            municipality_id=town.municipality_id, key=f"p{number}", name=f"P{number}", address=f"Weg {number}",
            latitude=latitude, longitude=longitude, directions={},
        )  # fmt: skip
        session.add(place)
        session.flush()
        made.places.append(place.id)
    for key in ("amt", "job"):
        agency = session.get_one(Agency, town.agencies[key])
        agency.place_id = rng.choice((*made.places, None))
    far = Agency(
        municipality_id=town.municipality_id, key="far", name="Far", kind="interpreter_pool", client_word="",
        phone="", place_id=None, lead_working_days=rng.choice((1, 2, 3)),
    )  # fmt: skip
    session.add(far)
    session.flush()
    town.agencies["far"] = far.id
    add_hours(session, town, agency_id=far.id, opens=7 * 60, closes=17 * 60)


def _add_services(session: Session, made: Scattered) -> None:
    """Parts of a visit, time around it, two of a team, somebody who may be there, rooms without steps, lead days."""
    clerk, adviser = made.town.teams["clerk"], made.town.teams["adviser"]
    _add_service(
        session, made, "schule", "job", 75,
        [(adviser, {"minutes": 30}), (clerk, {"minutes": 40, "offset_minutes": 35, "after_minutes": 10})],
        interpreter_level="lay", room_seats=4,
    )  # fmt: skip
    _add_service(
        session, made, "zwei", "amt", 45,
        [(clerk, {"before_minutes": 10, "after_minutes": 5}), (clerk, {"minutes": 20, "before_minutes": 5}),
         (adviser, {"is_optional": True})],
        lead_working_days=2,
    )  # fmt: skip
    _add_service(
        session, made, "leise", "job", 50, [(adviser, {}), (PERSON, {"offset_minutes": 20, "after_minutes": 20})],
        interpreter_level="lay", room_seats=2, room_step_free=True, lead_working_days=1,
    )  # fmt: skip
    _add_service(session, made, "kurz", "job", 15, [(adviser, {"after_minutes": 15})])


def _add_service(
    session: Session, made: Scattered, key: str, agency: str, minutes: int,
    needs: list[tuple[int, dict[str, int | bool]]], **more: object,
) -> None:  # fmt: skip
    town = made.town
    usual: dict[str, object] = {"interpreter_level": "", "room_seats": 0}
    service = Service(
        municipality_id=town.municipality_id, agency_id=town.agencies[agency], key=key, position=1,
        name={"de": key}, description={}, papers=[], minutes=minutes, is_online=True, is_joint=True,
        **(usual | more),
    )  # fmt: skip
    first = session.query(StaffMember).filter_by(resource_id=town.clerks[0]).one()
    service.needs = [
        ServiceNeed(
            municipality_id=town.municipality_id,
            team_id=team or None,
            staff_member_id=None if team else first.id,
            **details,
        )
        for team, details in needs
    ]
    session.add(service)
    session.flush()


def _resource(session: Session, made: Scattered, kind: str, now: datetime, **more: object) -> int:
    resource = Resource(municipality_id=made.town.municipality_id, kind=kind, changed_at=now, **more)
    session.add(resource)
    session.flush()
    return resource.id


def _add_interpreters(session: Session, made: Scattered, rng: random.Random) -> None:
    town, born = made.town, datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    for number, (gender, level, site, video, variety) in enumerate(
        (
            ("female", "certified", True, False, "apc"),
            ("male", "lay", True, True, "apc"),
            ("female", "sworn", True, True, ""),
            ("", "certified", False, True, "apc"),
            ("diverse", "lay", True, False, "ary"),
        )
    ):
        agency = town.agencies[rng.choice(("pool", "far"))]
        made.interpreters.append(_resource(session, made, "interpreter", born, agency_id=agency))
        person = Interpreter(
            municipality_id=town.municipality_id, resource_id=made.interpreters[-1], agency_id=agency,
            key=f"s{number}", name=f"S {number}", mobile=f"+4915100000{number:03d}", gender=gender, on_site=site,
            by_video=video,
        )  # fmt: skip
        person.languages.append(
            InterpreterLanguage(
                municipality_id=town.municipality_id, language="ara", variety=variety, level=level
            )
        )
        session.add(person)
    session.flush()


def _add_rooms(session: Session, made: Scattered, rng: random.Random) -> None:
    town, born = made.town, datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    for number, (seats, step_free, after, capacity) in enumerate(
        ((4, True, 15, 1), (8, False, 0, 1), (12, True, 0, 2), (6, True, 5, 1))
    ):
        room = _resource(
            session, made, "room", born, agency_id=None, capacity=capacity, is_exclusive=capacity == 1
        )
        made.rooms.append(room)
        session.add(
            Room(
                municipality_id=town.municipality_id, resource_id=room, place_id=rng.choice(made.places),
                key=f"r{number}", name=f"R {number}", seats=seats, is_step_free=step_free, after_minutes=after,
            )
        )  # fmt: skip
        add_hours(session, town, resource_id=room, days=rng.sample(range(7), 5), opens=445, closes=1020)
    session.flush()


def _take_time(session: Session, made: Scattered, rng: random.Random, now: datetime, busy: float) -> None:
    """Own hours, closures, absences, bookings and holds, on and off the grid."""
    town = made.town
    people = [*made.staff, *made.interpreters, *made.rooms]
    add_hours(session, town, resource_id=town.clerks[1], days=(0, 2, 3, 5, 6), opens=545, closes=1000)
    add_hours(session, town, resource_id=town.advisers[0], days=range(7), opens=0, closes=1440)

    def somewhen(longest_hours: int) -> tuple[datetime, datetime]:
        starts_at = now + timedelta(minutes=rng.randrange(0, 14 * 1440), seconds=rng.choice((0, 0, 30)))
        return starts_at, starts_at + timedelta(minutes=rng.randrange(1, longest_hours * 60))

    for _ in range(int(15 * busy)):
        add_absence(session, town, rng.choice(people), *somewhen(30))
    for agency_id in (None, *town.agencies.values()):
        starts_at, ends_at = somewhen(12)
        closure = Closure(
            municipality_id=town.municipality_id, agency_id=agency_id, starts_at=starts_at, ends_at=ends_at,
            reason="",
        )  # fmt: skip
        session.add(closure)
    for resource_id in (*people, made.client):
        for day in range(14):
            if rng.random() < busy:
                _claim(session, made, rng, resource_id, epoch_minute(now) + day * 1440, now)


def _claim(
    session: Session, made: Scattered, rng: random.Random, resource_id: int, day: int, now: datetime
) -> None:
    """One on a day; of a room for several, up to as many at once as it takes."""
    capacity = session.get_one(Resource, resource_id).capacity
    for number in range(1 if capacity == 1 else rng.randrange(capacity + 1)):
        starts = day + rng.randrange(0, 600 if capacity == 1 else 150)
        expires_at = rng.choice((None, None, now, now + timedelta(seconds=1), now - timedelta(hours=1)))
        hold = None
        if expires_at is not None:
            hold = _hold(session, made, starts, resource_id, now, expires_at, number)
        session.add(
            Claim(
                municipality_id=made.town.municipality_id, resource_id=resource_id, starts_minute=starts,
                ends_minute=starts + rng.randrange(10 if capacity == 1 else 150, 300), expires_at=expires_at,
                hold_id=hold,
                is_exclusive=capacity == 1, place_id=rng.choice((None, *made.places)),
            )
        )  # fmt: skip


def _hold(
    session: Session, made: Scattered, starts: int, resource_id: int, now: datetime, expires_at: datetime,
    number: int,
) -> int:  # fmt: skip
    starts_at = datetime.fromtimestamp(starts * 60, now.tzinfo)
    hold = Hold(
        municipality_id=made.town.municipality_id, token_hash=f"{resource_id}-{starts}-{number}",
        status="held", request={"services": ["titel"]}, assignment={"x": resource_id}, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=15), created_at=now, expires_at=expires_at, source_hash="",
    )  # fmt: skip
    session.add(hold)
    session.flush()
    return hold.id
