"""Writes places, agencies, teams' names, pools and closures of a municipality file."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from scheduler_app import models
from scheduler_app.models import (
    Agency,
    Closure,
    Municipality,
    Place,
    PoolServes,
    Resource,
    ResourceKind,
    Team,
)

from . import contents
from .import_run import ImportRun


def store_places(run: ImportRun, places: Iterable[contents.Place]) -> dict[str, Place]:
    """By key. Places that the file no longer has are kept: past appointments name them."""
    query = select(Place).where(Place.municipality_id == run.municipality.id)
    stored = {row.key: row for row in run.session.scalars(query)}
    for place in places:
        values = {
            "name": place.name,
            "address": place.address,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "directions": dict(place.directions),
        }
        stored[place.key] = run.put("place", stored.get(place.key), Place, {"key": place.key}, values)
    run.session.flush()
    return stored


def store_agencies(
    run: ImportRun, agencies: Iterable[contents.Agency], places: dict[str, Place]
) -> dict[str, Agency]:
    """Agencies and pools by key, with their hours; those that the file no longer has become inactive."""
    query = select(Agency).where(Agency.municipality_id == run.municipality.id)
    stored = {row.key: row for row in run.session.scalars(query)}
    wanted = {agency.key: agency for agency in agencies}
    for key, agency in wanted.items():
        values = {
            "name": agency.name,
            "kind": agency.kind.value,
            "client_word": agency.client_word,
            "phone": agency.phone,
            "place_id": places[agency.place].id,
            "lead_working_days": agency.lead_working_days,
            "is_active": True,
        }
        stored[key] = run.put("agency", stored.get(key), Agency, {"key": key}, values)
    _deactivate(run, "agency", (row for key, row in stored.items() if key not in wanted))
    run.session.flush()
    for key, agency in wanted.items():
        if run.put_hours(agency.hours, agency_id=stored[key].id):
            run.touched |= _without_own_hours(run, stored[key].id)
    return {key: stored[key] for key in wanted}


def _without_own_hours(run: ImportRun, agency_id: int) -> set[int]:
    own = select(models.OpeningHours.resource_id).where(models.OpeningHours.resource_id == Resource.id)
    return set(run.session.scalars(select(Resource.id).where(Resource.agency_id == agency_id, ~own.exists())))


def store_teams(
    run: ImportRun, agencies: Iterable[contents.Agency], stored_agencies: dict[str, Agency]
) -> dict[str, Team]:
    """Teams by key, without their members."""
    query = select(Team).where(Team.municipality_id == run.municipality.id)
    stored = {row.key: row for row in run.session.scalars(query)}
    wanted = {team.key: (team, agency) for agency in agencies for team in agency.teams}
    for key, (team, agency) in wanted.items():
        values = {"agency_id": stored_agencies[agency.key].id, "name": team.name, "is_active": True}
        stored[key] = run.put("team", stored.get(key), Team, {"key": key}, values)
    _deactivate(run, "team", (row for key, row in stored.items() if key not in wanted))
    run.session.flush()
    return {key: stored[key] for key in wanted}


def _deactivate(run: ImportRun, kind: str, rows: Iterable[Agency | Team]) -> None:
    for row in rows:
        if row.is_active:
            row.is_active = False
            run.removed[kind] += 1


def store_pool_services(
    run: ImportRun, pools: Iterable[contents.Pool], agencies: dict[str, Agency]
) -> set[int]:
    """Which municipalities the pools work for; returns the ids of the other ones, whose offer changes with ours."""
    others: set[int] = set()
    for pool in pools:
        agency_id = agencies[pool.agency.key].id
        found = select(Municipality.slug, Municipality.id).where(Municipality.slug.in_(pool.serves))
        served = {row.slug: row.id for row in run.session.execute(found)}
        for slug in pool.serves:
            if slug not in served:
                run.notes.append(
                    f"pool '{pool.agency.key}' serves '{slug}', which is not here yet; import again once it is"
                )
        query = select(PoolServes).where(PoolServes.agency_id == agency_id)
        stored = {row.municipality_id: row for row in run.session.scalars(query)}
        for municipality_id in served.values():
            if municipality_id not in stored:
                run.session.add(PoolServes(municipality_id=municipality_id, agency_id=agency_id))
                run.created["pool served"] += 1
        for municipality_id, row in stored.items():
            if municipality_id not in served.values():
                run.session.delete(row)
                run.removed["pool served"] += 1
        others |= (set(served.values()) | set(stored)) - {run.municipality.id}
    return others


def store_closures(run: ImportRun, closures: Iterable[contents.Closure], agencies: dict[str, Agency]) -> None:
    """Closures have no key: one that differs in anything is another one."""
    query = select(Closure).where(Closure.municipality_id == run.municipality.id)
    stored = {
        (row.agency_id, row.starts_at, row.ends_at, row.reason): row for row in run.session.scalars(query)
    }
    wanted = {
        (agencies[c.agency].id if c.agency else None, run.utc(c.starts), run.utc(c.ends), c.reason)
        for c in closures
    }
    for agency_id, starts_at, ends_at, reason in sorted(
        wanted - stored.keys(), key=lambda closure: closure[1]
    ):
        run.session.add(
            Closure(
                municipality_id=run.municipality.id,
                agency_id=agency_id,
                starts_at=starts_at,
                ends_at=ends_at,
                reason=reason,
            )
        )
        run.created["closure"] += 1
    for key in stored.keys() - wanted:
        run.session.delete(stored[key])
        run.removed["closure"] += 1
    for agency_id in {closure[0] for closure in wanted ^ stored.keys()}:
        run.touched |= resources_of(run, agency_id)


def resources_of(run: ImportRun, agency_id: int | None) -> set[int]:
    """Staff, interpreters and rooms of one agency, or of the whole municipality."""
    query = select(Resource.id).where(
        Resource.municipality_id == run.municipality.id, Resource.kind != ResourceKind.CLIENT
    )
    if agency_id is not None:
        query = query.where(Resource.agency_id == agency_id)
    return set(run.session.scalars(query))
