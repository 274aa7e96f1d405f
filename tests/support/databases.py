"""Fresh databases: each kind is migrated once, and copied for every test that needs one."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from scheduler_app.models import schema
from scheduler_app.models.engine import configure_engine

KINDS = ("sqlite", "postgresql")


class Databases:
    """Where tests get databases from. ``postgres_url`` is asked for only when a test needs PostgreSQL."""

    def __init__(self, folder: Path, postgres_url: Callable[[], str]) -> None:
        self._folder = folder
        self._postgres_url = postgres_url
        self._prefix = f"terminlotse_test_{os.getpid()}"
        self._numbers = itertools.count(1)

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """Yield the URL of a migrated, empty database of one of KINDS; drop it afterwards."""
        name = f"{self._prefix}_{next(self._numbers)}"
        if kind == "sqlite":
            path = self._folder / f"{name}.sqlite3"
            shutil.copyfile(self._sqlite_template, path)
            yield f"sqlite:///{path}"
            for file in self._folder.glob(f"{path.name}*"):
                file.unlink()
            return
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{self._postgres_template}" STRATEGY FILE_COPY')
        try:
            yield self._postgres_database(name)
        finally:
            self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        if "_postgres_template" in self.__dict__:
            self._administer(f'DROP DATABASE "{self._postgres_template}" WITH (FORCE)')

    @cached_property
    def _sqlite_template(self) -> Path:
        path = self._folder / "template.sqlite3"
        _migrate(f"sqlite:///{path}")
        return path

    @cached_property
    def _postgres_template(self) -> str:
        name = f"{self._prefix}_template"
        self._administer(f'CREATE DATABASE "{name}"')
        _migrate(self._postgres_database(name))
        return name

    def _postgres_database(self, name: str) -> str:
        return make_url(self._postgres_url()).set(database=name).render_as_string(hide_password=False)

    def _administer(self, statement: str) -> None:
        engine = create_engine(self._postgres_url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


def engine_for(url: str) -> Engine:
    """Make an engine as the application does, but one that keeps no connection open."""
    engine = create_engine(url, poolclass=NullPool)
    configure_engine(engine)
    return engine


def _migrate(url: str) -> None:
    engine = engine_for(url)
    schema.upgrade(engine)
    engine.dispose()
