"""The fixtures themselves: what a test gets is migrated, empty, and nobody else's."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from scheduler_app.models import Municipality, schema
from tests.support.databases import KINDS, Databases, engine_for


def test_a_fresh_database_is_migrated_and_empty(session: Session) -> None:
    assert schema.is_current(session.connection())
    assert session.scalar(select(func.count()).select_from(Municipality)) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_two_databases_share_nothing(databases: Databases, kind: str) -> None:
    with databases.fresh(kind) as first, databases.fresh(kind) as second:
        with engine_for(first).begin() as connection:
            connection.exec_driver_sql("CREATE TABLE only_here (id INTEGER)")
        engine = engine_for(second)
        with engine.connect() as connection, pytest.raises((OperationalError, ProgrammingError)):
            connection.exec_driver_sql("SELECT * FROM only_here")
