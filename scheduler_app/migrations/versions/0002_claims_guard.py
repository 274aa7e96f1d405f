"""The database itself refuses two overlapping claims on one resource.

PostgreSQL: an exclusion constraint. SQLite: triggers; that no claim is longer than a day bounds what they look at.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OVERLAPS = (
    "SELECT RAISE(ABORT, 'claims overlap') WHERE EXISTS (SELECT 1 FROM claims WHERE resource_id = NEW.resource_id "
    "AND starts_minute < NEW.ends_minute AND starts_minute > NEW.starts_minute - 1440 "
    "AND ends_minute > NEW.starts_minute{but_itself})"
)
SQLITE = (
    f"CREATE TRIGGER claims_insert_guard BEFORE INSERT ON claims BEGIN {OVERLAPS.format(but_itself='')}; END",
    (
        "CREATE TRIGGER claims_update_guard BEFORE UPDATE OF resource_id, starts_minute, ends_minute ON claims BEGIN "
        f"{OVERLAPS.format(but_itself=' AND id <> NEW.id')}; END"
    ),
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    (
        "ALTER TABLE claims ADD CONSTRAINT claims_do_not_overlap EXCLUDE USING gist "
        "(resource_id WITH =, int4range(starts_minute, ends_minute) WITH &&)"
    ),
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER claims_insert_guard")
        op.execute("DROP TRIGGER claims_update_guard")
    else:
        op.execute("ALTER TABLE claims DROP CONSTRAINT claims_do_not_overlap")
