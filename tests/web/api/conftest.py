"""The demo municipality behind the API, at a fixed time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler_app.app import create_app
from scheduler_app.config import Settings
from scheduler_app.models import db
from scheduler_app.services.import_municipality import import_municipality

MOERS = (Path(__file__).parents[3] / "scheduler_app" / "demo" / "moers.yaml").read_bytes()
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday, eight o'clock in Moers


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings, clock=lambda: NOW)
    with made.app_context():
        import_municipality(db.session(), MOERS, now=NOW)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
