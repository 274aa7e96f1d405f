"""A town with an administrator, a pool coordinator and a clerk, and another town with its own."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from scheduler_app.app import create_app
from scheduler_app.config import Settings
from scheduler_app.models import Audience, StaffRole, db
from tests.support.builders import NOW, Town, add_town
from tests.web.interpreter.towns import pool_coordinator, sign_in, staff_account


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings, clock=lambda: NOW)
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
def admin(app: Flask, session: Session, town: Town) -> FlaskClient:
    staff_account(session, town.clerks[0], "admin@example.org", StaffRole.MUNICIPAL_ADMIN)
    return sign_in(app.test_client(), Audience.STAFF, "admin@example.org")


@pytest.fixture
def clerk(app: Flask, session: Session, town: Town) -> FlaskClient:
    staff_account(session, town.clerks[1], "clerk@example.org", StaffRole.CLERK)
    return sign_in(app.test_client(), Audience.STAFF, "clerk@example.org")


@pytest.fixture
def coordinator(app: Flask, session: Session, town: Town) -> FlaskClient:
    pool_coordinator(session, town, "pool@example.org")
    return sign_in(app.test_client(), Audience.STAFF, "pool@example.org")
