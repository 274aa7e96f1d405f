"""Random work by many people at once on few resources: what a busy morning is, and worse."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import TerminlotseError
from scheduler_app.models import Appointment, Participation, ParticipationRole
from scheduler_app.services.answer_assignment import accept_assignment, decline_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.confirm_hold import confirm_hold
from scheduler_app.services.hold_slot import expire_holds, hold_slot, release_hold
from scheduler_app.services.plan_appointment import Plan
from tests.support.builders import FIRST_SLOT, NOW, contact
from tests.support.plans import clerk_alone, joint, with_interpreter

PLANS = (clerk_alone, with_interpreter, joint)


@dataclass
class Worker:
    """One of many; what it did is counted by name, and what was refused by the error's code."""

    slug: str
    seed: int
    steps: int
    tokens: list[str]
    done: dict[str, int] = field(default_factory=dict)

    def __call__(self, session: Session) -> dict[str, int]:
        rng = random.Random(self.seed)  # noqa: S311  # the same every time
        actions = [self.book, self.confirm, self.release, self.cancel, self.expire]
        actions += [self.hold, self.hold, self.move, self.move, self.answer, self.answer]
        for _ in range(self.steps):
            self.step(session, rng, rng.choice(actions))
        return self.done

    def step(
        self, session: Session, rng: random.Random, action: Callable[[Session, random.Random], None]
    ) -> None:
        try:
            action(session, rng)
            outcome = action.__name__
        except TerminlotseError as refused:
            outcome = refused.code
        session.rollback()
        self.done[outcome] = self.done.get(outcome, 0) + 1

    def book(self, session: Session, rng: random.Random) -> None:
        catalogue, plan = self._plan(session, rng)
        client = contact(rng.randrange(4))
        book_appointment(session, catalogue, plan, _start(rng), client, now=_clock(rng), actor="api")

    def hold(self, session: Session, rng: random.Random) -> None:
        catalogue, plan = self._plan(session, rng)
        self.tokens.append(hold_slot(session, catalogue, plan, _start(rng), now=_clock(rng)).token)

    def confirm(self, session: Session, rng: random.Random) -> None:
        if self.tokens:
            catalogue, token = catalogue_of(session, self.slug), rng.choice(self.tokens)
            confirm_hold(session, catalogue, token, contact(rng.randrange(4)), now=_clock(rng))

    def release(self, session: Session, rng: random.Random) -> None:
        if self.tokens:
            catalogue, token = catalogue_of(session, self.slug), rng.choice(self.tokens)
            release_hold(session, token, municipality_id=catalogue.municipality_id, now=_clock(rng))

    def expire(self, session: Session, rng: random.Random) -> None:
        expire_holds(session, now=_clock(rng))

    def cancel(self, session: Session, rng: random.Random) -> None:
        appointment_id = _any_appointment(session, rng)
        if appointment_id is not None:
            catalogue = catalogue_of(session, self.slug)
            cancel_appointment(session, catalogue, appointment_id, now=_clock(rng), actor="client")

    def move(self, session: Session, rng: random.Random) -> None:
        appointment_id = _any_appointment(session, rng)
        if appointment_id is not None:
            catalogue, start = catalogue_of(session, self.slug), _start(rng)
            move_appointment(session, catalogue, appointment_id, start, now=_clock(rng), actor="client")

    def answer(self, session: Session, rng: random.Random) -> None:
        parts = session.execute(
            select(Participation.id, Participation.resource_id, Participation.sequence)
            .where(Participation.role == ParticipationRole.INTERPRETER, Participation.ended_at.is_(None))
            .order_by(Participation.id)
        ).all()
        if parts:
            part, answer = rng.choice(parts), rng.choice((accept_assignment, decline_assignment))
            answer(session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=_clock(rng))

    def _plan(self, session: Session, rng: random.Random) -> tuple[Catalogue, Plan]:
        catalogue = catalogue_of(session, self.slug)
        return catalogue, rng.choice(PLANS)(catalogue)


def _start(rng: random.Random) -> datetime:
    """Eight starts, so that everybody is in everybody's way."""
    return FIRST_SLOT + timedelta(days=1, minutes=15 * rng.randrange(8))


def _clock(rng: random.Random) -> datetime:
    """Requests that began at different times, and clocks that differ: holds run out for some and not for others."""
    return NOW + timedelta(minutes=rng.choice((0, 0, 1, 14, 16)))


def _any_appointment(session: Session, rng: random.Random) -> int | None:
    ids = session.scalars(select(Appointment.id).order_by(Appointment.id)).all()
    return rng.choice(ids[-6:]) if ids else None
