"""The demo municipality behind the real application, at a set time, as a client's browser sees it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from scheduler_app.app import create_app
from scheduler_app.config import Settings
from scheduler_app.models import db
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.import_municipality import import_municipality

MOERS = (Path(__file__).parents[3] / "scheduler_app" / "demo" / "moers.yaml").read_bytes()
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
THREE = "service=kita-beratung&service=kurs-beratung&service=wohnungssuche"
CONTACT = {"name": "Amal", "phone": "0176 04069123"}


class SetClock:
    """Tells the time that the test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        self.now += span


class Phone:
    """A browser without script and without cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, status: int = 200) -> str:
        return self._text(self.client.get(address), status)

    def post(self, address: str, status: int = 303, **data: str) -> str:
        """The page, or where it redirects to."""
        response = self.client.post(address, data=data)
        text = self._text(response, status)
        return response.headers["Location"] if status == 303 else text

    def hold(self, question: str = THREE, interpreter: str = "apc", lang: str = "de", which: int = 0) -> str:
        """Choose concerns, an interpreter and a slot; the address of the hold."""
        slots = f"/moers/slots?{question}&interpreter={interpreter}&lang={lang}"
        return self.post(slots, start=starts(self.get(slots))[which])

    def book(self, **answers: str) -> str:
        """The address of a booked appointment, without its query."""
        return self.post(self.hold(**answers), **CONTACT).partition("?")[0]

    @staticmethod
    def _text(response: TestResponse, status: int) -> str:
        assert response.status_code == status, response.text
        assert "Set-Cookie" not in response.headers
        return unescape(response.text)


def starts(page: str) -> list[str]:
    """What the slot buttons of a page send."""
    return re.findall(r'name="start" value="([^"]+)"', page)


@pytest.fixture
def moers(session: Session) -> Catalogue:
    import_municipality(session, MOERS, now=NOW)
    session.commit()
    return catalogue_of(session, "moers")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def app(settings: Settings, clock: SetClock, moers: Catalogue) -> Iterator[Flask]:
    made = create_app(settings, clock)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(app.test_client(use_cookies=False))
