"""The demo municipality behind the API, at a fixed time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler_app.app import create_app
from scheduler_app.config import Settings
from scheduler_app.models import db
from scheduler_app.services.import_municipality import import_municipality
from tests.support.databases import KINDS, Databases
from tests.support.server import SECRET_KEY

MOERS = (Path(__file__).parents[3] / "scheduler_app" / "demo" / "moers.yaml").read_bytes()
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday, eight o'clock in Moers


@contextmanager
def running_app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings, clock=lambda: NOW)
    with made.app_context():
        import_municipality(db.session(), MOERS, now=NOW)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    with running_app(settings) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module", params=KINDS)
def shared_app(databases: Databases, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """For the tests of one module that change nothing."""
    with (
        databases.fresh(request.param) as url,
        running_app(Settings(database_url=url, secret_key=SECRET_KEY)) as made,
    ):
        yield made


@pytest.fixture
def reader(shared_app: Flask) -> FlaskClient:
    return shared_app.test_client()
