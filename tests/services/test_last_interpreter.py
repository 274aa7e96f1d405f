"""The interpreter of last time comes again, where she is free."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Gender, Interpreter
from scheduler_app.services.answer_assignment import decline_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.last_interpreter import last_interpreter
from scheduler_app.services.participations import active_interpreter
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import (
    FIRST_SLOT,
    NOW,
    Town,
    add_absence,
    add_town,
    contact,
    raise_catalogue_version,
)
from tests.support.plans import with_interpreter

LATER = FIRST_SLOT + timedelta(days=1)


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, clerks=3, interpreters=3)


@pytest.fixture
def catalogue(session: Session, town: Town) -> Catalogue:
    return catalogue_of(session, town.slug)


def book(session: Session, catalogue: Catalogue, at: datetime, number: int = 1) -> tuple[int, int, int]:
    """Interpreter, client (resource ids) and appointment."""
    booked = book_appointment(
        session,
        catalogue,
        with_interpreter(catalogue),
        at,
        contact(number),
        now=NOW,
        actor="api",
    ).appointment
    interpreter = active_interpreter(booked)
    assert interpreter is not None
    return interpreter.resource_id, booked.client.resource_id, booked.id


def test_she_comes_again_though_others_are_booked_out_less(session: Session, catalogue: Catalogue) -> None:
    first, client, _ = book(session, catalogue, FIRST_SLOT)
    assert last_interpreter(session, client) == first
    assert book(session, catalogue, LATER, number=2)[0] != first  # a stranger gets who has most time left
    assert book(session, catalogue, LATER)[0] == first


def test_where_she_is_away_somebody_else_comes(session: Session, town: Town, catalogue: Catalogue) -> None:
    first, _, _ = book(session, catalogue, FIRST_SLOT)
    add_absence(session, town, first, LATER, LATER + timedelta(hours=1))
    session.commit()
    assert book(session, catalogue, LATER)[0] != first


def test_who_declined_or_whose_appointment_was_cancelled_was_not_there(
    session: Session, catalogue: Catalogue
) -> None:
    _, client, appointment_id = book(session, catalogue, FIRST_SLOT)
    cancel_appointment(session, catalogue, appointment_id, now=NOW, actor="client")
    assert last_interpreter(session, client) is None
    again = book_appointment(
        session, catalogue, with_interpreter(catalogue), LATER, contact(), now=NOW, actor="api"
    ).appointment
    asked = active_interpreter(again)
    assert asked is not None
    decline_assignment(session, asked.id, resource_id=asked.resource_id, sequence=asked.sequence, now=NOW)
    assert last_interpreter(session, client) not in (None, asked.resource_id)


def test_starts_with_her_are_marked_and_may_come_first(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    liked = town.interpreters[1]
    add_absence(session, town, liked, FIRST_SLOT, FIRST_SLOT + timedelta(hours=2))
    session.commit()
    plan = with_interpreter(catalogue)
    soonest = find_slots(session, catalogue, plan, now=NOW, prefer=[liked])
    assert FIRST_SLOT in soonest.starts
    assert min(soonest.preferred) * 60 == (FIRST_SLOT + timedelta(hours=2)).timestamp()
    assert list(soonest.minutes) == sorted(soonest.minutes)
    with_her = find_slots(session, catalogue, plan, now=NOW, prefer=[liked], preferred_first=True, limit=3)
    assert with_her.minutes[0] == min(soonest.preferred)
    everything = find_slots(session, catalogue, plan, now=NOW, prefer=[liked], preferred_first=True)
    assert sorted(everything.minutes) == sorted(soonest.minutes)
    assert {*everything.minutes[: len(soonest.preferred)]} == soonest.preferred


def test_a_wish_for_a_woman_counts_more_than_who_came_last(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    first, _, _ = book(session, catalogue, FIRST_SLOT)
    other = next(person for person in town.interpreters if person != first)
    genders = {first: Gender.MALE, other: Gender.FEMALE}
    for person in session.scalars(select(Interpreter)):
        person.gender = genders.get(person.resource_id, Gender.MALE)
    session.commit()
    raise_catalogue_version(session, town)
    session.commit()
    offer = catalogue_of(session, town.slug)
    plan = plan_appointment(offer, SlotRequest(("titel",), "ara", "apc", gender=Gender.FEMALE))
    booked = book_appointment(session, offer, plan, LATER, contact(), now=NOW, actor="api").appointment
    interpreter = active_interpreter(booked)
    assert interpreter is not None
    assert interpreter.resource_id == other
