"""Writes staff, team members, interpreters and rooms of a municipality file, each a resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import select

from scheduler_app.models import (
    Agency,
    Interpreter,
    InterpreterLanguage,
    Place,
    Resource,
    ResourceKind,
    Room,
    StaffMember,
    Team,
    TeamMember,
)

from . import contents
from .import_run import ImportRun
from .room_capacity import put_capacity

Person = TypeVar("Person", StaffMember, Interpreter, Room)


def store_staff(
    run: ImportRun, offices: Iterable[contents.Agency], agencies: dict[str, Agency]
) -> tuple[dict[str, StaffMember], list[StaffMember]]:
    """Staff by key, and those who are no longer in the file."""
    stored = _by_key(run, StaffMember)
    wanted: dict[str, StaffMember] = {}
    for office in offices:
        for member in office.staff:
            values = {"agency_id": agencies[office.key].id, "name": member.name, "desk": member.desk}
            row = _put(run, ResourceKind.STAFF, StaffMember, member.key, stored.get(member.key), values)
            _put_hours(run, row.resource_id, member.own_hours)
            wanted[member.key] = row
    return wanted, [row for key, row in stored.items() if key not in wanted]


def store_team_members(
    run: ImportRun, offices: Iterable[contents.Agency], teams: dict[str, Team], staff: dict[str, StaffMember]
) -> None:
    wanted = {
        (teams[team.key].id, staff[member].id)
        for office in offices
        for team in office.teams
        for member in team.staff
    }
    query = select(TeamMember).where(TeamMember.municipality_id == run.municipality.id)
    stored = {(row.team_id, row.staff_member_id): row for row in run.session.scalars(query)}
    for team_id, staff_member_id in sorted(wanted - stored.keys()):
        run.session.add(
            TeamMember(municipality_id=run.municipality.id, team_id=team_id, staff_member_id=staff_member_id)
        )
        run.created["team member"] += 1
    for key in stored.keys() - wanted:
        run.session.delete(stored[key])
        run.removed["team member"] += 1


def store_interpreters(
    run: ImportRun, pools: Iterable[contents.Pool], agencies: dict[str, Agency]
) -> tuple[dict[str, Interpreter], list[Interpreter]]:
    """Interpreters by key, and those who are no longer in the file."""
    stored = _by_key(run, Interpreter)
    wanted: dict[str, Interpreter] = {}
    for pool in pools:
        for person in pool.interpreters:
            values = {
                "agency_id": agencies[pool.agency.key].id,
                "name": person.name,
                "mobile": person.mobile,
                "gender": person.gender.value,
                "on_site": person.on_site,
                "by_video": person.by_video,
            }
            row = _put(run, ResourceKind.INTERPRETER, Interpreter, person.key, stored.get(person.key), values)
            _put_hours(run, row.resource_id, person.own_hours)
            _put_languages(run, row, person)
            wanted[person.key] = row
    return wanted, [row for key, row in stored.items() if key not in wanted]


def _put_languages(run: ImportRun, row: Interpreter, person: contents.Interpreter) -> None:
    wanted = {(spoken.language, spoken.variety): spoken.level.value for spoken in person.languages}
    stored = {(spoken.language, spoken.variety): spoken for spoken in row.languages}
    for (language, variety), level in wanted.items():
        kept = stored.get((language, variety))
        if kept is None:
            spoken = InterpreterLanguage(
                municipality_id=run.municipality.id, language=language, variety=variety, level=level
            )
            row.languages.append(spoken)
            run.created["language"] += 1
        else:
            run.change("language", kept, {"level": level})
    for key in stored.keys() - wanted.keys():
        row.languages.remove(stored[key])
        run.removed["language"] += 1


def store_rooms(run: ImportRun, rooms: Iterable[contents.Room], places: dict[str, Place]) -> list[Room]:
    """Returns the rooms that are no longer in the file."""
    stored = _by_key(run, Room)
    wanted = {room.key for room in rooms}
    for room in rooms:
        values = {
            "place_id": places[room.place].id,
            "name": room.name,
            "seats": room.seats,
            "is_step_free": room.is_step_free,
            "after_minutes": room.after_minutes,
        }
        counted = run.created["room"] + run.updated["room"]
        row = _put(run, ResourceKind.ROOM, Room, room.key, stored.get(room.key), values)
        if put_capacity(run, room, row.resource_id) and run.created["room"] + run.updated["room"] == counted:
            run.updated["room"] += 1
        _put_hours(run, row.resource_id, room.hours)
    return [row for key, row in stored.items() if key not in wanted]


def _by_key(run: ImportRun, model: type[Person]) -> dict[str, Person]:
    """Of two rows with one key (somebody changed the agency and came back) the active one counts."""
    query = (
        select(model).where(model.municipality_id == run.municipality.id).order_by(model.is_active, model.id)
    )
    return {row.key: row for row in run.session.scalars(query)}


def _put(
    run: ImportRun,
    kind: ResourceKind,
    model: type[Person],
    key: str,
    row: Person | None,
    values: Mapping[str, Any],
) -> Person:
    agency_id = values.get("agency_id")
    if row is None:
        resource = run.new_resource(kind.value, agency_id)
        row = run.put(kind.value, None, model, {"key": key, "resource_id": resource.id}, values)
    elif run.change(kind.value, row, {**values, "is_active": True}):
        run.session.get_one(Resource, row.resource_id).agency_id = agency_id
        run.touched.add(row.resource_id)
    run.session.flush()
    return row


def _put_hours(run: ImportRun, resource_id: int, hours: contents.WeekHours | None) -> None:
    if run.put_hours(hours or (), resource_id=resource_id):
        run.touched.add(resource_id)
