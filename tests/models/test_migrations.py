"""Migrations go up, down and up again on both databases, and end where the models are."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from scheduler_app.models import Base, schema
from tests.support.databases import engine_for


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    yield made
    made.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_end_where_the_models_are(engine: Engine) -> None:
    with engine.connect() as connection:
        command.check(schema.alembic_config(connection))  # raises if a migration is missing
    assert tables(engine) == set(Base.metadata.tables)


def test_down_and_up_again(engine: Engine) -> None:
    revisions = [script.revision for script in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()]
    for revision in [*revisions[1:], "base"]:
        schema.downgrade(engine, revision)
        with engine.connect() as connection:
            now_at = MigrationContext.configure(connection).get_current_revision()
            assert now_at == (None if revision == "base" else revision)
            assert not schema.is_current(connection)
    assert tables(engine) == set()
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.is_current(connection)
        command.check(schema.alembic_config(connection))
    assert tables(engine) == set(Base.metadata.tables)


def test_up_again_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.is_current(connection)


def test_the_guard_is_back_after_down_and_up(engine: Engine) -> None:
    schema.downgrade(engine, "0001")
    schema.upgrade(engine)
    guards = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'claims'",
        "postgresql": "SELECT 2 * count(*) FROM pg_constraint WHERE conname = 'claims_do_not_overlap'",
    }
    with engine.connect() as connection:
        assert connection.scalar(text(guards[engine.dialect.name])) == 2
