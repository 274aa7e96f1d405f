"""Creates or updates a municipality from its file: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import (
    Agency,
    Claim,
    Interpreter,
    Municipality,
    ResourceKind,
    Room,
    StaffMember,
)
from scheduler_app.models.engine import begin_write
from scheduler_app.services.audit import record
from scheduler_app.services.claim_slot import lock_resources, touch
from scheduler_app.services.municipality_file import MunicipalityFile, read_municipality_file
from scheduler_app.services.municipality_file.contents import Profile
from scheduler_app.services.municipality_file.import_run import ImportRun
from scheduler_app.services.municipality_file.problems import FileProblem, MunicipalityFileRefused
from scheduler_app.services.municipality_file.store_accounts import close_accounts, store_accounts
from scheduler_app.services.municipality_file.store_offices import (
    resources_of,
    store_agencies,
    store_closures,
    store_places,
    store_pool_services,
    store_teams,
)
from scheduler_app.services.municipality_file.store_people import (
    store_interpreters,
    store_rooms,
    store_staff,
    store_team_members,
)
from scheduler_app.services.municipality_file.store_services import store_services


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import has done, counted by kind of row ("staff", "service", "closure" ...)."""

    slug: str
    is_new: bool
    created: Mapping[str, int]
    updated: Mapping[str, int]
    removed: Mapping[str, int]
    """People, rooms, teams, services and agencies become inactive; hours, closures and languages are deleted."""
    notes: tuple[str, ...]

    @property
    def has_changes(self) -> bool:
        return bool(self.created or self.updated or self.removed)


def import_municipality(session: Session, text: str | bytes, *, now: datetime) -> ImportReport:
    """Bring the database to what the file says, in one transaction; the same file again changes nothing.

    Raises MunicipalityFileRefused, and writes nothing, if the file has any mistake, if an e-mail address belongs to
    another municipality, or if somebody who is no longer in the file still has appointments ahead.
    """
    file = read_municipality_file(text)
    begin_write(session)
    try:
        report = _store(session, file, now)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return report


def _store(session: Session, file: MunicipalityFile, now: datetime) -> ImportReport:
    run, is_new = _start(session, file.profile, now)
    offices = (*file.agencies, *(pool.agency for pool in file.pools))
    places = store_places(run, file.places)
    agencies = store_agencies(run, offices, places)
    teams = store_teams(run, offices, agencies)
    staff, gone_staff = store_staff(run, offices, agencies)
    store_team_members(run, offices, teams, staff)
    interpreters, gone_interpreters = store_interpreters(run, file.pools, agencies)
    gone_rooms = store_rooms(run, file.rooms, places)
    store_services(run, file.services, agencies, teams, staff)
    _remove(run, [*gone_staff, *gone_interpreters, *gone_rooms], file)
    store_accounts(run, file, staff, interpreters)
    served = store_pool_services(run, file.pools, agencies)
    store_closures(run, file.closures, agencies)
    _finish(run, served, is_new=is_new)
    return ImportReport(
        slug=file.profile.slug,
        is_new=is_new,
        created=dict(run.created),
        updated=dict(run.updated),
        removed=dict(run.removed),
        notes=tuple(run.notes),
    )


def _start(session: Session, profile: Profile, now: datetime) -> tuple[ImportRun, bool]:
    """Locks what a booking locks, and in the same order: the resources by id."""
    row = session.scalars(
        select(Municipality).where(Municipality.slug == profile.slug).with_for_update(key_share=True)
    ).one_or_none()
    values = _profile_values(profile)
    if row is None:
        row = Municipality(slug=profile.slug, **values)
        session.add(row)
        session.flush()
        run = ImportRun(session, row, now)
        run.created["municipality"] += 1
        return run, True
    run = ImportRun(session, row, now)
    lock_resources(session, resources_of(run, None))
    hours_shift = (row.state, row.timezone) != (profile.state, profile.timezone)
    run.change("municipality", row, values)
    if hours_shift:
        run.touched |= resources_of(run, None)
    return run, False


def _profile_values(profile: Profile) -> dict[str, object]:
    return {
        "name": profile.name,
        "state": profile.state,
        "timezone": profile.timezone,
        "phone": profile.phone,
        "address": profile.address,
        "number_prefix": profile.number_prefix,
        "languages": list(profile.languages),
        "links": dict(profile.links),
        "lead_time_hours": profile.booking.lead_time_hours,
        "horizon_weeks": profile.booking.horizon_weeks,
        "hold_minutes": profile.booking.hold_minutes,
        "start_every_minutes": profile.booking.start_every_minutes,
        "interpreter_extra_percent": profile.booking.interpreter_time_factor,
    }


def _remove(run: ImportRun, gone: list[StaffMember | Interpreter | Room], file: MunicipalityFile) -> None:
    leaving = [row for row in gone if row.is_active]
    problems = [problem for row in leaving if (problem := _still_needed(run, row, file))]
    if problems:
        raise MunicipalityFileRefused(problems)
    for row in leaving:
        row.is_active = False
        run.removed[_kind(row)] += 1
        run.touched.add(row.resource_id)
    close_accounts(run, leaving)


def _still_needed(
    run: ImportRun, row: StaffMember | Interpreter | Room, file: MunicipalityFile
) -> FileProblem | None:
    ahead = run.session.scalars(
        select(Claim.starts_minute)
        .where(Claim.resource_id == row.resource_id, Claim.ends_minute > epoch_minute(run.now))
        .where(or_(Claim.expires_at.is_(None), Claim.expires_at > run.now))
    ).all()
    if not ahead:
        return None
    appointments = "1 appointment" if len(ahead) == 1 else f"{len(ahead)} appointments"
    message = (
        f"{_kind(row)} '{row.key}' is no longer in the file, but still has {appointments} ahead; "
        f"move or cancel, then import again"
    )
    return FileProblem(_line_of_office(run, row, file), message)


def _kind(row: StaffMember | Interpreter | Room) -> str:
    kinds = {StaffMember: ResourceKind.STAFF, Interpreter: ResourceKind.INTERPRETER, Room: ResourceKind.ROOM}
    return kinds[type(row)].value


def _line_of_office(run: ImportRun, row: StaffMember | Interpreter | Room, file: MunicipalityFile) -> int:
    """Where people would stand: their agency, if the file still has it."""
    offices = {office.key: office.line for office in (*file.agencies, *(pool.agency for pool in file.pools))}
    if isinstance(row, Room):
        return 1
    return offices.get(run.session.get_one(Agency, row.agency_id).key, 1)


def _finish(run: ImportRun, served: set[int], *, is_new: bool) -> None:
    run.session.flush()
    if not run.has_changes:
        return
    if not is_new:
        touch(run.session, run.touched, now=run.now)
    affected = served if is_new else {*served, run.municipality.id}
    run.session.execute(
        update(Municipality)
        .where(Municipality.id.in_(affected))
        .values(catalogue_version=Municipality.catalogue_version + 1)
    )
    record(
        run.session,
        run.municipality.id,
        at=run.now,
        actor="system",
        action="imported",
        subject="municipality",
        subject_id=run.municipality.id,
        created=str(run.created.total()),
        updated=str(run.updated.total()),
        removed=str(run.removed.total()),
    )
