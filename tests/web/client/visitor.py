"""A client's browser: no script, no cookies; and a clock that the test sets."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from scheduler_app.models import Appointment

MOERS = (Path(__file__).parents[3] / "scheduler_app" / "demo" / "moers.yaml").read_bytes()
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
THREE = "service=kita-beratung&service=kurs-beratung&service=wohnungssuche"


class SetClock:
    """Tells the time that the test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        self.now += span


class Visitor:
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

    def confirm(self, hold: str, status: int = 303) -> str:
        """Say who comes; the page, or the address of the appointment."""
        return self.post(hold, status, name="Amal", phone="0176 04069123")

    def book(self, question: str = THREE, interpreter: str = "apc", lang: str = "de") -> str:
        """The address of a booked appointment, without its query."""
        return self.confirm(self.hold(question, interpreter, lang)).partition("?")[0]

    @staticmethod
    def _text(response: TestResponse, status: int) -> str:
        assert response.status_code == status, response.text
        assert "Set-Cookie" not in response.headers
        return unescape(response.text)


def starts(page: str) -> list[str]:
    """What the slot buttons of a page send."""
    return re.findall(r'name="start" value="([^"]+)"', page)


def the_appointment(session: Session) -> Appointment:
    """The only one, as it is now: an open transaction of SQLite would still see what was before."""
    session.rollback()
    return session.scalars(select(Appointment)).one()
