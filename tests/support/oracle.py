"""The search for slots once more, as slow and plain as can be: one byte a minute, straight from the tables."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Absence, Claim, Closure, Municipality, OpeningHours, Resource
from scheduler_app.services.plan_appointment import Plan

DAYS = 16


class Oracle:
    """What is free from the midnight before ``now`` on, worked out anew for every question."""

    def __init__(self, session: Session, municipality_id: int, now: datetime) -> None:
        self._session, self._now = session, now
        self._town = session.get_one(Municipality, municipality_id)
        self._first = datetime(now.year, now.month, now.day, tzinfo=UTC)
        self._free: dict[int, bytearray] = {}

    def starts(self, plan: Plan) -> list[datetime]:
        """All starts that may be offered."""
        soonest = self._now + timedelta(hours=self._town.lead_time_hours)
        latest = self._now + timedelta(weeks=self._town.horizon_weeks)
        grid = timedelta(minutes=self._town.start_every_minutes)
        start, found = self._first, []
        while start < latest:
            if start >= soonest and self._can_be_filled(plan, start):
                found.append(start)
            start += grid
        return found

    def _can_be_filled(self, plan: Plan, start: datetime) -> bool:
        able = [
            [who for who in role.candidates if self._is_free(who, start, plan.minutes)] for role in plan.roles
        ]
        return any(len(set(way)) == len(way) for way in product(*able))

    def _is_free(self, resource_id: int, start: datetime, minutes: int) -> bool:
        """Times are given in cells of five minutes, so a length that is none of them takes up the last one whole."""
        if resource_id not in self._free:
            self._free[resource_id] = self._minutes_of(resource_id)
        first = (start - self._first) // timedelta(minutes=1)
        return all(self._free[resource_id][first : first + -(-minutes // 5) * 5])

    def _minutes_of(self, resource_id: int) -> bytearray:
        resource = self._session.get_one(Resource, resource_id)
        free = self._open_minutes(resource)
        for closure in self._session.scalars(
            select(Closure).where(Closure.municipality_id == resource.municipality_id)
        ):
            if closure.agency_id in (None, resource.agency_id):
                self._take(free, closure.starts_at, closure.ends_at)
        for absence in self._session.scalars(select(Absence).where(Absence.resource_id == resource_id)):
            self._take(free, absence.starts_at, absence.ends_at)
        for claim in self._session.scalars(select(Claim).where(Claim.resource_id == resource_id)):
            if claim.expires_at is None or claim.expires_at > self._now:
                epoch = datetime(1970, 1, 1, tzinfo=UTC)
                starts = epoch + timedelta(minutes=claim.starts_minute)
                self._take(free, starts, epoch + timedelta(minutes=claim.ends_minute))
        return free

    def _open_minutes(self, resource: Resource) -> bytearray:
        hours = self._hours(OpeningHours.resource_id == resource.id)
        if not hours and resource.agency_id is not None:
            hours = self._hours(OpeningHours.agency_id == resource.agency_id)
        return bytearray(_open(self._first, self._town.timezone, self._town.state, tuple(hours)))

    def _hours(self, whose: object) -> list[tuple[int, int, int]]:
        rows = self._session.scalars(select(OpeningHours).where(whose))  # type: ignore[arg-type]
        return [(row.weekday, row.opens_minute_of_day, row.closes_minute_of_day) for row in rows]

    def _take(self, free: bytearray, starts_at: datetime, ends_at: datetime) -> None:
        """Cells of five minutes that are begun are taken whole."""
        five = timedelta(minutes=5)
        first = max((starts_at - self._first) // five, 0) * 5
        last = min(-((self._first - ends_at) // five) * 5, len(free))
        if first < last:
            free[first:last] = bytes(last - first)


@lru_cache(maxsize=64)
def _open(first: datetime, timezone: str, state: str, hours: tuple[tuple[int, int, int], ...]) -> bytes:
    return bytes(
        not is_holiday and any(day == weekday and opens <= shown < closes for day, opens, closes in hours)
        for weekday, shown, is_holiday in _calendar(first, timezone, state)
    )


@lru_cache(maxsize=8)
def _calendar(first: datetime, timezone: str, state: str) -> list[tuple[int, int, bool]]:
    """Of every minute: the weekday, the minute of the day on the wall, and whether it is a holiday."""
    closed = holidays.country_holidays("DE", subdiv=state, years=(first.year, first.year + 1))
    zone = ZoneInfo(timezone)

    def shown(minute: int) -> tuple[int, int, bool]:
        local = (first + timedelta(minutes=minute)).astimezone(zone)
        day: date = local.date()
        return local.weekday(), local.hour * 60 + local.minute, day in closed

    return [shown(minute) for minute in range(DAYS * 24 * 60)]
