"""The search for joint slots over the real tables."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.free_time import between, every, start_minutes
from scheduler_app.domain.joint_search import Role, blocking_roles, joint_starts
from scheduler_app.domain.opening_hours import from_epoch_minute
from scheduler_app.models import Claim
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.free_times import FreeTimes, booking_window, free_times, read_free_times
from scheduler_app.services.plan_appointment import Plan

CLIENT = "client"


@dataclass(frozen=True)
class SlotSearch:
    """``starts`` ascending, aware, in UTC. Where there are none, ``blocking`` are the keys of roles that prevent it."""

    plan: Plan
    starts: tuple[datetime, ...]
    blocking: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.plan.minutes)


def find_slots(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    *,
    now: datetime,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    limit: int | None = None,
    client_resource_id: int | None = None,
    lead_time: timedelta | None = None,
    without_appointment: int | None = None,
) -> SlotSearch:
    """The first ``limit`` (or all) starts at which everybody needed is free, and the client too if she is known.

    Searches from ``from_at`` (not before ``now`` plus the lead time, the municipality's unless given) until before
    ``until_at`` (not beyond the booking horizon). ``without_appointment`` counts that appointment's time as free.
    """
    from_at, until_at = bounds(catalogue, now=now, from_at=from_at, until_at=until_at, lead_time=lead_time)
    if until_at <= from_at:
        return SlotSearch(plan, ())
    window = booking_window(catalogue, now=now)
    roles = plan.roles
    if client_resource_id is not None and all(role.key != CLIENT for role in roles):
        roles = (*roles, Role(CLIENT, (client_resource_id,), roles[0].cells))
    named = {candidate for role in roles for candidate in role.candidates}
    times = free_times(session, catalogue, window, now=now, besides=named)
    own = _claimed_by(session, without_appointment) & named
    if own:
        fresh = read_free_times(
            session, catalogue, window, own, now=now, without_appointment=without_appointment
        )
        times = replace(times, by_resource={**times.by_resource, **fresh})
    return _search(catalogue, replace(plan, roles=roles), times, from_at, until_at, limit)


def bounds(
    catalogue: Catalogue,
    *,
    now: datetime,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    lead_time: timedelta | None = None,
) -> tuple[datetime, datetime]:
    """The time that may be booked: after the lead time, before the horizon."""
    soonest = now + (timedelta(hours=catalogue.lead_time_hours) if lead_time is None else lead_time)
    latest = now + timedelta(weeks=catalogue.horizon_weeks)
    return max(soonest, from_at or soonest), min(latest, until_at or latest)


def _search(
    catalogue: Catalogue,
    plan: Plan,
    times: FreeTimes,
    from_at: datetime,
    until_at: datetime,
    limit: int | None,
) -> SlotSearch:
    window = times.window
    # both rounded up: a start within a begun minute has passed, and one at its beginning is still before the end
    first_minute, last_minute = (-int(-moment.timestamp() // 60) for moment in (from_at, until_at))
    allowed = every(window, catalogue.start_every_minutes) & between(window, first_minute, last_minute)
    starts = joint_starts(plan.roles, times.fits, allowed)
    if not starts:
        return SlotSearch(plan, (), tuple(blocking_roles(plan.roles, times.fits, allowed)))
    found = tuple(from_epoch_minute(minute) for minute in start_minutes(starts, window, limit))
    return SlotSearch(plan, found)


def _claimed_by(session: Session, appointment_id: int | None) -> set[int]:
    """Whose time an appointment takes; the cache does not know their time without it."""
    if appointment_id is None:
        return set()
    return set(session.scalars(select(Claim.resource_id).where(Claim.appointment_id == appointment_id)))
