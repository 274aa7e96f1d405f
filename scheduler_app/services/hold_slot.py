"""Keeping a slot for somebody until a deadline, and giving it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import HoldGone, TooManyHolds
from scheduler_app.domain.numbers import new_token, token_hash
from scheduler_app.models import Claim, Hold, HoldStatus
from scheduler_app.models.engine import begin_write
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import Assignment, Owner, claim_slot, lock_resources, touch
from scheduler_app.services.plan_appointment import Plan

MOST_HOLDS_PER_SOURCE = 60
"""A shelter's or town hall's people share one network address; a script that parks every slot is stopped."""

EXPIRE_AT_ONCE = 200


@dataclass(frozen=True)
class Held:
    """A hold and the token that its holder confirms it with."""

    hold: Hold
    token: str


def hold_slot(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    starts_at: datetime,
    *,
    now: datetime,
    source_hash: str = "",
    lead_time: timedelta | None = None,
) -> Held:
    """Claim everybody for the municipality's hold time and commit.

    ``source_hash`` limits how many slots one source keeps at once. Raises NotOffered, SlotTaken, TooManyHolds.
    """
    if source_hash and _held_by(session, catalogue, source_hash, now=now) >= MOST_HOLDS_PER_SOURCE:
        raise TooManyHolds
    token = new_token()
    expires_at = now + timedelta(minutes=catalogue.hold_minutes)
    held: list[Hold] = []

    def write(assignment: Assignment) -> Owner:
        hold = Hold(
            municipality_id=catalogue.municipality_id,
            token_hash=token_hash(token),
            status=HoldStatus.HELD,
            request=plan.request.to_json(),
            assignment=dict(assignment),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=plan.minutes),
            created_at=now,
            expires_at=expires_at,
            source_hash=source_hash,
        )
        session.add(hold)
        session.flush()
        held[:] = [hold]
        return Owner(hold_id=hold.id, expires_at=expires_at)

    claim_slot(session, catalogue, plan, starts_at, now=now, write=write, lead_time=lead_time)
    return Held(held[0], token)


def find_hold(session: Session, token: str, *, municipality_id: int) -> Hold:
    """The hold of this token; raises HoldGone if there is none."""
    hold = session.scalars(
        select(Hold).where(Hold.token_hash == token_hash(token), Hold.municipality_id == municipality_id)
    ).one_or_none()
    if hold is None:
        raise HoldGone
    return hold


def release_hold(session: Session, token: str, *, municipality_id: int, now: datetime) -> None:
    """Give a slot back before its deadline; nothing happens if it is no longer held."""
    begin_write(session)
    hold = session.scalars(
        select(Hold)
        .where(Hold.token_hash == token_hash(token), Hold.municipality_id == municipality_id)
        .with_for_update()
    ).one_or_none()
    if hold is not None and hold.status == HoldStatus.HELD:
        free_claims(session, hold, now=now)
        hold.status = HoldStatus.RELEASED
    session.commit()


def expire_holds(session: Session, *, now: datetime) -> int:
    """Give back what was kept beyond its deadline; returns how many holds. Safe with any number of workers."""
    begin_write(session)
    holds = session.scalars(
        select(Hold)
        .where(Hold.status == HoldStatus.HELD, Hold.expires_at <= now)
        .order_by(Hold.id)
        .limit(EXPIRE_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    lock_resources(session, {resource for hold in holds for resource in hold.assignment.values()})
    for hold in holds:
        free_claims(session, hold, now=now)
        hold.status = HoldStatus.EXPIRED
    session.commit()
    return len(holds)


def free_claims(session: Session, hold: Hold, *, now: datetime) -> None:
    """Let go of everybody a hold had claimed; the caller has locked the hold."""
    resources = set(hold.assignment.values())
    lock_resources(session, resources)
    session.execute(delete(Claim).where(Claim.hold_id == hold.id))
    touch(session, resources, now=now)


def _held_by(session: Session, catalogue: Catalogue, source_hash: str, *, now: datetime) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Hold)
            .where(
                Hold.municipality_id == catalogue.municipality_id,
                Hold.source_hash == source_hash,
                Hold.status == HoldStatus.HELD,
                Hold.expires_at > now,
            )
        )
        or 0
    )
