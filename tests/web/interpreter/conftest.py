"""Two towns, an interpreter of each who is signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from scheduler_app.app import create_app
from scheduler_app.config import Settings
from scheduler_app.models import Audience, db
from tests.support.builders import NOW, Town, add_town
from tests.web.interpreter.towns import interpreter_account, sign_in


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    made = create_app(settings, clock=clock)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, interpreters=2)


@pytest.fixture
def other_town(session: Session) -> Town:
    return add_town(session, "anderswo")


@pytest.fixture
def client(app: Flask, session: Session, town: Town) -> FlaskClient:
    """The town's first interpreter, who is asked first."""
    interpreter_account(session, town.interpreters[0], "first@example.org")
    return sign_in(app.test_client(), Audience.INTERPRETER, "first@example.org")


@pytest.fixture
def second(app: Flask, session: Session, town: Town) -> FlaskClient:
    interpreter_account(session, town.interpreters[1], "second@example.org")
    return sign_in(app.test_client(), Audience.INTERPRETER, "second@example.org")


@pytest.fixture
def foreign(app: Flask, session: Session, other_town: Town) -> FlaskClient:
    """An interpreter of the other town."""
    interpreter_account(session, other_town.interpreters[0], "foreign@example.org")
    return sign_in(app.test_client(), Audience.INTERPRETER, "foreign@example.org")
