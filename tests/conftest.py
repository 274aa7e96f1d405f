"""What tests of every part share: databases of both kinds, the application on one of them, a browser."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy.orm import Session

from scheduler_app.config import Settings, with_driver
from scheduler_app.models import db
from tests.support.browser import running_browser
from tests.support.databases import KINDS, Databases, engine_for
from tests.support.postgres import running_postgres
from tests.support.server import SECRET_KEY

SERVER_VARIABLE = "TEST_DATABASE_URL"
CLEANUP = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """With several workers, start one PostgreSQL for all of them; they inherit its address."""
    config.stash[CLEANUP] = ExitStack()
    is_controller = bool(config.getoption("numprocesses", default=None)) and not hasattr(
        config, "workerinput"
    )
    if is_controller and SERVER_VARIABLE not in os.environ:
        os.environ[SERVER_VARIABLE] = config.stash[CLEANUP].enter_context(running_postgres())


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[CLEANUP].close()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes fresh databases: ``with databases.fresh("sqlite") as url``. A missing PostgreSQL is an error, no skip."""
    with ExitStack() as cleanup:

        def postgres_url() -> str:
            if SERVER_VARIABLE not in os.environ:
                os.environ[SERVER_VARIABLE] = cleanup.enter_context(running_postgres())
                cleanup.callback(os.environ.pop, SERVER_VARIABLE)
            return with_driver(os.environ[SERVER_VARIABLE])

        made = Databases(tmp_path_factory.mktemp("databases"), postgres_url)
        yield made
        made.close()


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both kinds; ``@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)`` picks one."""
    return str(request.param)


@pytest.fixture
def database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A fresh, migrated database of the test's own."""
    with databases.fresh(database_kind) as url:
        yield url


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = engine_for(database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, secret_key=SECRET_KEY)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on the test's own database."""
    from scheduler_app.app import create_app  # noqa: PLC0415  # what is below the web is tested without it

    made = create_app(settings)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone, as most clients have: 360 by 740 CSS pixels, touch, German."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="de-DE",
    )
    yield context
    context.close()
