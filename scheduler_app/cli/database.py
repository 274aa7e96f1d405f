"""Opening the database for a command, and saying in words what is wrong with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session

from scheduler_app.config import Settings
from scheduler_app.models import schema
from scheduler_app.models.engine import configure_engine


class SchemaState(Enum):
    """What is in a database."""

    EMPTY = "empty"
    CURRENT = "current"
    OLD = "old"
    NEWER = "newer"
    FOREIGN = "foreign"


def settings() -> Settings:
    """From the environment; raises SettingsError."""
    return Settings.from_environment(os.environ)


def database_file(database_url: str) -> Path | None:
    """The file of an SQLite database, None for other databases."""
    url = make_url(database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(url.database or "") if is_file else None


@contextmanager
def database(database_url: str, *, create: bool = False) -> Iterator[Engine]:
    """An engine whose database answers. Unless it may be created, a missing SQLite file is an error.

    Raises ClickException with a sentence for whoever runs the command.
    """
    try:
        file = database_file(database_url)
        engine = create_engine(database_url)
    except (ArgumentError, ImportError) as error:
        raise click.ClickException(
            "TERMINLOTSE_DATABASE_URL is no address of a database; "
            "it looks like sqlite:////var/lib/terminlotse.sqlite3 or postgresql://user@host/name."
        ) from error
    if file is not None and not create and not _has_content(file):
        raise click.ClickException(f"There is no database at {file}. Make one with: terminlotse db upgrade")
    configure_engine(engine)
    try:
        with engine.connect():
            pass
        yield engine
    except (IntegrityError, ProgrammingError, DataError):
        raise  # a fault of ours, to be seen in full
    except DBAPIError as error:
        raise click.ClickException(_not_usable(database_url, error)) from error
    finally:
        engine.dispose()


@contextmanager
def current_database(database_url: str) -> Iterator[Engine]:
    """The same, and its schema is that of this release."""
    with database(database_url) as engine:
        state = schema_state(engine)
        if state is not SchemaState.CURRENT:
            raise click.ClickException(words_of_state(state))
        yield engine


@contextmanager
def open_session() -> Iterator[Session]:
    """A session on the database of the settings."""
    with current_database(settings().database_url) as engine, Session(engine) as session:
        yield session


def schema_state(engine: Engine) -> SchemaState:
    with engine.connect() as connection:
        scripts = ScriptDirectory(str(schema.MIGRATIONS))
        at = set(MigrationContext.configure(connection).get_current_heads())
        if at == set(scripts.get_heads()):
            return SchemaState.CURRENT
        if at:
            known = {script.revision for script in scripts.walk_revisions()}
            return SchemaState.OLD if at <= known else SchemaState.NEWER
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return SchemaState.FOREIGN if tables else SchemaState.EMPTY


def words_of_state(state: SchemaState) -> str:
    return {
        SchemaState.EMPTY: "The database is empty. Make its tables with: terminlotse db upgrade",
        SchemaState.OLD: "The database has the tables of an older release. Run: terminlotse db upgrade",
        SchemaState.NEWER: "The database belongs to a newer release of Terminlotse. Install that release.",
        SchemaState.FOREIGN: "The database has tables of another program. Give Terminlotse one of its own.",
        SchemaState.CURRENT: "The database has the tables of this release.",
    }[state]


def _has_content(file: Path) -> bool:
    """SQLite would make an empty database out of nothing, or out of an empty file."""
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def words_of(error: SQLAlchemyError) -> str | None:
    """One sentence about a database that does not do its part; None for a fault of ours."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return "The connection to the database was lost."
    return None


def _not_usable(database_url: str, error: DBAPIError) -> str:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    file = database_file(database_url)
    if file is None:
        shown = make_url(database_url).render_as_string(hide_password=True)
        return f"The database {shown} does not answer as it should: {reason}"
    if "not a database" in reason or "malformed" in reason or "disk image" in reason:
        return f"{file} is not an SQLite database, or it is damaged: restore it from a backup, or name another file."
    if not file.parent.is_dir():
        return (
            f"The folder {file.parent} does not exist. Make it, or name another in TERMINLOTSE_DATABASE_URL."
        )
    if "readonly" in reason or "unable to open" in reason:
        return f"{file} can not be opened for writing: check who owns it and its folder ({reason})."
    return f"The database {file} does not answer as it should: {reason}"
