"""The demo's telephone: messages as they arrive, only in a demo, and only links that are ours."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.channels.console import ConsoleChannel
from notifications.texts import Texts
from scheduler_app.app import create_app
from scheduler_app.config import Settings, templates_folder
from scheduler_app.demo.build import PASSWORD
from scheduler_app.models import Client, Notification, StaffRole, db
from scheduler_app.models.engine import begin_write
from scheduler_app.services.send_due_notifications import Outbox, send_due_notifications
from scheduler_app.web.demo import with_links
from tests.support.builders import NOW, Town, add_town
from tests.web.interpreter.towns import book, staff_account

PAGES = ("/demo/", "/demo/phone")


@pytest.fixture
def demo(settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(settings, demo=True), clock=lambda: NOW)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session)


def send(session: Session, settings: Settings) -> None:
    outbox = Outbox(
        {"sms": ConsoleChannel()}, Texts(templates_folder() / "messages"), settings.public_url, True
    )
    assert send_due_notifications(session, outbox, clock=lambda: NOW)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_outside_of_a_demo_there_is_no_such_page(app: Flask) -> None:
    for page in PAGES:
        assert app.test_client().get(page).status_code == 404


def test_messages_lie_on_the_phones_of_their_recipients(
    demo: Flask, session: Session, settings: Settings, town: Town
) -> None:
    appointment = book(session, town)
    send(session, settings)
    page = demo.test_client().get("/demo/phone").text
    assert 'lang="ar" dir="rtl"' in page
    assert f'href="{settings.public_url}/t/' in page
    assert f"Anfrage {appointment.number}" in page
    assert appointment.client.phone in page
    assert "gesendet" in page
    assert "Noch zu senden" in page  # the reminder


def test_the_newest_message_comes_first(
    demo: Flask, session: Session, settings: Settings, town: Town
) -> None:
    book(session, town)
    send(session, settings)
    begin_write(session)
    client = session.scalars(select(Client)).one()
    sent = session.scalars(select(Notification).where(Notification.recipient_id == client.resource_id)).all()
    first, later = sorted(sent, key=lambda row: row.kind)
    first.body, later.body = "Erste Nachricht", "Zweite Nachricht"
    later.status = "sent"
    session.commit()
    page = demo.test_client().get("/demo/phone").text
    assert page.index("Zweite Nachricht") < page.index("Erste Nachricht")


def test_an_empty_phone_says_what_to_do(demo: Flask) -> None:
    assert "Buchen Sie einen Termin" in demo.test_client().get("/demo/phone").text


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_it_looks_again_by_itself_only_when_told(demo: Flask) -> None:
    client = demo.test_client()
    assert 'http-equiv="refresh"' not in client.get("/demo/phone").text
    assert 'http-equiv="refresh"' in client.get("/demo/phone?refresh=1").text


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "linked"),
    [
        ("Infos: http://127.0.0.1:8000/t/abc", ["http://127.0.0.1:8000/t/abc"]),
        ("http://127.0.0.1:8000/t/a\nhttp://127.0.0.1:8000/t/b", ["http://127.0.0.1:8000/t/a", "http://127.0.0.1:8000/t/b"]),
        ("http://127.0.0.1:8000.evil.example/t/abc", []),
        ("https://evil.example/?http://127.0.0.1:8000/t/abc", []),
        ("javascript:alert(1)//http", []),
        ('http://127.0.0.1:8000/"onclick="x', ["http://127.0.0.1:8000/"]),
        ("<b>http://127.0.0.1:8000/t/abc</b>", ["http://127.0.0.1:8000/t/abc"]),
    ],
)  # fmt: skip
def test_only_our_own_addresses_can_be_tapped(demo: Flask, body: str, linked: list[str]) -> None:
    with demo.test_request_context():
        shown = str(with_links(body))
    assert [part.partition('"')[0] for part in shown.split('href="')[1:]] == linked
    assert "<b>" not in shown
    assert '"onclick' not in shown


def test_the_start_page_tells_the_way_in(demo: Flask, session: Session, town: Town) -> None:
    staff_account(session, town.clerks[0], "thomas.wagner@moers.example", StaffRole.MUNICIPAL_ADMIN)
    page = demo.test_client().get("/demo/").text
    for shown in ("Lotsenau", 'href="/lotsenau/"', "thomas.wagner@moers.example", 'href="/admin/"', PASSWORD):
        assert shown in page
    assert "selin.celik" not in page  # has no account here
