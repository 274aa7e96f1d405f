"""A slot that is kept, confirmed, given back, or that runs out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import (
    ClientBusy,
    HoldGone,
    NotOffered,
    SlotTaken,
    TooManyHolds,
    UnknownThing,
)
from scheduler_app.models import Appointment, Claim, Hold, HoldStatus, Service
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.confirm_hold import confirm_hold
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.hold_slot import (
    MOST_HOLDS_PER_SOURCE,
    expire_holds,
    find_hold,
    hold_slot,
    release_hold,
)
from scheduler_app.services.links import open_link
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import FIRST_SLOT, NOW, Town, contact, raise_catalogue_version
from tests.support.consistency import mistakes_in
from tests.support.plans import clerk_alone, joint, with_interpreter

SOON = NOW + timedelta(minutes=14, seconds=59)
TOO_LATE = NOW + timedelta(minutes=15)


def test_a_hold_becomes_an_appointment(session: Session, town: Town, catalogue: Catalogue) -> None:
    held = hold_slot(session, catalogue, joint(catalogue), FIRST_SLOT, now=NOW)
    assert FIRST_SLOT not in find_slots(session, catalogue, joint(catalogue), now=NOW).starts
    booked = confirm_hold(session, catalogue, held.token, contact(), now=SOON)
    assert booked.appointment.requested_at == NOW
    assert {p.resource_id for p in booked.appointment.participations} == {
        booked.appointment.client.resource_id,
        *held.hold.assignment.values(),
    }
    assert held.hold.status == HoldStatus.CONFIRMED
    assert open_link(session, booked.token, now=SOON).appointment_id == booked.appointment.id
    assert mistakes_in(session) == []


def test_confirming_twice_gives_the_same_appointment(session: Session, catalogue: Catalogue) -> None:
    held = hold_slot(session, catalogue, clerk_alone(catalogue), FIRST_SLOT, now=NOW)
    first = confirm_hold(session, catalogue, held.token, contact(), now=SOON)
    again = confirm_hold(session, catalogue, held.token, contact(), now=SOON + timedelta(hours=1))
    assert first.appointment.id == again.appointment.id
    assert open_link(session, again.token, now=SOON).appointment_id == first.appointment.id
    assert mistakes_in(session) == []


def test_a_released_hold_frees_everybody_and_can_not_be_confirmed(
    session: Session, catalogue: Catalogue
) -> None:
    held = hold_slot(session, catalogue, joint(catalogue), FIRST_SLOT, now=NOW)
    release_hold(session, held.token, municipality_id=catalogue.municipality_id, now=NOW)
    assert FIRST_SLOT in find_slots(session, catalogue, joint(catalogue), now=NOW).starts
    with pytest.raises(HoldGone):
        confirm_hold(session, catalogue, held.token, contact(), now=NOW)
    release_hold(session, held.token, municipality_id=catalogue.municipality_id, now=NOW)
    assert mistakes_in(session) == []


def test_a_hold_that_has_run_out_gives_its_time_back_by_the_clock(
    session: Session, catalogue: Catalogue
) -> None:
    plan = joint(catalogue)
    hold_slot(session, catalogue, plan, FIRST_SLOT, now=NOW)
    assert FIRST_SLOT not in find_slots(session, catalogue, plan, now=SOON, lead_time=timedelta()).starts
    assert FIRST_SLOT in find_slots(session, catalogue, plan, now=TOO_LATE, lead_time=timedelta()).starts


def test_after_the_deadline_the_slot_is_booked_if_it_is_still_free(
    session: Session, catalogue: Catalogue
) -> None:
    start = FIRST_SLOT + timedelta(hours=1)
    held = hold_slot(session, catalogue, joint(catalogue), start, now=NOW)
    first = confirm_hold(session, catalogue, held.token, contact(), now=TOO_LATE)
    again = confirm_hold(session, catalogue, held.token, contact(), now=TOO_LATE)
    assert first.appointment.id == again.appointment.id
    for booked in (first, again):
        assert open_link(session, booked.token, now=TOO_LATE).appointment_id == first.appointment.id
    hold = session.scalars(select(Hold)).one()
    assert (hold.status, hold.appointment_id) == (HoldStatus.CONFIRMED, first.appointment.id)
    assert first.appointment.requested_at == NOW
    assert expire_holds(session, now=TOO_LATE) == 0
    release_hold(session, held.token, municipality_id=catalogue.municipality_id, now=TOO_LATE)
    assert session.scalars(select(Appointment.id)).all() == [first.appointment.id]
    assert mistakes_in(session) == []


def test_after_the_deadline_somebody_else_may_have_it(session: Session, catalogue: Catalogue) -> None:
    start = FIRST_SLOT + timedelta(hours=1)
    held = hold_slot(session, catalogue, joint(catalogue), start, now=NOW)
    book_appointment(session, catalogue, joint(catalogue), start, contact(2), now=TOO_LATE, actor="api")
    with pytest.raises(SlotTaken) as taken:
        confirm_hold(session, catalogue, held.token, contact(), now=TOO_LATE)
    assert start + timedelta(minutes=75) in taken.value.next_starts
    assert expire_holds(session, now=TOO_LATE) == 1
    assert mistakes_in(session) == []


def test_a_slow_clock_does_not_book_what_another_process_has_given_away(
    session: Session, catalogue: Catalogue
) -> None:
    """One process finds the hold run out and books; another one, whose clock or request is older, confirms it."""
    start = FIRST_SLOT + timedelta(hours=1)
    held = hold_slot(session, catalogue, joint(catalogue), start, now=NOW)
    book_appointment(session, catalogue, joint(catalogue), start, contact(2), now=TOO_LATE, actor="api")
    with pytest.raises(SlotTaken):
        confirm_hold(session, catalogue, held.token, contact(), now=SOON)
    assert mistakes_in(session) == []


def test_a_service_that_has_changed_does_not_change_what_was_held(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    held = hold_slot(session, catalogue, clerk_alone(catalogue), FIRST_SLOT, now=NOW)
    session.execute(update(Service).where(Service.key == "titel").values(minutes=90))
    raise_catalogue_version(session, town)
    session.commit()
    newest = catalogue_of(session, town.slug)
    booked = confirm_hold(session, newest, held.token, contact(), now=SOON)
    assert booked.appointment.ends_at - booked.appointment.starts_at == timedelta(minutes=30)
    assert mistakes_in(session) == []


def test_a_service_that_is_gone_leaves_no_transaction_open(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    held = hold_slot(session, catalogue, clerk_alone(catalogue), FIRST_SLOT, now=NOW)
    session.execute(update(Service).where(Service.key == "titel").values(is_active=False))
    raise_catalogue_version(session, town)
    session.commit()
    newest = catalogue_of(session, town.slug)
    with pytest.raises(UnknownThing):
        confirm_hold(session, newest, held.token, contact(), now=SOON)
    assert not session.in_transaction()


def test_an_unknown_token_is_gone(session: Session, catalogue: Catalogue) -> None:
    with pytest.raises(HoldGone):
        confirm_hold(session, catalogue, "unknown", contact(), now=NOW)
    with pytest.raises(HoldGone):
        find_hold(session, "unknown", municipality_id=catalogue.municipality_id)
    release_hold(session, "unknown", municipality_id=catalogue.municipality_id, now=NOW)


def test_another_municipality_can_not_confirm_it(session: Session, catalogue: Catalogue) -> None:
    held = hold_slot(session, catalogue, clerk_alone(catalogue), FIRST_SLOT, now=NOW)
    with pytest.raises(HoldGone):
        confirm_hold(session, replace(catalogue, municipality_id=99), held.token, contact(), now=NOW)


def test_a_client_who_is_elsewhere_can_not_confirm(session: Session, catalogue: Catalogue) -> None:
    book_appointment(session, catalogue, clerk_alone(catalogue), FIRST_SLOT, contact(), now=NOW, actor="api")
    held = hold_slot(session, catalogue, clerk_alone(catalogue), FIRST_SLOT + timedelta(minutes=15), now=NOW)
    with pytest.raises(ClientBusy):
        confirm_hold(session, catalogue, held.token, contact(), now=SOON)
    assert not session.in_transaction()
    assert confirm_hold(session, catalogue, held.token, contact(2), now=SOON).appointment.id
    assert mistakes_in(session) == []


def test_one_source_can_not_park_every_slot(session: Session, catalogue: Catalogue) -> None:
    hold = hold_slot(
        session, catalogue, clerk_alone(catalogue), FIRST_SLOT, now=NOW, source_hash="tower"
    ).hold
    for column in range(MOST_HOLDS_PER_SOURCE - 1):
        session.add(
            Hold(
                municipality_id=catalogue.municipality_id,
                token_hash=f"{column}",
                status=HoldStatus.HELD,
                request={},
                assignment={},
                starts_at=hold.starts_at,
                ends_at=hold.ends_at,
                created_at=NOW,
                expires_at=hold.expires_at,
                source_hash="tower",
            )
        )
    session.commit()
    start = FIRST_SLOT + timedelta(minutes=15)
    with pytest.raises(TooManyHolds):
        hold_slot(session, catalogue, clerk_alone(catalogue), start, now=SOON, source_hash="tower")
    hold_slot(session, catalogue, clerk_alone(catalogue), start, now=NOW, source_hash="other")
    later = start + timedelta(hours=1)
    hold_slot(session, catalogue, clerk_alone(catalogue), later, now=TOO_LATE, source_hash="tower")


def test_typing_slowly_does_not_make_the_slot_too_soon_but_an_hour_does(
    session: Session, catalogue: Catalogue
) -> None:
    first, second = (
        hold_slot(session, catalogue, clerk_alone(catalogue), FIRST_SLOT, now=NOW) for _ in range(2)
    )
    assert confirm_hold(session, catalogue, first.token, contact(), now=TOO_LATE).appointment.id
    with pytest.raises(NotOffered):
        confirm_hold(session, catalogue, second.token, contact(2), now=NOW + timedelta(minutes=61))
    assert mistakes_in(session) == []


def test_expiring_is_done_once(session: Session, catalogue: Catalogue) -> None:
    for quarter in range(3):
        hold_slot(
            session, catalogue, clerk_alone(catalogue), FIRST_SLOT + timedelta(minutes=30 * quarter), now=NOW
        )
    assert expire_holds(session, now=SOON) == 0
    assert expire_holds(session, now=TOO_LATE) == 3
    assert expire_holds(session, now=TOO_LATE) == 0
    assert session.scalars(select(Claim)).all() == []


def test_a_known_client_is_the_same_client(session: Session, catalogue: Catalogue) -> None:
    plan = with_interpreter(catalogue)
    tokens = [
        hold_slot(session, catalogue, plan, FIRST_SLOT + timedelta(hours=hour), now=NOW).token
        for hour in range(2)
    ]
    for language, token in zip(("de", "ar"), tokens, strict=True):
        confirm_hold(session, catalogue, token, contact(1, language), now=SOON)
    one, other = session.scalars(select(Appointment)).all()
    assert one.client is other.client
    assert (one.client.language, one.client.interpreter_language) == ("de", "apc")
    assert [one.language, other.language] == ["de", "ar"], "a stranger with her name changes nothing of hers"


def test_a_hold_of_particular_people_stays_with_them(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    person, room = town.clerks[1], town.rooms[0]
    plan = plan_appointment(catalogue, SlotRequest(("titel",), people=(person,), room=room))
    held = hold_slot(session, catalogue, plan, FIRST_SLOT, now=NOW)
    assert held.hold.assignment == {town.role("clerk"): person, "room": room}
    assert SlotRequest.from_json(held.hold.request) == plan.request
