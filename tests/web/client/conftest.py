"""The demo municipality behind the real application, at a set time."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from scheduler_app.app import create_app
from scheduler_app.config import Settings
from scheduler_app.models import db
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.import_municipality import import_municipality
from tests.web.client.visitor import MOERS, NOW, SetClock, Visitor


@pytest.fixture
def moers(session: Session) -> Catalogue:
    import_municipality(session, MOERS, now=NOW)
    catalogue = catalogue_of(session, "moers")
    session.rollback()  # SQLite: what is read later shall be what the pages wrote
    return catalogue


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
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client(use_cookies=False))
