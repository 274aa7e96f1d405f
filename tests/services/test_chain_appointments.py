"""A chain is one appointment: everybody sees her own part of it, and it moves and ends as a whole."""

from datetime import timedelta
from itertools import pairwise

import pytest
from icalendar import Calendar, Component
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.visibility import Viewer
from scheduler_app.models import Agency, Appointment, Case, Claim, Client, Interpreter, StaffMember
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.feeds import read_feed, subscribe_feed
from scheduler_app.services.find_chains import FoundChain, find_chains
from scheduler_app.services.find_new_time import find_new_time
from scheduler_app.services.itinerary import visits_found, visits_of
from scheduler_app.services.open_case import open_case
from scheduler_app.services.participations import active, active_interpreter
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.read_appointment import SeenAppointment, read_appointment
from scheduler_app.services.read_assignments import read_assignment
from scheduler_app.services.read_diary import read_diary
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import NOW, Town, contact
from tests.support.consistency import mistakes_in
from tests.support.outbox import RecordingChannel, send_at

DESKS = SlotRequest(("finger", "beratung", "titel"), "ara", "apc")
WEEK = timedelta(weeks=1)


def found(session: Session, catalogue: Catalogue, request: SlotRequest = DESKS, which: int = 0) -> FoundChain:
    plan = plan_chain(catalogue, request, is_ordered=True)
    return find_chains(session, catalogue, plan, now=NOW).chains[which]


@pytest.fixture
def case(session: Session, town: Town, catalogue: Catalogue) -> Case:
    manager = session.scalars(select(StaffMember).where(StaffMember.resource_id == town.advisers[0])).one()
    return open_case(
        session, catalogue, contact(), case_manager_id=manager.id, interpreter_language="apc", now=NOW
    )


@pytest.fixture
def chain(session: Session, catalogue: Catalogue, case: Case) -> Appointment:
    """Finger prints, then advice elsewhere, then the residence permit."""
    found_chain = found(session, catalogue)
    plan = plan_appointment(catalogue, found_chain.request)
    return book_appointment(
        session, catalogue, plan, found_chain.books_at, contact(), now=NOW, actor="api", case_id=case.id
    ).appointment


def viewer(session: Session, resource_id: int, *roles: str) -> Viewer:
    person = session.scalars(select(StaffMember).where(StaffMember.resource_id == resource_id)).one()
    agency = session.get_one(Agency, person.agency_id)
    return Viewer(person.id, resource_id, agency.id, agency.kind, frozenset(roles))


def seen(session: Session, who: Viewer, chain: Appointment) -> SeenAppointment:
    return read_appointment(session, chain.municipality_id, who, chain.number, now=NOW)


def staff_at(chain: Appointment, role: str) -> int:
    return next(p.resource_id for p in active(chain) if p.role_key.startswith(role))


def test_a_clerk_sees_the_visits_of_her_own_agency_and_no_more(
    session: Session, town: Town, chain: Appointment
) -> None:
    clerk = viewer(session, staff_at(chain, town.role("clerk")), "clerk")
    page = seen(session, clerk, chain)
    first, _, third = chain.concerns
    assert [(v.starts_at, v.ends_at) for v in page.visits] == [
        (first.starts_at, first.ends_at),
        (third.starts_at, third.ends_at),
    ]
    assert [concern.name for concern in page.concerns] == ["finger", "titel"]
    assert not page.sight.others
    assert not page.can_change


def test_an_adviser_sees_her_own_time_only(session: Session, town: Town, chain: Appointment) -> None:
    page = seen(session, viewer(session, town.advisers[0], "clerk"), chain)
    second = chain.concerns[1]
    assert (page.starts_at, page.ends_at, page.place) == (second.starts_at, second.ends_at, second.place)
    assert [concern.name for concern in page.concerns] == ["beratung"]


def test_the_case_manager_and_the_pool_see_all_visits(
    session: Session, town: Town, chain: Appointment
) -> None:
    manager = seen(session, viewer(session, town.advisers[0], "case_manager"), chain)
    assert len(manager.visits) == len(manager.concerns) == 3
    assert (manager.starts_at, manager.ends_at) == (chain.starts_at, chain.ends_at)
    assert manager.can_change
    in_pool = Viewer(0, 0, town.agencies["pool"], "interpreter_pool", frozenset({"pool_coordinator"}))
    pool = seen(session, in_pool, chain)
    assert len(pool.visits) == 3
    assert pool.concerns == ()


def test_each_diary_has_its_own_time(session: Session, town: Town, chain: Appointment) -> None:
    entries = {}
    for person in (staff_at(chain, town.role("clerk")), town.advisers[0]):
        diary = read_diary(
            session,
            town.municipality_id,
            [person],
            viewer(session, person, "clerk"),
            from_at=NOW,
            until_at=NOW + WEEK,
        )
        entries[person] = [(entry.starts_at, entry.ends_at, entry.concerns) for entry in diary.entries]
    times = [(c.starts_at, c.ends_at, (c.service.name["de"],)) for c in chain.concerns]
    assert entries[town.advisers[0]] == [times[1]]
    assert {entry for own in entries.values() for entry in own} <= set(times)


