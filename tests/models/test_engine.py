"""What an error of the database says ends in logs, so it holds no values."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from scheduler_app.app import create_app
from scheduler_app.cli.database import database
from scheduler_app.config import Settings
from scheduler_app.models import db

NAME = "Yasmin Al-Halabi"
ADD = text("INSERT INTO people (name, phone) VALUES (:name, :phone)")


@contextmanager
def web_engine(settings: Settings) -> Iterator[Engine]:
    with create_app(settings).app_context():
        yield db.engine
        db.engine.dispose()


@contextmanager
def command_engine(settings: Settings) -> Iterator[Engine]:
    """Commands and the worker."""
    with database(settings.database_url) as engine:
        yield engine


@pytest.mark.parametrize("engine_of", [web_engine, command_engine])
@pytest.mark.parametrize("phone", ["+4915228817386", None])
def test_an_error_in_the_log_names_nobody(
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    engine_of: Callable[[Settings], AbstractContextManager[Engine]],
    phone: str | None,
) -> None:
    with engine_of(settings) as engine, engine.connect() as connection:
        connection.execute(text("CREATE TABLE people (name VARCHAR UNIQUE, phone VARCHAR NOT NULL)"))
        connection.execute(ADD, {"name": NAME, "phone": "+4915228817386"})
        connection.commit()
        try:
            connection.execute(ADD, {"name": NAME, "phone": phone})
        except DBAPIError:
            logging.getLogger("test").exception("failed")
        connection.rollback()
    assert "INSERT INTO people" in caplog.text
    assert NAME not in caplog.text
    assert "28817386" not in caplog.text
