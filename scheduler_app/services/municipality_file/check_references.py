"""Mistakes that only show when the parts of the file are put side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scheduler_app.domain.durations import joint_minutes
from scheduler_app.domain.opening_hours import merged

from .contents import Agency, Closure, MunicipalityFile, Need, Room, Service, StaffMember, WeekHours
from .problems import Problems, did_you_mean
from .section import Section, refer
from .values import GRID_MINUTES

Blocks = dict[str, Section]


def check_agencies(file: MunicipalityFile, blocks: Blocks) -> None:
    """Places of agencies, and keys and e-mail addresses that stand in the file more than once."""
    places = {place.key for place in file.places}
    teams: dict[str, str] = {}
    people: dict[str, str] = {}
    emails: dict[str, str] = {}
    for agency in _all_agencies(file):
        block = blocks[agency.key]
        refer(block, "place", agency.place, places, block.line_of("place"))
        for team in agency.teams:
            _once(teams, team.key, agency.key, "team", block.line_in("teams", team.key), block)
        for member in agency.staff:
            line = block.line_in("staff", member.key)
            _once(people, member.key, agency.key, "staff", line, block)
            _once(
                emails, member.email, member.key, "e-mail", block.line_in("staff", member.key, "email"), block
            )
    for pool in file.pools:
        block = blocks[pool.agency.key]
        for interpreter in pool.interpreters:
            line = block.line_in("interpreters", interpreter.key)
            _once(people, interpreter.key, pool.agency.key, "interpreter", line, block)
            line = block.line_in("interpreters", interpreter.key, "email")
            _once(emails, interpreter.email, interpreter.key, "e-mail", line, block)
        if file.profile.slug and file.profile.slug not in pool.serves:
            block.complain(
                f"does not serve '{file.profile.slug}', this municipality", block.line_of("serves")
            )


def _once(seen: dict[str, str], key: str, owner: str, what: str, line: int, block: Section) -> None:
    if not key:
        return
    if key in seen:
        block.problems.add(line, f"{what} '{key}' of '{owner}' is already used by '{seen[key]}'")
    seen.setdefault(key, owner)


def _all_agencies(file: MunicipalityFile) -> Iterable[Agency]:
    yield from file.agencies
    yield from (pool.agency for pool in file.pools)


def check_closures(closures: Iterable[tuple[Closure, int]], known: Iterable[str], problems: Problems) -> None:
    names = set(known)
    for closure, line in closures:
        if closure.agency is not None and closure.agency not in names:
            hint = did_you_mean(closure.agency, names)
            problems.add(line, f"closure '{closure.reason}': unknown agency '{closure.agency}'{hint}")


def check_services(file: MunicipalityFile, blocks: Blocks) -> None:
    """References of services, and services for which there can never be a slot."""
    offices = _Offices(file)
    agencies = {agency.key for agency in file.agencies}
    for service in file.services:
        block = blocks[service.key]
        refer(block, "agency", service.agency, agencies, block.line_of("agency"))
        for need in service.needs:
            _check_need(service, need, offices, block)
        _check_teams(service, offices, block)
        _check_room(service, block, file.rooms)


def _check_need(service: Service, need: Need, offices: _Offices, block: Section) -> None:
    line = block.line_of("needs")
    refer(block, "team", need.team or "", offices.teams, line)
    refer(block, "person", need.person or "", offices.staff, line)
    hours = offices.hours_of(need)
    minutes, how = offices.longest(service, need)
    if hours and all(longest_opening(week) < minutes for week in hours):
        who = f"team '{need.team}'" if need.team else f"person '{need.person}'"
        block.complain(f"takes {minutes} minutes{how}, but {who} never has so long at a stretch", line)


def _check_teams(service: Service, offices: _Offices, block: Section) -> None:
    needed = Counter(need.team for need in service.needs if need.team and not need.is_optional)
    for team, people in needed.items():
        members = len(offices.teams.get(team, ()))
        if 0 < members < people:
            block.complain(
                f"needs {people} people of team '{team}', which has {members}", block.line_of("needs")
            )


def _check_room(service: Service, block: Section, rooms: Iterable[Room]) -> None:
    if not service.room_seats:
        return
    people = len(service.needs) + 1 + (service.interpreter_level is not None)
    line = block.line_of("room")
    if service.room_seats < people:
        who = "staff, the client and the interpreter" if service.interpreter_level else "staff and the client"
        block.complain(
            f"a room with {service.room_seats} seats is too small for {people} people ({who})", line
        )
    kind = "step-free room" if service.room_step_free else "room"
    fitting = (room.seats for room in rooms if room.is_step_free or not service.room_step_free)
    largest = max(fitting, default=0)
    if service.room_seats > largest:
        block.complain(
            f"needs a {kind} with {service.room_seats} seats, the largest {kind} has {largest}", line
        )


class _Offices:
    """Teams and staff of all agencies by key, with the hours that hold for them."""

    def __init__(self, file: MunicipalityFile) -> None:
        self.booking = file.profile.booking
        self.staff: dict[str, WeekHours] = {}
        self.teams: dict[str, tuple[str, ...]] = {}
        for agency in file.agencies:
            self.staff.update({member.key: hours_of(member, agency) for member in agency.staff})
            self.teams.update({team.key: team.staff for team in agency.teams})

    def longest(self, service: Service, need: Need) -> tuple[int, str]:
        """Minutes of somebody's part in the service in its longest form, and which that is."""
        if service.interpreter_level is None:
            return need.minutes or service.minutes, ""
        percent = self.booking.interpreter_time_factor
        minutes = joint_minutes(
            [need.minutes or service.minutes],
            interpreter_extra_percent=percent,
            # only the whole appointment ends on the grid of the starts
            grid_minutes=GRID_MINUTES if need.minutes else self.booking.start_every_minutes,
        )
        return minutes, " with interpreting" if percent else ""

    def hours_of(self, need: Need) -> list[WeekHours]:
        people = self.teams.get(need.team, ()) if need.team else (need.person or "",)
        return [self.staff[person] for person in people if person in self.staff]


def hours_of(member: StaffMember, agency: Agency) -> WeekHours:
    return agency.hours if member.own_hours is None else member.own_hours


def longest_opening(hours: WeekHours) -> int:
    """Minutes; openings that touch (10:00-12:00, 12:00-14:00) count as one."""
    by_day = {
        opening.weekday: [(o.opens, o.closes) for o in hours if o.weekday == opening.weekday]
        for opening in hours
    }
    return max((closes - opens for day in by_day.values() for opens, closes in merged(day)), default=0)