def test_the_interpreter_has_one_job_with_all_visits(session: Session, chain: Appointment) -> None:
    part = active_interpreter(chain)
    assert part is not None
    job = read_assignment(session, part.id, resource_id=part.resource_id, now=NOW)
    assert [(v.starts_at, v.ends_at, v.place) for v in job.visits] == [
        (c.starts_at, c.ends_at, c.place) for c in chain.concerns
    ]
    assert (job.starts_at, job.ends_at) == (chain.starts_at, chain.ends_at)


def test_texts_name_the_first_place_and_the_whole_time(session: Session, chain: Appointment) -> None:
    channel = RecordingChannel()
    part = active_interpreter(chain)
    assert part is not None
    interpreter = session.scalars(
        select(Interpreter).where(Interpreter.resource_id == part.resource_id)
    ).one()
    client, mobile = session.get_one(Client, chain.client_id).phone, interpreter.mobile
    send_at(session, channel, NOW)
    (to_client,) = channel.bodies_to(client)
    assert to_client.startswith("Ihre Termine: ")
    assert "\nZuerst: Markt 1" in to_client
    assert "Plan" in to_client
    (to_interpreter,) = channel.bodies_to(mobile)
    assert "mehrere Orte" in to_interpreter
    assert "finger" not in to_client + to_interpreter


def feed_of(session: Session, town: Town, resource_id: int) -> list[Component]:
    token = subscribe_feed(session, resource_id=resource_id, municipality_id=town.municipality_id, now=NOW)
    answer = read_feed(session, token, now=NOW, public_url="https://termine.example")
    return Calendar.from_ical(answer.body).walk("VEVENT")


def test_feeds_have_one_entry_a_part(session: Session, town: Town, chain: Appointment) -> None:
    part = active_interpreter(chain)
    assert part is not None
    (job,) = feed_of(session, town, part.resource_id)
    assert job["UID"] == part.uid
    assert len(str(job["DESCRIPTION"]).split("\n")) == 3
    (advice,) = feed_of(session, town, town.advisers[0])
    assert advice.decoded("DTSTART") == chain.concerns[1].starts_at
    assert "DESCRIPTION" not in advice


def test_moving_keeps_the_arrangement_and_every_uid(
    session: Session, catalogue: Catalogue, chain: Appointment
) -> None:
    before = {p.role_key: (p.uid, p.resource_id) for p in active(chain)}
    offsets = [c.starts_at - chain.starts_at for c in chain.concerns]
    there = find_new_time(session, catalogue, chain, now=NOW).starts[8]
    move_appointment(session, catalogue, chain.id, there, now=NOW, actor="client")
    assert [c.starts_at - there for c in chain.concerns] == offsets
    assert [v.starts_at - there for v in visits_of(catalogue, chain)] == offsets
    kept = {p.role_key: (p.uid, p.resource_id) for p in active(chain)}
    assert {key for key in before if before[key] == kept[key]} >= {"client", "interpreter"}
    for part in active(chain):
        if "@" in part.role_key:
            concern = chain.concerns[int(part.role_key.rpartition("@")[2]) - 1]
            assert (part.starts_at, part.ends_at) == (concern.starts_at, concern.ends_at)
    assert mistakes_in(session) == []


def test_cancelling_frees_everybody(session: Session, catalogue: Catalogue, chain: Appointment) -> None:
    cancel_appointment(session, catalogue, chain.id, now=NOW, actor="client")
    assert session.scalars(select(Claim)).all() == []
    assert mistakes_in(session) == []


def test_video_is_said_to_the_interpreter(session: Session, town: Town) -> None:
    session.scalars(select(Interpreter)).one().by_video = True
    session.commit()
    catalogue = catalogue_of(session, town.slug)
    # the catalogue was not read before, so it knows her as she is now
    plan = plan_appointment(catalogue, SlotRequest(("titel",), "ara", "apc", by_video=True))
    start = found(session, catalogue, SlotRequest(("finger", "titel"), "ara", "apc", by_video=True)).books_at
    booked = book_appointment(session, catalogue, plan, start, contact(3), now=NOW, actor="api").appointment
    part = active_interpreter(booked)
    assert part is not None
    assert read_assignment(session, part.id, resource_id=part.resource_id, now=NOW).by_video
    mobile = session.scalars(select(Interpreter.mobile)).one()
    channel = RecordingChannel()
    send_at(session, channel, NOW)
    assert "\nper Video\n" in channel.bodies_to(mobile)[0]


def test_the_way_between_is_said(session: Session, catalogue: Catalogue) -> None:
    visits = visits_found(catalogue, found(session, catalogue))
    assert visits[0].way is None
    for before, visit in pairwise(visits):
        assert visit.way is not None
        assert visit.way.minutes == 0
        assert before.ends_at + timedelta(minutes=visit.way.wait) == visit.starts_at
