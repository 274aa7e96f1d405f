"""From the files of a data set into the real tables, with the database's guard against double booking in force."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.dataset import Municipality as Data
from benchmarks.dataset import Query
from benchmarks.services import add_services
from scheduler_app.domain.opening_hours import from_epoch_minute
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
from scheduler_app.models.engine import begin_write

LANGUAGES = {
    "ar": "ara", "bg": "bul", "en": "eng", "fa": "fas", "fr": "fra", "hi": "hin", "it": "ita", "ku": "kmr",
    "pl": "pol", "ro": "ron", "ru": "rus", "so": "som", "ti": "tir", "tr": "tur", "uk": "ukr",
}  # fmt: skip
"""The data's languages (ISO 639-1) as the tables have them (ISO 639-3); of Kurdish the data mean Kurmanji."""

_KINDS = (("staff", "staff"), ("interpreters", "interpreter"), ("rooms", "room"))
_CLAIM = (Claim.municipality_id, Claim.resource_id, Claim.starts_minute, Claim.ends_minute)


@dataclass(frozen=True, slots=True)
class _Town:
    """What the parts of loading share: whose rows, and ids by the names that the data use."""

    id: int
    data: Data
    resources: dict[str, int]
    agencies: list[int]
    staff: dict[str, int]
    teams: list[int]


def slug_of(number: int) -> str:
    """The municipality with this number is at ``/<slug>/``."""
    return f"m{number:03d}"


def load(session: Session, data: Data, window_start: int, queries: Iterable[Query]) -> None:
    """Write one municipality, and the services that answer those of the queries that are about it; commits."""
    begin_write(session)
    town_id = _municipality(session, data)
    resources = _resources(session, town_id, data, from_epoch_minute(window_start))
    agencies = _agencies(session, town_id, data)
    staff = _staff(session, town_id, data, resources, agencies)
    teams = _teams(session, town_id, data, staff, agencies)
    town = _Town(town_id, data, resources, agencies, staff, teams)
    _interpreters(session, town)
    _rooms(session, town)
    _opening(session, town)
    _claims(session, town, window_start)
    mine = [query for query in queries if query.municipality == data["id"]]
    add_services(session, town.id, mine, agency_of_team=_agency_of_team(town), teams=teams, staff=staff)
    session.commit()


def _municipality(session: Session, data: Data) -> int:
    town = Municipality(
        slug=slug_of(data["id"]),
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
    session.add(town)
    session.flush()
    return town.id


def _resources(session: Session, town_id: int, data: Data, at: datetime) -> dict[str, int]:
    rows = {
        x["id"]: Resource(municipality_id=town_id, kind=kind, changed_at=at)
        for part, kind in _KINDS
        for x in data[part]
    }
    session.add_all(rows.values())
    session.flush()
    return {name: row.id for name, row in rows.items()}


def _agencies(session: Session, town_id: int, data: Data) -> list[int]:
    rows = [
        Agency(
            municipality_id=town_id,
            key=f"a{x['id']}",
            name=x["name"],
            kind="social",
            client_word="",
            phone="",
        )
        for x in data["agencies"]
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def _staff(
    session: Session, town_id: int, data: Data, resources: dict[str, int], agencies: list[int]
) -> dict[str, int]:
    agency_of_team = {team["id"]: agencies[team["agency"]] for team in data["teams"]}
    rows = {
        x["id"]: StaffMember(
            municipality_id=town_id,
            resource_id=resources[x["id"]],
            agency_id=agency_of_team[x["team"]],
            key=x["id"],
            name=x["id"],
            desk="",
        )
        for x in data["staff"]
    }
    session.add_all(rows.values())
    session.flush()
    return {name: row.id for name, row in rows.items()}


def _teams(
    session: Session, town_id: int, data: Data, staff: dict[str, int], agencies: list[int]
) -> list[int]:
    rows = [
        Team(
            municipality_id=town_id,
            agency_id=agencies[x["agency"]],
            key=f"t{x['id']}",
            name=f"Team {x['id']}",
        )
        for x in data["teams"]
    ]
    session.add_all(rows)
    session.flush()
    members = [
        {"municipality_id": town_id, "team_id": row.id, "staff_member_id": staff[name]}
        for row, x in zip(rows, data["teams"], strict=True)
        for name in x["members"]
    ]
    session.execute(insert(TeamMember), members)
    return [row.id for row in rows]


def _agency_of_team(town: _Town) -> list[int]:
    return [town.agencies[team["agency"]] for team in town.data["teams"]]


def _interpreters(session: Session, town: _Town) -> None:
    session.add_all(
        Interpreter(
            municipality_id=town.id,
            resource_id=town.resources[x["id"]],
            agency_id=town.agencies[0],
            key=x["id"],
            name=x["id"],
            mobile="",
            languages=[
                InterpreterLanguage(
                    municipality_id=town.id, language=LANGUAGES[code], variety="", level="lay"
                )
                for code in x["languages"]
            ],
        )
        for x in town.data["interpreters"]
    )
    session.flush()


def _rooms(session: Session, town: _Town) -> None:
    place = Place(municipality_id=town.id, key="p", name="Rathaus", address="", directions={})
    session.add(place)
    session.flush()
    rooms = [
        {
            "municipality_id": town.id,
            "resource_id": town.resources[x["id"]],
            "place_id": place.id,
            "key": x["id"],
            "name": x["id"],
            "seats": x["capacity"],
            "is_step_free": True,
        }
        for x in town.data["rooms"]
    ]
    session.execute(insert(Room), rooms)


def _opening(session: Session, town: _Town) -> None:
    """Weekly hours and holidays."""
    hours = [
        {
            "municipality_id": town.id,
            "resource_id": town.resources[x["id"]],
            "weekday": weekday,
            "opens_minute_of_day": opens,
            "closes_minute_of_day": closes,
        }
        for part, _ in _KINDS
        for x in town.data[part]
        for weekday, spans in enumerate(x["week"])
        for opens, closes in map(_minutes_of_day, spans)
    ]
    session.execute(insert(OpeningHours), hours)
    zone = ZoneInfo(town.data["tz"])
    for text in town.data["holidays"]:
        day = datetime.combine(date.fromisoformat(text), datetime.min.time(), zone)
        session.add(
            Closure(
                municipality_id=town.id,
                starts_at=day.astimezone(UTC),
                ends_at=(day + timedelta(days=1)).astimezone(
                    UTC
                ),  # the next local midnight: wall-clock arithmetic
                reason="",
            )
        )


def _minutes_of_day(span: str) -> tuple[int, int]:
    opens, closes = ([int(part) for part in at.split(":")] for at in span.split("-"))
    return opens[0] * 60 + opens[1], closes[0] * 60 + closes[1]


def _claims(session: Session, town: _Town, window_start: int) -> None:
    """The bookings in bulk, as neither database would take millions of them through the ORM in time."""
    rows = _claim_rows(town, window_start)
    columns = ", ".join(column.key for column in _CLAIM)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor().copy(f"COPY {Claim.__tablename__} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        statement = f"INSERT INTO {Claim.__tablename__} ({columns}) VALUES (?, ?, ?, ?)"  # noqa: S608  # our own names
        connection.exec_driver_sql(statement, list(rows))


def _claim_rows(town: _Town, window_start: int) -> Iterator[tuple[int, int, int, int]]:
    for name, flat in town.data["booked"].items():
        for start, length in zip(flat[::2], flat[1::2], strict=True):
            yield town.id, town.resources[name], window_start + start, window_start + start + length
