"""The plan with the fewest visits: found, what it saves, and booked as a whole or not at all."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import BundleSize, ClientBusy, SlotTaken
from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import Appointment, AppointmentStatus, Claim, Notification
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.book_bundle import book_bundle
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_bundle import Bundle, BundleBooking, find_bundle
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import StandingVisit
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import FIRST_SLOT, NOW, Town, add_absence, add_town, contact
from tests.support.consistency import mistakes_in

ALL = ("titel", "beratung", "finger")
TITEL = SlotRequest(("titel",))


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, clerks=2, interpreters=2, rooms=2)


@pytest.fixture
def catalogue(session: Session, town: Town) -> Catalogue:
    return catalogue_of(session, town.slug)


def bundle_of(session: Session, catalogue: Catalogue, *services: str, **more: object) -> Bundle:
    found = find_bundle(session, catalogue, SlotRequest(services), now=NOW, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def standing(
    session: Session, catalogue: Catalogue, starts_at: datetime, request: SlotRequest = TITEL
) -> tuple[StandingVisit, int]:
    """An appointment for ``titel`` that the client has, and her resource id."""
    plan = plan_appointment(catalogue, request)
    booked = book_appointment(
        session, catalogue, plan, starts_at, contact(), now=NOW, actor="api"
    ).appointment
    starts = epoch_minute(starts_at)
    visit = StandingVisit(booked.id, request.services, starts, plan.minutes, booked.place_id or 0, request)
    return visit, booked.client.resource_id


def test_what_can_share_a_table_does_and_the_rest_follows_on_the_same_day(
    session: Session, catalogue: Catalogue
) -> None:
    found = bundle_of(session, catalogue, *ALL)
    assert [set(visit.services) for visit in found.visits] in (
        [{"titel", "beratung"}, {"finger"}],
        [{"finger"}, {"titel", "beratung"}],
    )
    assert (found.days, found.saved_visits, found.saved_ways) == (1, 1, 2)
    assert len(found.bookings) == 1
    first, second = found.visits
    assert first.ends_at <= second.starts_at
    # nothing that is over sooner: the first start of all, and no wait beyond the grid
    assert first.starts_at == FIRST_SLOT
    assert second.starts_at - first.ends_at < timedelta(minutes=15)


def test_without_a_common_hour_it_becomes_a_chain(session: Session, town: Town, catalogue: Catalogue) -> None:
    """The adviser works when no clerk does, so there is no table, but one way still."""
    noon = FIRST_SLOT.replace(hour=11)
    for day in range(14):
        for person in town.clerks:
            add_absence(
                session, town, person, noon + timedelta(days=day), noon + timedelta(days=day, hours=8)
            )
        for person in town.advisers:
            morning = noon - timedelta(hours=8)
            add_absence(session, town, person, morning + timedelta(days=day), noon + timedelta(days=day))
    session.commit()
    found = bundle_of(session, catalogue, "titel", "beratung")
    assert [visit.services for visit in found.visits] == [("titel",), ("beratung",)]
    assert (found.days, found.saved_visits, found.saved_ways) == (1, 0, 1)
    plan = plan_appointment(catalogue, found.bookings[0].request)
    assert found.bookings[0].starts_at in find_slots(session, catalogue, plan, now=NOW).starts


def test_if_not_on_one_day_then_on_two(session: Session, town: Town, catalogue: Catalogue) -> None:
    """Clerks on even days, advisers on odd ones."""
    midnight = FIRST_SLOT.replace(hour=0)
    for day in range(15):
        away = town.clerks if day % 2 else town.advisers
        for person in away:
            add_absence(
                session, town, person, midnight + timedelta(days=day), midnight + timedelta(days=day + 1)
            )
    session.commit()
    found = bundle_of(session, catalogue, "titel", "beratung")
    assert (found.days, len(found.bookings), found.saved_ways) == (2, 2, 0)
    assert found.visits[0].starts_at == FIRST_SLOT
    assert found.visits[1].starts_at.date() == FIRST_SLOT.date() + timedelta(days=1)


def test_an_appointment_that_stands_is_replaced_where_that_saves_a_visit(
    session: Session, catalogue: Catalogue
) -> None:
    visit, client = standing(session, catalogue, FIRST_SLOT + timedelta(days=2))
    found = bundle_of(session, catalogue, "beratung", standing=[visit], client_resource_id=client)
    assert [set(v.services) for v in found.visits] == [{"titel", "beratung"}]
    assert found.replaces == (visit.appointment_id,)
    assert (found.saved_visits, found.saved_ways) == (1, 1)


def test_what_needs_its_own_visit_comes_on_the_day_of_one_that_stands(
    session: Session, catalogue: Catalogue
) -> None:
    """Replacing it would not make fewer visits or days, so it stays, though sooner days are free."""
    starts_at = FIRST_SLOT + timedelta(days=2)
    visit, client = standing(session, catalogue, starts_at)
    found = bundle_of(session, catalogue, "finger", standing=[visit], client_resource_id=client)
    assert (found.days, found.saved_visits, found.saved_ways) == (1, 0, 1)
    assert found.replaces == ()
    assert [v.appointment_id for v in found.visits if v.services == ("titel",)] == [visit.appointment_id]
    assert {v.starts_at.date() for v in found.visits} == {starts_at.date()}


def test_a_plan_is_booked_as_a_whole(session: Session, catalogue: Catalogue) -> None:
    visit, client = standing(session, catalogue, FIRST_SLOT + timedelta(days=2))
    found = bundle_of(session, catalogue, "beratung", "finger", standing=[visit], client_resource_id=client)
    made = book_bundle(
        session, catalogue, found.bookings, contact(), now=NOW, actor="staff:1", replaces=found.replaces
    )
    assert [a.starts_at for a in made] == [booking.starts_at for booking in found.bookings]
    times = {
        (concern.service.key, concern.starts_at, concern.ends_at) for a in made for concern in a.concerns
    }
    assert times == {(s, v.starts_at, v.ends_at) for v in found.visits for s in v.services}
    session.expire_all()
    assert session.get_one(Appointment, visit.appointment_id).status == AppointmentStatus.CANCELLED
    assert mistakes_in(session) == []
    again = book_bundle(session, catalogue, found.bookings, contact(), now=NOW, actor="staff:1")
    assert [a.id for a in again] == [a.id for a in made]


def test_if_one_day_is_taken_nothing_is_booked(session: Session, town: Town, catalogue: Catalogue) -> None:
    midnight = FIRST_SLOT.replace(hour=0)
    for day in range(15):
        for person in town.clerks if day % 2 else town.advisers:
            add_absence(
                session, town, person, midnight + timedelta(days=day), midnight + timedelta(days=day + 1)
            )
    session.commit()
    found = bundle_of(session, catalogue, "titel", "beratung")
    second = found.bookings[1]
    rival = plan_appointment(catalogue, second.request)
    book_appointment(session, catalogue, rival, second.starts_at, contact(2), now=NOW, actor="api")
    claims = len(session.scalars(select(Claim.id)).all())
    with pytest.raises(SlotTaken):
        book_bundle(session, catalogue, found.bookings, contact(), now=NOW, actor="staff:1")
    assert len(session.scalars(select(Claim.id)).all()) == claims
    assert len(session.scalars(select(Appointment)).all()) == 1
    assert mistakes_in(session) == []


def test_new_visits_on_both_sides_of_one_that_stands_are_booked_beside_it(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    """Advisers are there before it only, clerks only from it on."""
    starts_at = FIRST_SLOT + timedelta(hours=2)
    visit, client = standing(session, catalogue, starts_at)
    add_absence(session, town, town.advisers[0], starts_at, starts_at + timedelta(weeks=3))
    for clerk in town.clerks:
        add_absence(session, town, clerk, NOW, starts_at)
        add_absence(session, town, clerk, starts_at + timedelta(minutes=90), starts_at + timedelta(weeks=3))
    session.commit()
    found = bundle_of(session, catalogue, "beratung", "finger", standing=[visit], client_resource_id=client)
    assert [v.services for v in found.visits] == [("beratung",), ("titel",), ("finger",)]
    assert len(found.bookings) == 2
    made = book_bundle(session, catalogue, found.bookings, contact(), now=NOW, actor="staff:1")
    assert [(c.service.key, c.starts_at) for a in made for c in a.concerns] == [
        (v.services[0], v.starts_at) for v in found.visits if v.appointment_id is None
    ]
    assert mistakes_in(session) == []


def test_what_was_asked_for_with_a_replaced_appointment_holds_on(
    session: Session, catalogue: Catalogue
) -> None:
    with_interpreter = SlotRequest(("titel",), "ara", "apc")
    visit, client = standing(session, catalogue, FIRST_SLOT + timedelta(days=2), with_interpreter)
    found = bundle_of(session, catalogue, "beratung", standing=[visit], client_resource_id=client)
    assert found.replaces == (visit.appointment_id,)
    (made,) = book_bundle(
        session, catalogue, found.bookings, contact(), now=NOW, actor="staff:1", replaces=found.replaces
    )
    assert (made.interpreter_language, made.interpreter_variety) == ("ara", "apc")
    other = find_bundle(
        session,
        catalogue,
        SlotRequest(("beratung",), "ukr"),
        now=NOW,
        client_resource_id=client,
        standing=[visit],
    )
    assert other is None or other.replaces == ()  # two languages do not go together
    without = SlotRequest(("beratung",), "ara", "apc", without=("interpreter",))
    alone = find_bundle(session, catalogue, without, now=NOW, client_resource_id=client)
    assert alone is not None
    beside = find_bundle(session, catalogue, without, now=NOW, client_resource_id=client, standing=[visit])
    assert beside is None or beside.replaces == ()  # nobody's interpreter is lost by the way


def test_a_client_who_is_busy_on_one_day_is_told_nothing_of_the_other(
    session: Session, catalogue: Catalogue
) -> None:
    second_day = FIRST_SLOT + timedelta(days=1)
    standing(session, catalogue, second_day)
    told = len(session.scalars(select(Notification)).all())
    bookings = [
        BundleBooking(SlotRequest(("beratung",)), FIRST_SLOT),
        BundleBooking(SlotRequest(("finger",)), second_day),
    ]
    with pytest.raises(ClientBusy):
        book_bundle(session, catalogue, bookings, contact(), now=NOW, actor="staff:1")
    assert len(session.scalars(select(Notification)).all()) == told
    assert len(session.scalars(select(Appointment)).all()) == 1
    assert mistakes_in(session) == []


def test_a_person_chosen_for_one_desk_is_not_wanted_at_the_others(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    """The adviser works on the first day only, clerks from the second on."""
    noon = FIRST_SLOT + timedelta(hours=12)
    add_absence(session, town, town.advisers[0], noon, NOW + timedelta(weeks=4))
    for clerk in town.clerks:
        add_absence(session, town, clerk, NOW, noon)
    session.commit()
    request = SlotRequest(("beratung", "finger"), people=(town.advisers[0],))
    found = find_bundle(session, catalogue, request, now=NOW)
    assert found is not None
    assert (found.days, [v.services for v in found.visits]) == (2, [("beratung",), ("finger",)])


def test_nothing_possible_is_no_plan_and_too_much_is_said(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    add_absence(session, town, town.advisers[0], NOW, NOW + timedelta(weeks=9))
    session.commit()
    assert find_bundle(session, catalogue, SlotRequest(("titel", "beratung")), now=NOW) is None
    with pytest.raises(BundleSize):
        find_bundle(session, catalogue, SlotRequest(tuple(ALL) * 3), now=NOW)
