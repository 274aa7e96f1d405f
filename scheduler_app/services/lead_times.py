"""How soon something can be booked, and at what times of the day and week."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduler_app.domain.free_time import Window, cells_for, fitting, window_around
from scheduler_app.domain.opening_hours import (
    DAY_MINUTES,
    WeeklyHours,
    epoch_minute,
    from_epoch_minute,
    open_mask,
    wall_minute,
)
from scheduler_app.services.catalogue_entries import Catalogue
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_chain import ChainPlan
from scheduler_app.services.public_holidays import public_holidays
from scheduler_app.services.slot_request import SlotRequest

LAST_WORKING_WEEKDAY = 4


def bounds(
    catalogue: Catalogue,
    plan: Plan | ChainPlan,
    *,
    now: datetime,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    lead_time: timedelta | None = None,
) -> tuple[datetime, datetime]:
    """The time in which a plan's start may lie: after the lead times, before the horizon.

    A ``lead_time`` that is given (staff, who have talked to everybody) stands for all the others.
    """
    if lead_time is None:
        soonest = now + timedelta(hours=catalogue.lead_time_hours)
        days = max(
            (concern.lead_working_days for visit in plan.visits for concern in visit.concerns), default=0
        )
        if days:
            soonest = max(soonest, after_working_days(catalogue, days, now=now))
    else:
        soonest = now + lead_time
    latest = now + timedelta(weeks=catalogue.horizon_weeks)
    return max(soonest, from_at or soonest), min(latest, until_at or latest)


def after_working_days(catalogue: Catalogue, days: int, *, now: datetime) -> datetime:
    """When the day begins that is so many working days (Monday to Friday, no public holidays) after today.

    The day of asking does not count (BGB sections 187, 188).
    """
    day = now.astimezone(ZoneInfo(catalogue.timezone)).date()
    minute = epoch_minute(now)
    holidays = public_holidays(catalogue.state, window_around(minute, minute + (2 * days + 14) * DAY_MINUTES))
    left = days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() <= LAST_WORKING_WEEKDAY and day not in holidays
    return from_epoch_minute(wall_minute(day, 0, catalogue.timezone))


def pool_soonest(catalogue: Catalogue, *, now: datetime) -> Mapping[int, datetime]:
    """By interpreter (resource id) from when on she can be asked, of those whose pool wants to know ahead."""
    pools = {a.id: a.lead_working_days for a in catalogue.agencies.values() if a.lead_working_days}
    if not pools:
        return {}
    soonest = {agency: after_working_days(catalogue, days, now=now) for agency, days in pools.items()}
    return {
        person.resource_id: soonest[person.agency_id]
        for person in catalogue.interpreters.values()
        if person.agency_id in pools
    }


def wished_cells(catalogue: Catalogue, request: SlotRequest, minutes: int, window: Window) -> int:
    """The cells at which an appointment of this length may begin, by the weekdays and times of the request."""
    if not request.weekdays and request.earliest is None and request.latest is None:
        return window.full
    weekdays = tuple(sorted(set(request.weekdays))) or tuple(range(7))
    opens, closes = request.earliest or 0, DAY_MINUTES if request.latest is None else request.latest
    return _wished(window, catalogue.timezone, weekdays, opens, closes, cells_for(minutes))


@lru_cache(maxsize=64)
def _wished(
    window: Window, timezone: str, weekdays: tuple[int, ...], opens: int, closes: int, cells: int
) -> int:
    hours = [WeeklyHours(day, opens, closes) for day in weekdays if opens < closes]
    return fitting(open_mask(hours, window, timezone, ()), cells)
