"""The one way to take time: lock, check, claim, commit.

Resources are locked in the order of their ids before anything is inserted, so two bookings can wait for each other
but never deadlock; under the lock their free time is read afresh. The database's own guard stands behind this.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import NotOffered, SlotTaken
from scheduler_app.domain.free_time import CELL_MINUTES, Grid, cells_for, window_around
from scheduler_app.domain.joint_search import Role, Span, assign
from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import Claim, Resource
from scheduler_app.models.engine import begin_write, is_lost_race
from scheduler_app.services.catalogue import Catalogue, is_current
from scheduler_app.services.find_slots import JointSearch, claimed_by, find_slots
from scheduler_app.services.free_times import FreeTimes
from scheduler_app.services.lead_times import bounds, pool_soonest
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import ROOM, kind_of_role
from scheduler_app.services.read_free_times import read_free_times
from scheduler_app.services.ways import way_cells

Assignment = Mapping[str, int]
"""Role key -> resource id."""

Rank = Callable[[int], Any]
"""Sorts resources: who comes first is asked first."""

NEXT_STARTS = 6


@dataclass(frozen=True)
class Owner:
    """Whose the claims are: a hold, which lets them expire, or an appointment."""

    hold_id: int | None = None
    appointment_id: int | None = None
    expires_at: datetime | None = None


def claim_slot(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    *,
    now: datetime,
    write: Callable[[Assignment], Owner],
    prefer: Collection[int] = (),
    release: int | None = None,
    lead_time: timedelta | None = None,
    lock_owner: Callable[[], object] | None = None,
) -> Assignment:
    """Claim every role of the plan at ``starts_at`` in one transaction, which ``write`` completes, and commit.

    ``write`` gets who was claimed, adds the rows that belong to it and returns their owner. ``prefer`` are resources
    to take if they are free; ``release`` is an appointment (being moved) whose own claims give way first, and
    ``lock_owner`` locks it: rows that own claims are always locked before resources.

    First the best people are tried. If one of them was just taken, everybody who could fill a role is locked and
    the choice made again, so a slot is refused only if it can really not be filled. Raises NotOffered for a start
    that may not be booked, SlotTaken with the nearest free starts; then nothing is written.
    """
    refuse_unoffered(catalogue, plan, starts_at, now=now, lead_time=lead_time)
    claiming = _Claiming(session, catalogue, plan, starts_at, now=now, release=release, lead_time=lead_time)
    rank = _rank(claiming.times, plan, prefer)
    for only in claiming.attempts(rank):
        try:
            begin_write(session)
            if lock_owner is not None:
                lock_owner()
            assignment = claiming.claim(only, rank)
            if assignment is not None:
                owner = write(assignment)
                insert_claims(session, catalogue, plan, starts_at, assignment, owner)
                touch(session, assignment.values(), now=now)
                session.commit()
                return assignment
        except DBAPIError as error:
            session.rollback()
            if not is_lost_race(error):
                raise
        except BaseException:
            session.rollback()
            raise
        else:
            session.rollback()
    raise SlotTaken(
        next_starts(
            session,
            catalogue,
            plan,
            starts_at,
            now=now,
            lead_time=lead_time,
            without_appointment=release,
        )
    )


def refuse_unoffered(
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    *,
    now: datetime,
    lead_time: timedelta | None = None,
) -> None:
    """Raises NotOffered for a start in the past, too soon, beyond the horizon, or off the grid."""
    from_at, until_at = bounds(catalogue, plan, now=now, lead_time=lead_time)
    on_grid = starts_at.timestamp() % (catalogue.start_every_minutes * 60) == 0
    if not (from_at <= starts_at < until_at and on_grid):
        raise NotOffered


def next_starts(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    *,
    now: datetime,
    lead_time: timedelta | None = None,
    without_appointment: int | None = None,
) -> list[datetime]:
    """The free starts nearest to one that is taken, ascending."""
    found = find_slots(
        session,
        catalogue,
        plan,
        now=now,
        lead_time=lead_time,
        without_appointment=without_appointment,
    ).starts
    return sorted(sorted(found, key=lambda start: abs(start - starts_at))[:NEXT_STARTS])


def lock_resources(session: Session, resource_ids: Collection[int]) -> None:
    """Lock resources, always in the order of their ids, until the transaction ends."""
    ids = sorted(set(resource_ids))
    session.execute(
        select(Resource.id).where(Resource.id.in_(ids)).order_by(Resource.id).with_for_update(key_share=True)
    ).all()


def touch(session: Session, resource_ids: Collection[int], *, now: datetime) -> None:
    """Raise the version of resources whose time or calendar changes. They must be locked."""
    session.execute(
        update(Resource)
        .where(Resource.id.in_(sorted(set(resource_ids))))
        .values(version=Resource.version + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def _rank(times: FreeTimes, plan: Plan, prefer: Collection[int]) -> Rank:
    """Those wished for first, then those who know her; the smallest room that fits; who is booked out least."""
    places = {
        room: place
        for role in plan.roles
        if kind_of_role(role.key) == ROOM
        for place, room in enumerate(role.candidates)
    }

    def key(resource_id: int) -> tuple[bool, bool, float, int]:
        weight = places[resource_id] if resource_id in places else times.load(resource_id)
        return resource_id not in plan.preferred, resource_id not in prefer, weight, resource_id

    return key


class _Claiming:
    """One start that is to be claimed: first by what the cache knows, then by the tables under the lock."""

    def __init__(
        self,
        session: Session,
        catalogue: Catalogue,
        plan: Plan,
        starts_at: datetime,
        *,
        now: datetime,
        release: int | None,
        lead_time: timedelta | None,
    ) -> None:
        self._session, self._catalogue, self._plan = session, catalogue, plan
        self._now, self._release = now, release
        self._starts_at, self._starts_minute = starts_at, epoch_minute(starts_at)
        search = JointSearch(session, catalogue, plan, now=now, lead_time=lead_time)
        self.times = search.times
        too_soon = {} if lead_time is not None else pool_soonest(catalogue, now=now)
        self._alternatives = [
            [_only_in_time(role, too_soon, starts_at) for role in roles]
            for roles in plan.alternatives(catalogue)
        ]

    def attempts(self, rank: Rank) -> list[dict[str, tuple[int, ...]]]:
        """Whom to lock and claim from: first the best, then everybody who could be free."""
        able = self._able()
        if self._release is not None:
            return [able]  # only the tables know who of those that take part now is free then
        best = self._best(able, rank)
        return [able] if best is None else [best, able]

    def _able(self) -> dict[str, tuple[int, ...]]:
        """Who could fill each role, as far as the cache knows."""
        index = self.times.grid.index_of(self._starts_minute)
        keep = claimed_by(self._session, self._release)
        able: dict[str, dict[int, None]] = {}
        for roles in self._alternatives:
            for role in roles:
                free = self.times.starts_of(role.need)
                able.setdefault(role.key, {}).update(
                    (c, None)
                    for c in role.candidates
                    if c in keep or (index is not None and free[c] >> index & 1)
                )
        return {key: tuple(candidates) for key, candidates in able.items()}

    def _best(self, able: Mapping[str, tuple[int, ...]], rank: Rank) -> dict[str, tuple[int, ...]] | None:
        """The one who is asked first for each role, as far as the cache knows."""
        index = self.times.grid.index_of(self._starts_minute)
        chosen = None if index is None else self._assign(self.times, index, able, rank)
        if chosen is None:
            return None
        return {key: (chosen[key],) if key in chosen else () for key in able}

    def claim(self, only: Mapping[str, tuple[int, ...]], rank: Rank) -> Assignment | None:
        """Lock, and say who is really free; what has run out on them is cleared away."""
        session, now = self._session, self._now
        ids = {candidate for candidates in only.values() for candidate in candidates}
        own = claimed_by(session, self._release)
        lock_resources(session, ids | own)
        session.execute(delete(Claim).where(Claim.resource_id.in_(ids), Claim.expires_at <= now))
        if self._release is not None:
            session.execute(delete(Claim).where(Claim.appointment_id == self._release))
            touch(session, own, now=now)
        if not is_current(session, self._catalogue):
            return None  # somebody may have left, or a room been given up, since the plan was made
        starts = self._starts_minute
        window = window_around(starts - AROUND_MINUTES, starts + self._plan.minutes + AROUND_MINUTES)
        grid = Grid(window, window.cell_of(starts), 1, 1)
        fresh = read_free_times(session, self._catalogue, window, ids, now=now)
        return self._assign(FreeTimes(grid, fresh, way_cells(self._catalogue)), 0, only, rank)

    def _assign(
        self, times: FreeTimes, index: int, only: Mapping[str, tuple[int, ...]], rank: Rank
    ) -> dict[str, int] | None:
        for roles in self._alternatives:
            there = [
                replace(role, candidates=tuple(c for c in only[role.key] if c in role.candidates))
                for role in roles
            ]
            chosen = assign(there, times.starts_of, index, rank)
            if chosen is not None:
                return chosen
        return None


def insert_claims(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    assignment: Assignment,
    owner: Owner,
) -> None:
    """Take their time. The caller has locked the resources."""
    session.execute(insert(Claim), claim_rows(catalogue, plan, starts_at, assignment, owner))


def claim_rows(
    catalogue: Catalogue, plan: Plan, starts_at: datetime, assignment: Assignment, owner: Owner
) -> list[dict[str, Any]]:
    """One row for each time that somebody is taken, with buffers and what a room needs after each use.

    What one person does at two visits may touch.
    """
    taken: dict[int, list[Span]] = {}
    for role in plan.roles:
        if role.key in assignment:
            resource_id = assignment[role.key]
            taken.setdefault(resource_id, []).extend(_taken(catalogue, plan, role, assignment))
    starts_minute = epoch_minute(starts_at)
    return [
        {
            "municipality_id": catalogue.municipality_id,
            "resource_id": resource_id,
            "is_exclusive": resource_id not in catalogue.capacities,
            "starts_minute": starts_minute + span.offset * CELL_MINUTES,
            "ends_minute": starts_minute + (span.offset + span.cells) * CELL_MINUTES,
            "place_id": span.place if span.place > 0 else None,
            "hold_id": owner.hold_id,
            "appointment_id": owner.appointment_id,
            "expires_at": owner.expires_at,
        }
        for resource_id, spans in sorted(taken.items())
        for span in _apart(spans)
    ]


def _taken(catalogue: Catalogue, plan: Plan, role: Role, assignment: Assignment) -> list[Span]:
    need = role.need
    room = catalogue.rooms.get(assignment[role.key])
    if room is not None:
        need = need._replace(after=max(need.after, cells_for(room.after_minutes)))
    if role.key == INTERPRETER and not plan.visits[0].place_id and ROOM in assignment:
        place = catalogue.rooms[assignment[ROOM]].place_id  # settled only now
        return [span._replace(place=span.place or place) for span in need.taken]
    return need.taken


AROUND_MINUTES = 6 * 60
"""What is looked at before and after a start when it is claimed: buffers, and the ways from and to other places."""


def _only_in_time(role: Role, soonest: Mapping[int, datetime], starts_at: datetime) -> Role:
    """Without interpreters whose pool would have had to be asked earlier."""
    if role.key != INTERPRETER or not soonest:
        return role
    return replace(
        role, candidates=tuple(c for c in role.candidates if c not in soonest or soonest[c] <= starts_at)
    )


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The same times without overlaps: of two visits of one person the buffers may overlap, but not her claims."""
    apart: list[Span] = []
    for offset, cells, place in sorted(spans):
        begins = max(offset, apart[-1].offset + apart[-1].cells) if apart else offset
        if begins < offset + cells:
            apart.append(Span(begins, offset + cells - begins, place))
    return apart
