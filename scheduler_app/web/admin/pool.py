"""The interpreter pool's coordinator: her interpreters' assignments by day, and what nobody does yet."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from scheduler_app.models import StaffRole, db
from scheduler_app.services.read_pool import (
    PoolAssignment,
    read_open_appointments,
    read_pool,
    read_pool_assignments,
)
from scheduler_app.web.access import staff
from scheduler_app.web.admin import blueprint, own_catalogue, words
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import viewer

DAYS_SHOWN = timedelta(days=7)


@blueprint.get("/pool")
@staff(StaffRole.POOL_COORDINATOR)
def pool() -> ResponseReturnValue:
    """A week from ``?from=`` (ISO date, else today), in the pool's own time zone."""
    zone = ZoneInfo(own_catalogue().timezone)
    today = now().astimezone(zone).date()
    chosen = _day(request.args.get("from", ""))
    first = chosen or today
    session = db.session()
    who = viewer()
    agency = read_pool(session, who)
    found = read_pool_assignments(
        session,
        agency,
        from_at=_midnight(first, zone),
        until_at=_midnight(first + DAYS_SHOWN, zone),
        now=now(),
    )
    open_appointments = read_open_appointments(session, agency, who, now=now())
    municipalities = {one.municipality for one in open_appointments} | {
        one.assignment.municipality for one in found
    }
    is_bad = bool(request.args.get("from")) and chosen is None
    page = render_template(
        "admin/pool.html",
        pool=agency,
        days=_by_day(found),
        open_appointments=open_appointments,
        shows_municipality=len(municipalities) > 1,
        first=first,
        last=first + DAYS_SHOWN - timedelta(days=1),
        earlier=first - DAYS_SHOWN,
        later=first + DAYS_SHOWN,
        is_bad_day=is_bad,
        words=words,
    )
    return page, 400 if is_bad else 200


def _by_day(found: tuple[PoolAssignment, ...]) -> list[tuple[date, list[PoolAssignment]]]:
    def local_day(one: PoolAssignment) -> date:
        return one.assignment.starts_at.astimezone(one.assignment.zone).date()

    return [(day, list(group)) for day, group in groupby(found, local_day)]


def _day(text: str) -> date | None:
    """A date that a week can be added to and taken from."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
