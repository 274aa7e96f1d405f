"""Feeds as calendar programs fetch them: conditional, compressed only on request, gone when revoked."""

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.app import create_app
from scheduler_app.config import Settings
from scheduler_app.models import Feed, db
from scheduler_app.services.feeds import revoke_feed, subscribe_feed
from tests.support.builders import NOW, Town, add_town, contact
from tests.web.interpreter.conftest import Clock
from tests.web.interpreter.towns import book


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    made = create_app(settings, clock=clock)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session)


@pytest.fixture
def address(session: Session, town: Town) -> str:
    token = subscribe_feed(
        session, resource_id=town.interpreters[0], municipality_id=town.municipality_id, now=NOW
    )
    return f"/calendars/{token}.ics"


def fetched_at(session: Session) -> datetime | None:
    session.rollback()
    return session.scalars(select(Feed.last_fetched_at)).one()


def test_a_feed_is_a_calendar_that_must_be_asked_for_each_time(
    client: FlaskClient, session: Session, town: Town, address: str
) -> None:
    appointment = book(session, town)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"].startswith('W/"')
    assert answer.headers["Last-Modified"].endswith("GMT")
    for absent in ("Content-Disposition", "Content-Encoding", "Set-Cookie", "Access-Control-Allow-Origin"):
        assert absent not in answer.headers
    assert appointment.number in answer.text
    assert contact(1).name not in answer.text


def test_head_answers_like_get(client: FlaskClient, address: str) -> None:
    got, head = client.get(address), client.head(address)
    assert head.status_code == 200
    assert head.data == b""
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    ("asked", "known"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
)
def test_what_has_not_changed_is_not_sent_again(
    client: FlaskClient, session: Session, town: Town, address: str, clock: Clock, asked: str, known: str
) -> None:
    first = client.get(address)
    again = client.get(address, headers={asked: first.headers[known]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    book(session, town)
    clock.now += timedelta(days=1)
    changed = client.get(address, headers={asked: first.headers[known]})
    assert changed.status_code == 200
    assert "VEVENT" in changed.text


@pytest.mark.parametrize(
    ("accepts", "compressed"),
    [
        ("gzip", True),
        ("deflate, gzip;q=0.5", True),
        ("*", False),
        ("gzip;q=0", False),
        ("br", False),
        ("", False),
    ],
)
def test_only_who_asks_for_gzip_gets_it(
    client: FlaskClient, address: str, accepts: str, compressed: bool
) -> None:
    plain = client.get(address).data
    answer = client.get(address, headers={"Accept-Encoding": accepts})
    assert (answer.headers.get("Content-Encoding") == "gzip") is compressed
    assert (gzip.decompress(answer.data) if compressed else answer.data) == plain


def test_an_unknown_address_is_not_found(client: FlaskClient, address: str) -> None:
    for path in ("/calendars/unknown.ics", address.replace(".ics", "x.ics")):
        assert client.get(path).status_code == 404
        assert client.head(path).status_code == 404


def test_a_revoked_address_is_gone(client: FlaskClient, session: Session, town: Town, address: str) -> None:
    etag = client.get(address).headers["ETag"]
    revoke_feed(session, resource_id=town.interpreters[0], now=NOW)
    for headers in ({}, {"If-None-Match": etag}):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 410
        assert "BEGIN:VCALENDAR" not in answer.text


def test_a_fetch_is_noted_every_ten_minutes(
    client: FlaskClient, session: Session, address: str, clock: Clock
) -> None:
    assert fetched_at(session) is None
    client.get(address)
    assert fetched_at(session) == NOW
    clock.now = NOW + timedelta(minutes=9)
    client.get(address)
    assert fetched_at(session) == NOW
    clock.now = NOW + timedelta(minutes=10)
    client.get(address)
    assert fetched_at(session) == clock.now


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_feed_takes_no_cookie_and_no_post(client: FlaskClient, address: str) -> None:
    assert SimpleCookie(client.get(address).headers.get("Set-Cookie", "")) == {}
    assert client.post(address).status_code in (400, 405)
