"""The invented weeks: busy, possible, and with room for what the demo is to show."""

import itertools
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from scheduler_app.demo.build import SLUG, BuiltDemo, build_demo
from scheduler_app.domain.free_time import Window
from scheduler_app.models import (
    Appointment,
    AppointmentStatus,
    Claim,
    Client,
    Invitation,
    Participation,
    PartStat,
)
from scheduler_app.models.engine import configure_engine
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.free_times import booking_window
from scheduler_app.services.invite_client import plan_of_invitation
from scheduler_app.services.links import open_link
from scheduler_app.services.participations import lacks_interpreter
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.read_free_times import read_free_times
from scheduler_app.services.slot_request import SlotRequest

NOWS = (
    datetime(2026, 11, 22, 18, 0, tzinfo=UTC),  # a Sunday; Christmas ahead
    datetime(2027, 3, 10, 9, 30, 17, tzinfo=UTC),  # a Wednesday; summer time and Easter ahead
)


@pytest.fixture(scope="module", params=NOWS, ids=str)
def now(request: pytest.FixtureRequest) -> datetime:
    moment: datetime = request.param
    return moment


@pytest.fixture(scope="module")
def built(now: datetime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, BuiltDemo]]:
    engine = create_engine(f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.sqlite3")
    configure_engine(engine)
    demo = build_demo(engine, now=now)
    with Session(engine) as session:
        yield session, demo
    engine.dispose()


@pytest.fixture
def session(built: tuple[Session, BuiltDemo]) -> Session:
    return built[0]


@pytest.fixture
def catalogue(session: Session) -> Catalogue:
    return catalogue_of(session, SLUG)


def taken(
    session: Session, catalogue: Catalogue, ids: Collection[int], window: Window, now: datetime
) -> float:
    """Which part of the working time in a window is taken."""
    free = read_free_times(session, catalogue, window, ids, now=now)
    session.execute(text("DELETE FROM claims"))
    session.execute(text("DELETE FROM absences"))
    opened = read_free_times(session, catalogue, window, ids, now=now)
    session.rollback()
    cells = [sum(times[i].free.bit_count() for i in ids) for times in (free, opened)]
    return 1 - cells[0] / cells[1]


def test_time_is_taken_the_more_the_nearer_it_is(
    session: Session, catalogue: Catalogue, now: datetime
) -> None:
    whole = booking_window(catalogue, now=now)
    week = 7 * 24 * 12
    near = Window(whole.minute_of(week), week)
    far = Window(whole.minute_of(7 * week), week)
    for ids in (catalogue.staff, catalogue.interpreters, catalogue.rooms):
        assert 0.45 < taken(session, catalogue, ids, whole, now) < 0.75
        assert taken(session, catalogue, ids, near, now) > taken(session, catalogue, ids, far, now)


def test_nobody_is_in_two_places(session: Session) -> None:
    rows = session.execute(
        select(Claim.resource_id, Claim.starts_minute, Claim.ends_minute).order_by(
            Claim.resource_id, Claim.starts_minute
        )
    ).all()
    overlaps = [
        (earlier, later)
        for earlier, later in itertools.pairwise(rows)
        if earlier.resource_id == later.resource_id and later.starts_minute < earlier.ends_minute
    ]
    assert len(rows) > 10_000
    assert overlaps == []


def test_one_appointment_lacks_its_interpreter(session: Session) -> None:
    declined = session.scalars(select(Participation).where(Participation.ended_at.is_not(None))).all()
    assert {part.partstat for part in declined} == {PartStat.DECLINED}
    assert [part.appointment for part in declined if lacks_interpreter(part.appointment)]


def test_every_part_is_claimed(session: Session) -> None:
    parts = select(func.count()).select_from(Participation).where(Participation.ended_at.is_(None))
    count = session.scalar(parts)
    assert count == session.scalar(select(func.count()).select_from(Claim))
    confirmed = select(func.count()).select_from(Appointment)
    assert session.scalar(
        confirmed.where(Appointment.status == AppointmentStatus.CONFIRMED)
    ) == session.scalar(confirmed)


def test_names_come_in_many_scripts(session: Session) -> None:
    names = " ".join(session.scalars(select(Client.name)))
    for first, last in (  # Cyrillic, Arabic, Ethiopic
        "АЯ",
        "\u0621\u064a",
        "\u1200\u135a",
    ):
        assert any(first <= letter <= last for letter in names)


def test_the_well_known_clients_links_open(
    built: tuple[Session, BuiltDemo], catalogue: Catalogue, now: datetime
) -> None:
    session, demo = built
    purposes = [open_link(session, link.token, now=now).purpose for link in demo.client_links]
    assert purposes == [link.purpose for link in demo.client_links]
    assert ("ar", "manage_appointment") in {(link.language, link.purpose) for link in demo.client_links}


def test_the_invited_family_can_choose(session: Session, catalogue: Catalogue, now: datetime) -> None:
    invitation = session.scalars(select(Invitation)).one()
    assert len(find_slots(session, catalogue, plan_of_invitation(catalogue, invitation), now=now).starts) >= 5


@pytest.mark.parametrize(
    ("services", "language", "variety"),
    [
        (("kita-beratung", "kurs-beratung", "wohnungssuche"), "ara", "apc"),
        (("arbeit-orientierung", "abschluss-anerkennen"), "ukr", ""),
        (("fiktionsbescheinigung",), "tir", ""),
        (("wohnsitz-anmelden", "kita-beratung"), "tur", ""),
    ],
)
def test_there_is_room_for_what_is_shown(
    session: Session,
    catalogue: Catalogue,
    now: datetime,
    services: tuple[str, ...],
    language: str,
    variety: str,
) -> None:
    plan = plan_appointment(catalogue, SlotRequest(services, language, variety))
    search = find_slots(session, catalogue, plan, now=now, until_at=now + timedelta(weeks=4))
    assert len(search.starts) >= 3, search.blocking
