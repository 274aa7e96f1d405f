"""The one way to take time: lock, check, claim, commit.

Resources are locked in the order of their ids before anything is inserted, so two bookings can wait for each other
but never deadlock; under the lock their free time is read afresh. The database's own guard stands behind this.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import NotOffered, SlotTaken
from scheduler_app.domain.free_time import window_around
from scheduler_app.domain.joint_search import assign, restricted
from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import Claim, Resource
from scheduler_app.models.engine import begin_write, is_lost_race
from scheduler_app.services.catalogue import Catalogue, is_current
from scheduler_app.services.find_slots import bounds, find_slots
from scheduler_app.services.free_times import FreeTimes, booking_window, free_times, read_free_times
from scheduler_app.services.plan_appointment import ROOM, Plan

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
    refuse_unoffered(catalogue, starts_at, now=now, lead_time=lead_time)
    window = booking_window(catalogue, now=now)
    people = {candidate for role in plan.roles for candidate in role.candidates}
    times = free_times(session, catalogue, window, now=now, besides=people)
    able = _able(plan, times, starts_at, keep=_claimed_by(session, release))
    # when moving, whoever takes part now should stay, and only the tables know who of them is free then
    rank = _rank(times, plan, prefer)
    best = None if release is not None else _best(plan, times, starts_at, able, rank)
    for only in (able,) if best is None else (best, able):
        try:
            begin_write(session)
            if lock_owner is not None:
                lock_owner()
            assignment = _claim(session, catalogue, plan, starts_at, only, rank, now=now, release=release)
            if assignment is not None:
                owner = write(assignment)
                _insert_claims(session, catalogue, plan, starts_at, assignment, owner)
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
    catalogue: Catalogue, starts_at: datetime, *, now: datetime, lead_time: timedelta | None = None
) -> None:
    """Raises NotOffered for a start in the past, too soon, beyond the horizon, or off the grid."""
    from_at, until_at = bounds(catalogue, now=now, lead_time=lead_time)
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


def _able(
    plan: Plan, times: FreeTimes, starts_at: datetime, *, keep: Collection[int]
) -> dict[str, tuple[int, ...]]:
    """Who could fill each role at this start, as far as the cache knows."""
    cell = times.window.cell_of(epoch_minute(starts_at))
    return {
        role.key: tuple(
            c for c in role.candidates if c in keep or times.fits(c, role.cells) >> cell + role.offset & 1
        )
        for role in plan.roles
    }


def _best(
    plan: Plan,
    times: FreeTimes,
    starts_at: datetime,
    able: dict[str, tuple[int, ...]],
    rank: Rank,
) -> dict[str, tuple[int, ...]] | None:
    cell = times.window.cell_of(epoch_minute(starts_at))
    chosen = assign(restricted(plan.roles, able), times.fits, cell, rank)
    return None if chosen is None else {key: (candidate,) for key, candidate in chosen.items()}


def _rank(times: FreeTimes, plan: Plan, prefer: Collection[int]) -> Rank:
    """Those preferred first; of rooms the smallest that fits; of people who has most time left."""
    rooms = next((role.candidates for role in plan.roles if role.key == ROOM), ())
    places = {room: place for place, room in enumerate(rooms)}

    def key(resource_id: int) -> tuple[bool, int, int]:
        weight = places[resource_id] if resource_id in places else -times.free_cells(resource_id)
        return resource_id not in prefer, weight, resource_id

    return key


def _claimed_by(session: Session, appointment_id: int | None) -> Collection[int]:
    if appointment_id is None:
        return ()
    return set(session.scalars(select(Claim.resource_id).where(Claim.appointment_id == appointment_id)))


def _claim(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    only: Mapping[str, tuple[int, ...]],
    rank: Rank,
    *,
    now: datetime,
    release: int | None,
) -> Assignment | None:
    """Lock, and say who is really free; what has run out on them is cleared away."""
    ids = {candidate for candidates in only.values() for candidate in candidates}
    own = set(_claimed_by(session, release))
    lock_resources(session, ids | own)
    session.execute(delete(Claim).where(Claim.resource_id.in_(ids), Claim.expires_at <= now))
    if release is not None:
        session.execute(delete(Claim).where(Claim.appointment_id == release))
        touch(session, own, now=now)
    if not is_current(session, catalogue):
        return None  # somebody may have left, or a room been given up, since the plan was made
    starts = epoch_minute(starts_at)
    window = window_around(starts, starts + plan.minutes)
    fresh = FreeTimes(window, read_free_times(session, catalogue, window, ids, now=now))
    return assign(restricted(plan.roles, only), fresh.fits, 0, rank)


def _insert_claims(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    assignment: Assignment,
    owner: Owner,
) -> None:
    starts = epoch_minute(starts_at)
    session.execute(
        insert(Claim),
        [
            {
                "municipality_id": catalogue.municipality_id,
                "resource_id": resource_id,
                "starts_minute": starts,
                "ends_minute": starts + plan.minutes,
                "hold_id": owner.hold_id,
                "appointment_id": owner.appointment_id,
                "expires_at": owner.expires_at,
            }
            for resource_id in sorted(assignment.values())
        ],
    )
