"""Answer a workload of joint searches through the real tables and the real search.

``python -m benchmarks.workload DATA QUERIES ANSWERS``: DATA is a folder of ``muni-NNN.json`` (staff, interpreters and
rooms with weekly hours and bookings), QUERIES a file of searches of the classes Q1 to Q4, ANSWERS is written: for each
query the ascending list of starts in minutes since the Unix epoch.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from scheduler_app.domain.free_time import cells_for
from scheduler_app.domain.joint_search import Role
from scheduler_app.domain.opening_hours import epoch_minute, from_epoch_minute
from scheduler_app.models import (
    Agency,
    Claim,
    Closure,
    Interpreter,
    InterpreterLanguage,
    Municipality,
    OpeningHours,
    Place,
    Resource,
    Room,
    StaffMember,
    Team,
    TeamMember,
)
from scheduler_app.models.engine import begin_write, configure_engine
from scheduler_app.models.schema import upgrade
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.slot_request import SlotRequest

LANGUAGES = {
    "ar": "ara",
    "bg": "bul",
    "en": "eng",
    "fa": "fas",
    "fr": "fra",
    "hi": "hin",
    "it": "ita",
    "ku": "kmr",
}
LANGUAGES |= {"pl": "pol", "ro": "ron", "ru": "rus", "so": "som", "ti": "tir", "tr": "tur", "uk": "ukr"}


@dataclass(frozen=True)
class Loaded:
    """A municipality in the tables: resource ids by the names that the data uses, members by team."""

    slug: str
    resources: dict[str, int]
    teams: list[list[int]]


def load(session: Session, data: dict[str, Any], window_start: int) -> Loaded:
    """Write one municipality of the data set, in one transaction."""
    begin_write(session)
    municipality = Municipality(
        slug=f"m{data['id']:03d}",
        name=data["name"],
        state=data["state"],
        timezone=data["tz"],
        phone="",
        address="",
        number_prefix="T",
        languages=["de"],
        links={},
        lead_time_hours=0,
        horizon_weeks=8,
        hold_minutes=10,
        start_every_minutes=15,
        interpreter_extra_percent=0,
    )
    session.add(municipality)
    session.flush()
    at = from_epoch_minute(window_start)
    agencies = [
        Agency(
            municipality_id=municipality.id,
            key=f"a{a['id']}",
            name=a["name"],
            kind="social",
            client_word="",
            phone="",
        )
        for a in data["agencies"]
    ]
    place = Place(municipality_id=municipality.id, key="p", name="", address="", directions={})
    session.add_all([*agencies, place])
    session.flush()
    resources = _resources(session, municipality.id, data, at)
    people = _people(session, municipality.id, data, resources, agencies, place)
    teams = _teams(session, municipality.id, data, people, agencies)
    _time(session, municipality.id, data, resources, window_start)
    session.commit()
    return Loaded(municipality.slug, resources, [[resources[name] for name in team] for team in teams])


def _resources(session: Session, municipality_id: int, data: dict[str, Any], at: datetime) -> dict[str, int]:
    kinds = (("staff", "staff"), ("interpreters", "interpreter"), ("rooms", "room"))
    rows = [
        (x["id"], Resource(municipality_id=municipality_id, kind=kind, changed_at=at))
        for part, kind in kinds
        for x in data[part]
    ]
    session.add_all(row for _, row in rows)
    session.flush()
    return {name: row.id for name, row in rows}


def _people(
    session: Session,
    municipality_id: int,
    data: dict[str, Any],
    resources: dict[str, int],
    agencies: list[Agency],
    place: Place,
) -> dict[str, StaffMember]:
    agency_of_team = {team["id"]: agencies[team["agency"]].id for team in data["teams"]}
    staff = {
        x["id"]: StaffMember(
            municipality_id=municipality_id,
            resource_id=resources[x["id"]],
            agency_id=agency_of_team[x["team"]],
            key=x["id"],
            name=x["id"],
            desk="",
        )
        for x in data["staff"]
    }
    session.add_all(staff.values())
    for x in data["interpreters"]:
        session.add(
            Interpreter(
                municipality_id=municipality_id,
                resource_id=resources[x["id"]],
                agency_id=agencies[0].id,
                key=x["id"],
                name=x["id"],
                mobile="",
                languages=[
                    InterpreterLanguage(
                        municipality_id=municipality_id, language=LANGUAGES[code], variety="", level="lay"
                    )
                    for code in x["languages"]
                ],
            )
        )
    for x in data["rooms"]:
        session.add(
            Room(
                municipality_id=municipality_id,
                resource_id=resources[x["id"]],
                place_id=place.id,
                key=x["id"],
                name=x["id"],
                seats=x["capacity"],
                is_step_free=True,
            )
        )
    session.flush()
    return staff


def _teams(
    session: Session,
    municipality_id: int,
    data: dict[str, Any],
    staff: dict[str, StaffMember],
    agencies: list[Agency],
) -> list[list[str]]:
    for x in data["teams"]:
        team = Team(
            municipality_id=municipality_id,
            agency_id=agencies[x["agency"]].id,
            key=f"t{x['id']}",
            name=f"t{x['id']}",
        )
        session.add(team)
        session.flush()
        session.add_all(
            TeamMember(municipality_id=municipality_id, team_id=team.id, staff_member_id=staff[name].id)
            for name in x["members"]
        )
    return [x["members"] for x in data["teams"]]


def _time(
    session: Session, municipality_id: int, data: dict[str, Any], resources: dict[str, int], window_start: int
) -> None:
    """Weekly hours, holidays and bookings."""
    hours = [
        {
            "resource_id": resources[x["id"]],
            "weekday": day,
            "opens_minute_of_day": a,
            "closes_minute_of_day": b,
        }
        for part in ("staff", "interpreters", "rooms")
        for x in data[part]
        for day, spans in enumerate(x["week"])
        for a, b in map(_minutes_of_day, spans)
    ]
    session.execute(insert(OpeningHours), [{"municipality_id": municipality_id, **row} for row in hours])
    zone = ZoneInfo(data["tz"])
    for text in data["holidays"]:
        day = datetime.combine(date.fromisoformat(text), datetime.min.time(), zone)
        following = datetime.combine(day.date() + timedelta(days=1), datetime.min.time(), zone)
        session.add(
            Closure(
                municipality_id=municipality_id,
                starts_at=day.astimezone(UTC),
                ends_at=following.astimezone(UTC),
                reason="",
            )
        )
    session.execute(
        insert(Claim),
        [
            {
                "municipality_id": municipality_id,
                "resource_id": resources[name],
                "starts_minute": window_start + flat[i],
                "ends_minute": window_start + flat[i] + flat[i + 1],
            }
            for name, flat in data["booked"].items()
            for i in range(0, len(flat), 2)
        ],
    )


def _minutes_of_day(span: str) -> tuple[int, int]:
    opens, closes = ([int(part) for part in at.split(":")] for at in span.split("-"))
    return opens[0] * 60 + opens[1], closes[0] * 60 + closes[1]


def roles(catalogue: Catalogue, loaded: Loaded, query: dict[str, Any]) -> Iterator[Role]:
    """What a query demands, as roles."""
    cells = cells_for(query["minutes"])
    for person in query.get("persons", ()):
        yield Role(f"person:{person}", (loaded.resources[person],), cells)
    for team in query.get("teams", [query["team"]] if "team" in query else []):
        yield Role(f"team:{team}", tuple(loaded.teams[team]), cells)
    if "language" in query:
        yield Role("interpreter", catalogue.interpreters_of(LANGUAGES[query["language"]], "", "lay"), cells)
    if "capacity" in query:
        seats = query["capacity"]
        rooms = tuple(room.resource_id for room in catalogue.rooms.values() if room.seats >= seats)
        yield Role("room", rooms, cells)


def answer(session: Session, loaded: Loaded, query: dict[str, Any], window: tuple[int, int]) -> list[int]:
    """The starts of one query of the classes Q1 to Q4, in minutes since the epoch."""
    start, end = (from_epoch_minute(minute) for minute in window)
    catalogue = catalogue_of(session, loaded.slug)
    plan = Plan(SlotRequest(()), (), tuple(roles(catalogue, loaded, query)), query["minutes"], "")
    search = find_slots(session, catalogue, plan, now=start, until_at=end, limit=query.get("first"))
    return [epoch_minute(at) for at in search.starts]


def main(data_folder: str, queries_file: str, answers_file: str) -> None:
    workload = json.loads(Path(queries_file).read_text())
    window = workload["window"][0], workload["window"][1]
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/workload.sqlite3")
        configure_engine(engine)
        upgrade(engine)
        with Session(engine) as session:
            files = sorted(Path(data_folder).glob("muni-*.json"))
            loaded = {}
            for file in files[: workload["municipalities"]]:
                data = json.loads(file.read_text())
                loaded[data["id"]] = load(session, data, window[0])
            for query in workload["queries"]:
                if query["class"] in ("Q1", "Q2", "Q3", "Q4"):
                    answers[query["id"]] = answer(session, loaded[query["municipality"]], query, window)
        engine.dispose()
    Path(answers_file).write_text(json.dumps(answers))
    print(f"{len(answers)} answers written to {answers_file}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
