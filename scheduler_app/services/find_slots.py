"""The search for joint slots over the real tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.free_time import Grid
from scheduler_app.domain.joint_search import Role, blocking_roles, joint_starts
from scheduler_app.domain.opening_hours import from_epoch_minute
from scheduler_app.models import Claim
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.free_times import booking_window, free_times
from scheduler_app.services.lead_times import bounds, pool_soonest, wished_cells
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.read_free_times import read_free_times


@dataclass(frozen=True)
class SlotSearch:
    """``minutes`` are the starts in minutes since the epoch, ascending or in the order asked for.

    Where there are none, ``blocking`` are the keys of roles that prevent it; none of them where it is the time that was
    asked for. ``preferred`` are the starts at which
    somebody can be there who is preferred: the interpreter of last time, or of the gender wished for.
    """

    plan: Plan
    minutes: Sequence[int]
    blocking: tuple[str, ...] = ()
    preferred: frozenset[int] = frozenset()

    @cached_property
    def starts(self) -> tuple[datetime, ...]:
        """The starts as aware datetimes in UTC."""
        return tuple(from_epoch_minute(minute) for minute in self.minutes)

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
    prefer: Collection[int] = (),
    preferred_first: bool = False,
) -> SlotSearch:
    """The first ``limit`` (or all) starts at which everybody needed is free, and the client too if she is known.

    Soonest first; with ``preferred_first`` before all others those at which somebody whom the plan prefers, or who is
    in ``prefer`` (resource ids), can be there. Searches from ``from_at`` (not before ``now`` plus the lead times, or
    the one given) until before ``until_at`` (not beyond the booking horizon). ``without_appointment`` counts that
    appointment's time as free.
    """
    search = JointSearch(
        session,
        catalogue,
        plan if client_resource_id is None else plan.with_client(client_resource_id),
        now=now,
        from_at=from_at,
        until_at=until_at,
        lead_time=lead_time,
        without_appointment=without_appointment,
    )
    return search.result(limit, {*prefer, *plan.preferred}, preferred_first=preferred_first)


class JointSearch:
    """One search over free time that has been read: for asking again with other roles."""

    def __init__(
        self,
        session: Session,
        catalogue: Catalogue,
        plan: Plan,
        *,
        now: datetime,
        from_at: datetime | None = None,
        until_at: datetime | None = None,
        lead_time: timedelta | None = None,
        without_appointment: int | None = None,
    ) -> None:
        self._catalogue, self.plan, self._now = catalogue, plan, now
        self._bounds = from_at, until_at
        self._lead_time = lead_time
        named = {candidate for role in plan.roles for candidate in role.candidates}
        window = booking_window(catalogue, now=now)
        self.times = free_times(session, catalogue, window, now=now, besides=named)
        self._first_asked = {} if lead_time is not None else asked_in_time(catalogue, self.grid, now=now)
        own = claimed_by(session, without_appointment) & named
        if own:
            fresh = read_free_times(
                session, catalogue, window, own, now=now, without_appointment=without_appointment
            )
            self.times = self.times.besides(fresh)

    @property
    def grid(self) -> Grid:
        return self.times.grid

    def result(
        self, limit: int | None = None, prefer: Collection[int] = (), *, preferred_first: bool = False
    ) -> SlotSearch:
        """The starts of the plan, and if there are none, what prevents it."""
        allowed = self.allowed(self.plan)
        starts = self.starts(self.plan, allowed)
        if not starts:
            return SlotSearch(self.plan, (), tuple(self._blocking(allowed)) if allowed else ())
        liked = self._starts_with(prefer, starts) if prefer else 0
        if preferred_first:
            minutes = self.grid.minutes(liked) + self.grid.minutes(starts & ~liked)
        else:
            minutes = self.grid.minutes(starts, limit)
        return SlotSearch(self.plan, minutes[:limit], preferred=frozenset(self.grid.minutes(liked)))

    def _starts_with(self, prefer: Collection[int], starts: int) -> int:
        """Those of the starts at which one of these people can fill her role."""
        found = 0
        for role in self.plan.roles:
            some = tuple(candidate for candidate in role.candidates if candidate in prefer)
            if some and len(some) < len(role.candidates):
                with_her = replace(role, candidates=some)
                roles = tuple(with_her if other is role else other for other in self.plan.roles)
                found |= self.starts(replace(self.plan, roles=roles), starts)
        return found

    def allowed(self, plan: Plan) -> int:
        """The starts that may be booked at all, as a mask."""
        from_at, until_at = bounds(
            self._catalogue,
            plan,
            now=self._now,
            from_at=self._bounds[0],
            until_at=self._bounds[1],
            lead_time=self._lead_time,
        )
        # both rounded up: a start within a begun minute has passed, and one at its beginning is still before the end
        first, last = (-int(-moment.timestamp() // 60) for moment in (from_at, until_at))
        allowed = self.grid.between(first, last)
        request = plan.request
        if request.weekdays or request.earliest is not None or request.latest is not None:
            wished = wished_cells(self._catalogue, request, plan.minutes, self.grid.window)
            allowed &= self.grid.starts(wished)
        return allowed

    def starts(self, plan: Plan, allowed: int) -> int:
        """The starts among ``allowed`` at which everybody is free, wherever it can be."""
        starts = 0
        for roles in plan.alternatives(self._catalogue):
            starts |= joint_starts(self.asked_in_time(roles), self.times.starts_of, allowed)
        return starts

    def asked_in_time(self, roles: Sequence[Role]) -> Sequence[Role]:
        """The roles with what their pools want to know ahead."""
        if not self._first_asked:
            return roles
        return [
            replace(role, not_before=self._first_asked) if role.key == INTERPRETER else role for role in roles
        ]

    def _blocking(self, allowed: int) -> list[str]:
        found = blocking_roles(self.asked_in_time(self.plan.roles), self.times.starts_of, allowed)
        needed = sum(not role.is_optional for role in self.plan.roles)
        return found if needed == 1 or len(found) < needed else []  # nobody at all: it is the time


def asked_in_time(catalogue: Catalogue, grid: Grid, *, now: datetime) -> dict[int, int]:
    """The first start of each interpreter whose pool wants to be asked so many days ahead."""
    return {
        person: grid.count - grid.between(int(at.timestamp() // 60), grid.window.end_minute).bit_count()
        for person, at in pool_soonest(catalogue, now=now).items()
    }


def claimed_by(session: Session, appointment_id: int | None) -> set[int]:
    """Whose time an appointment takes; the cache does not know their time without it."""
    if appointment_id is None:
        return set()
    return set(session.scalars(select(Claim.resource_id).where(Claim.appointment_id == appointment_id)))
