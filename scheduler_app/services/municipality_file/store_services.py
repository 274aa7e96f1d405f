"""Writes services and what they need."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from scheduler_app.models import Agency, Service, ServiceNeed, StaffMember, Team

from . import contents
from .import_run import ImportRun


def store_services(
    run: ImportRun,
    services: Iterable[contents.Service],
    agencies: dict[str, Agency],
    teams: dict[str, Team],
    staff: dict[str, StaffMember],
) -> None:
    """Services in the order of the file; those that it no longer has become inactive."""
    query = select(Service).where(Service.municipality_id == run.municipality.id)
    stored = {row.key: row for row in run.session.scalars(query)}
    wanted: set[str] = set()
    for position, service in enumerate(services):
        values = {**_values(service), "agency_id": agencies[service.agency].id, "position": position}
        row = run.put("service", stored.get(service.key), Service, {"key": service.key}, values)
        _put_needs(run, row, service, teams, staff)
        wanted.add(service.key)
    for key, row in stored.items():
        if key not in wanted and row.is_active:
            row.is_active = False
            run.removed["service"] += 1


def _values(service: contents.Service) -> dict[str, object]:
    return {
        "name": dict(service.name),
        "description": dict(service.description),
        "papers": [dict(paper) for paper in service.papers],
        "minutes": service.minutes,
        "is_online": service.is_online,
        "is_joint": service.is_joint,
        "interpreter_level": service.interpreter_level.value if service.interpreter_level else "",
        "room_seats": service.room_seats,
        "room_step_free": service.room_step_free,
        "lead_working_days": service.lead_working_days,
        "is_active": True,
    }


def _put_needs(
    run: ImportRun,
    row: Service,
    service: contents.Service,
    teams: dict[str, Team],
    staff: dict[str, StaffMember],
) -> None:
    wanted = [
        {
            "team_id": teams[need.team].id if need.team else None,
            "staff_member_id": staff[need.person].id if need.person else None,
            "minutes": need.minutes,
            "offset_minutes": need.offset_minutes,
            "before_minutes": need.before_minutes,
            "after_minutes": need.after_minutes,
            "is_optional": need.is_optional,
        }
        for need in service.needs
    ]
    if [{name: getattr(need, name) for name in wanted[0]} for need in row.needs] == wanted:
        return
    if row.needs:
        run.updated["service"] += 1
    row.needs = [ServiceNeed(municipality_id=run.municipality.id, **values) for values in wanted]
