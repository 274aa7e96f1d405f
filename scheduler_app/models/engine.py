"""The one module that knows which database it is.

Everything else issues the same SQL on both: ``SELECT ... FOR UPDATE`` is left out by SQLAlchemy on SQLite, where
``BEGIN IMMEDIATE`` already makes a write transaction the only one.
"""

from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_LOST_RACES = frozenset(
    {
        "23505", "23P01", "40P01", "40001",  # unique, exclusion, deadlock, serialisation
        "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_TRIGGER",
    }
)  # fmt: skip


def configure_engine(engine: Engine) -> None:
    """Set up a new engine, of the web, a command or the worker: its errors name no values, as they end in logs.

    On SQLite also write-ahead log, foreign keys, and transactions that begin when we say so.
    """
    engine.hide_parameters = True
    if not event.contains(engine, "handle_error", _hide_values):
        event.listen(engine, "handle_error", _hide_values)
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _prepare_sqlite):
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def begin_write(session: Session) -> None:
    """Begin the transaction in which a service reads, checks and writes.

    What was only read before is let go: on SQLite a transaction that has begun to read can not safely begin to write
    (SQLITE_BUSY_SNAPSHOT), and on both what is decided now must be read now. Raises RuntimeError where unwritten
    changes would be lost.
    """
    if session.in_transaction():
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("begin_write() in a session with changes that are not written yet")
        session.rollback()
    session.connection(execution_options={"begins_write": True})


def begin_read(session: Session) -> None:
    """For a request that only looks: on PostgreSQL each query stands for itself, which saves two round trips.

    Under READ COMMITTED each query sees the latest state anyway. On SQLite a transaction costs nothing.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def _hide_values(context: ExceptionContext) -> None:
    """PostgreSQL adds the row in question to its message ("DETAIL: Key (phone)=(...) already exists")."""
    original = context.original_exception
    diagnosis = getattr(original, "diag", None)
    wrapped = context.sqlalchemy_exception
    if diagnosis is None or not diagnosis.message_detail or wrapped is None:
        return
    told = str(original)
    original.args = (diagnosis.message_primary,)
    wrapped.args = tuple(str(part).replace(told, diagnosis.message_primary) for part in wrapped.args)


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions too late, and lose updates
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("begins_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_lost_race(error: DBAPIError) -> bool:
    """Whether somebody else was faster: the guard or a unique key refused, or (PostgreSQL) a deadlock was broken.

    Other broken constraints are mistakes of ours, and stay errors.
    """
    codes = {getattr(error.orig, name, None) for name in ("sqlstate", "sqlite_errorname")}
    return not codes.isdisjoint(_LOST_RACES)
