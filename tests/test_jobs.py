"""The worker's ticks, on both databases, at times that the test sets."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from notifications.channels.console import ConsoleChannel
from notifications.fictional_numbers import FICTIONAL_MOBILES
from scheduler_app import jobs
from scheduler_app.config import Settings, SettingsError, TwilioSettings
from scheduler_app.demo.build import MUNICIPALITY_FILE
from scheduler_app.models import Claim, Notification
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.contact import check_contact
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.hold_slot import hold_slot
from scheduler_app.services.import_municipality import import_municipality
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.send_due_notifications import Outbox
from scheduler_app.services.slot_request import SlotRequest
from tests.support.databases import engine_for

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    yield made
    made.dispose()


@pytest.fixture
def moers(session: Session) -> Catalogue:
    import_municipality(session, MUNICIPALITY_FILE.read_bytes(), now=NOW)
    return catalogue_of(session, "moers")


@pytest.fixture
def outbox(settings: Settings) -> Outbox:
    made = jobs.outbox_of(settings)
    return Outbox({"sms": ConsoleChannel(io.StringIO())}, made.texts, made.public_url)


def book(session: Session, catalogue: Catalogue) -> None:
    plan = plan_appointment(catalogue, SlotRequest(("kita-beratung",), "ara", "apc"))
    start = find_slots(session, catalogue, plan, now=NOW, from_at=NOW + timedelta(days=3), limit=1).starts[0]
    contact = check_contact("Yasmin", FICTIONAL_MOBILES[0], "ar")
    book_appointment(session, catalogue, plan, start, contact, now=NOW, actor="api")


def test_a_tick_sends_what_is_due_and_nothing_twice(
    session: Session, engine: Engine, moers: Catalogue, outbox: Outbox
) -> None:
    book(session, moers)
    session.rollback()
    assert jobs.send_tick(engine, outbox, lambda: NOW) == 2  # to the client and to the interpreter
    assert jobs.send_tick(engine, outbox, lambda: NOW) == 0
    assert jobs.send_tick(engine, outbox, lambda: NOW + timedelta(days=2, hours=12)) == 1  # the reminder
    rows = session.scalars(select(Notification)).all()
    assert {(row.kind, row.status) for row in rows} == {
        ("confirmation", "sent"),
        ("interpreter-assigned", "sent"),
        ("reminder", "sent"),
    }


def test_a_tick_gives_back_what_was_kept_too_long(session: Session, engine: Engine, moers: Catalogue) -> None:
    plan = plan_appointment(moers, SlotRequest(("kita-beratung",)))
    start = find_slots(session, moers, plan, now=NOW, limit=1).starts[0]
    hold_slot(session, moers, plan, start, now=NOW)
    session.rollback()
    assert jobs.expire_tick(engine, lambda: NOW) == 0
    later = NOW + timedelta(minutes=moers.hold_minutes)
    assert jobs.expire_tick(engine, lambda: later) == 1
    assert session.scalars(select(Claim)).all() == []


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_ticks_are_made_up_for_once_and_never_overlap(engine: Engine, outbox: Outbox) -> None:
    scheduler = jobs.build_scheduler(engine, outbox, lambda: NOW)
    assert {job.id for job, _ in (entry[:2] for entry in scheduler._pending_jobs)} == {"send", "expire"}
    assert scheduler._job_defaults == {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


@pytest.mark.parametrize("error", [OperationalError("SELECT", {}, Exception()), RuntimeError("boom")])
def test_a_tick_that_fails_does_not_end_the_worker(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> int:
        raise error

    jobs._surviving("send", fail)()
    assert "trying again" in caplog.text


def test_a_real_channel_keeps_no_secret_links() -> None:
    twilio = TwilioSettings("AC1", "token", "MG1")
    settings = Settings("sqlite://", "x" * 16, "https://termine.example", "twilio", twilio)
    outbox = jobs.outbox_of(settings)
    assert not outbox.keeps_links


def test_twilio_is_only_spoken_to_in_secret() -> None:
    twilio = TwilioSettings("AC1", "token", "MG1", "http://twilio.example")
    with pytest.raises(SettingsError, match="TWILIO_BASE_URL"):
        jobs.outbox_of(Settings("sqlite://", "x" * 16, sms_provider="twilio", twilio=twilio))
