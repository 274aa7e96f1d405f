"""What the complete search needs: rooms for several talks at once, buffers, lead times, chains of desks.

Columns are added where the table stands, without copying it: others refer to most of these tables, and SQLite does not
let a table go that is referred to. Only ``claims`` and ``appointment_concerns``, to which nothing refers, are copied
there. The guard of 0002 goes with the old ``claims``; the new one counts exclusive claims only.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (
    ("resources", "capacity", "INTEGER NOT NULL DEFAULT 1", "capacity >= 1"),
    ("resources", "is_exclusive", "BOOLEAN NOT NULL DEFAULT true", "is_exclusive = (capacity = 1)"),
    ("interpreters", "gender", "VARCHAR NOT NULL DEFAULT ''", None),
    ("interpreters", "on_site", "BOOLEAN NOT NULL DEFAULT true", None),
    ("interpreters", "by_video", "BOOLEAN NOT NULL DEFAULT false", None),
    ("agencies", "lead_working_days", "INTEGER NOT NULL DEFAULT 0", None),
    ("services", "room_step_free", "BOOLEAN NOT NULL DEFAULT false", None),
    ("services", "lead_working_days", "INTEGER NOT NULL DEFAULT 0", None),
    ("rooms", "after_minutes", "INTEGER NOT NULL DEFAULT 0", None),
    ("service_needs", "minutes", "INTEGER", "minutes > 0"),
    ("service_needs", "offset_minutes", "INTEGER NOT NULL DEFAULT 0", "offset_minutes >= 0"),
    ("service_needs", "before_minutes", "INTEGER NOT NULL DEFAULT 0", "before_minutes >= 0"),
    ("service_needs", "after_minutes", "INTEGER NOT NULL DEFAULT 0", "after_minutes >= 0"),
    ("service_needs", "is_optional", "BOOLEAN NOT NULL DEFAULT false", None),
    ("appointments", "request", "JSON NOT NULL DEFAULT '{}'", None),
)
TAKEN_TWICE = (
    "SELECT 1 FROM claims a JOIN claims b ON b.resource_id = a.resource_id AND b.id > a.id AND NOT a.is_exclusive "
    "AND b.starts_minute < a.ends_minute AND b.ends_minute > a.starts_minute LIMIT 1"
)
SAME_SERVICE_TWICE = (
    "SELECT 1 FROM appointment_concerns GROUP BY appointment_id, service_id HAVING count(*) > 1 LIMIT 1"
)
APPOINTMENTS = "SELECT id, interpreter_language, interpreter_variety FROM appointments"
SERVICES = (
    "SELECT s.key, s.agency_id, s.room_seats FROM appointment_concerns c JOIN services s ON s.id = c.service_id "
    "WHERE c.appointment_id = :id ORDER BY c.position"
)
NAMED_PEOPLE = (
    "SELECT p.resource_id, s.agency_id FROM participations p JOIN staff_members s ON s.resource_id = p.resource_id "
    "WHERE p.appointment_id = :id AND p.ended_at IS NULL AND p.role = 'staff' "
    "AND (p.is_named OR p.role_key LIKE 'person:%') ORDER BY p.id"
)
ROOM = (
    "SELECT resource_id FROM participations WHERE appointment_id = :id AND ended_at IS NULL AND role = 'room' "
    "ORDER BY id LIMIT 1"
)
SQLITE_GUARDS = (
    (
        "CREATE TRIGGER claims_insert_guard BEFORE INSERT ON claims{only} BEGIN "
        "SELECT RAISE(ABORT, 'claims overlap') WHERE EXISTS (SELECT 1 FROM claims "
        "WHERE resource_id = NEW.resource_id AND starts_minute < NEW.ends_minute "
        "AND starts_minute > NEW.starts_minute - 1440 AND ends_minute > NEW.starts_minute{both}); END"
    ),
    (
        "CREATE TRIGGER claims_update_guard BEFORE UPDATE OF resource_id, starts_minute, ends_minute{column} "
        "ON claims{only} BEGIN "
        "SELECT RAISE(ABORT, 'claims overlap') WHERE EXISTS (SELECT 1 FROM claims "
        "WHERE resource_id = NEW.resource_id AND starts_minute < NEW.ends_minute "
        "AND starts_minute > NEW.starts_minute - 1440 AND ends_minute > NEW.starts_minute{both} AND id <> NEW.id); END"
    ),
)


def upgrade() -> None:
    for table, column, kind, check in COLUMNS:
        rule = f" CONSTRAINT ck_{table}_{column} CHECK ({check})" if check else ""
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}{rule}")
    op.create_index("uq_resources_id_is_exclusive", "resources", ["id", "is_exclusive"], unique=True)
    _drop_guard()
    with op.batch_alter_table("claims") as claims:
        claims.add_column(sa.Column("is_exclusive", sa.Boolean(), server_default=sa.true(), nullable=False))
        claims.add_column(sa.Column("place_id", ROW_ID, nullable=True))
        claims.drop_constraint("fk_claims_resource_id", type_="foreignkey")
        claims.create_foreign_key(
            op.f("fk_claims_resource_id_is_exclusive"),
            "resources",
            ["resource_id", "is_exclusive"],
            ["id", "is_exclusive"],
            onupdate="CASCADE",
        )
        claims.create_foreign_key(op.f("fk_claims_place_id"), "places", ["place_id"], ["id"])
    _make_guard(only_exclusive=True)
    _upgrade_concerns()
    _upgrade_requests()
    op.execute(
        "UPDATE claims SET place_id = (SELECT place_id FROM appointments WHERE id = claims.appointment_id) "
        "WHERE resource_id IN (SELECT id FROM resources WHERE kind = 'interpreter')"
    )


def _upgrade_requests() -> None:
    """Until now what was asked for was read off who takes part."""
    connection = op.get_bind()
    for appointment in connection.execute(sa.text(APPOINTMENTS)).all():
        of_it = {"id": appointment.id}
        services = connection.execute(sa.text(SERVICES), of_it).all()
        people = connection.execute(sa.text(NAMED_PEOPLE), of_it).all()
        request: dict[str, object] = {
            "services": [service.key for service in services],
            "language": appointment.interpreter_language,
            "variety": appointment.interpreter_variety,
            "people": [person.resource_id for person in people],
        }
        room = connection.scalar(sa.text(ROOM), of_it)
        agencies = {row.agency_id for row in (*services, *people)}
        if room is not None and len(agencies) == 1 and not any(service.room_seats for service in services):
            request["room"] = room  # nothing but a wish for it can have brought them there
        connection.execute(
            sa.text("UPDATE appointments SET request = :request WHERE id = :id"),
            {**of_it, "request": json.dumps(request)},
        )


def _upgrade_concerns() -> None:
    """Until now all services of an appointment were at one table."""
    for column, kind in (("starts_at", sa.DateTime(timezone=True)), ("ends_at", sa.DateTime(timezone=True)),
                         ("place", sa.String()), ("place_id", ROW_ID)):  # fmt: skip
        op.add_column("appointment_concerns", sa.Column(column, kind, nullable=True))
    op.execute(
        "UPDATE appointment_concerns SET (starts_at, ends_at, place, place_id) = "
        "(SELECT starts_at, ends_at, place, place_id FROM appointments WHERE id = appointment_concerns.appointment_id)"
    )
    with op.batch_alter_table("appointment_concerns") as concerns:
        concerns.alter_column("starts_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        concerns.alter_column("ends_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        concerns.alter_column("place", existing_type=sa.String(), nullable=False)
        concerns.create_foreign_key(op.f("fk_appointment_concerns_place_id"), "places", ["place_id"], ["id"])
        concerns.drop_constraint("uq_appointment_concerns_appointment_id_service_id", type_="unique")
        concerns.create_unique_constraint(
            op.f("uq_appointment_concerns_appointment_id_position"), ["appointment_id", "position"]
        )
        concerns.create_check_constraint(
            op.f("ck_appointment_concerns_ends_after_start"), "ends_at > starts_at"
        )


def downgrade() -> None:
    """Refused, before anything is changed, where something is booked that 0002 does not allow."""
    for query, what in (
        (TAKEN_TWICE, "resources are taken twice at one time"),
        (SAME_SERVICE_TWICE, "appointments have one service twice"),
    ):
        if op.get_bind().scalar(sa.text(query)):
            raise RuntimeError(f"revision 0002 cannot keep what is booked: {what}; cancel those first")
    with op.batch_alter_table("appointment_concerns") as concerns:
        concerns.drop_constraint("uq_appointment_concerns_appointment_id_position", type_="unique")
        concerns.create_unique_constraint(
            op.f("uq_appointment_concerns_appointment_id_service_id"), ["appointment_id", "service_id"]
        )
        concerns.drop_constraint("fk_appointment_concerns_place_id", type_="foreignkey")
        concerns.drop_constraint(op.f("ck_appointment_concerns_ends_after_start"), type_="check")
        for column in ("starts_at", "ends_at", "place", "place_id"):
            concerns.drop_column(column)
    _drop_guard()
    with op.batch_alter_table("claims") as claims:
        claims.drop_constraint("fk_claims_resource_id_is_exclusive", type_="foreignkey")
        claims.drop_constraint("fk_claims_place_id", type_="foreignkey")
        claims.drop_column("is_exclusive")
        claims.drop_column("place_id")
        claims.create_foreign_key(op.f("fk_claims_resource_id"), "resources", ["resource_id"], ["id"])
    _make_guard(only_exclusive=False)
    op.drop_index("uq_resources_id_is_exclusive", table_name="resources")
    for table, column, _kind, _check in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _drop_guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER claims_insert_guard")
        op.execute("DROP TRIGGER claims_update_guard")
    else:
        op.execute("ALTER TABLE claims DROP CONSTRAINT claims_do_not_overlap")


def _make_guard(*, only_exclusive: bool) -> None:
    """As in 0002; that no claim is longer than a day bounds what the triggers look at."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "ALTER TABLE claims ADD CONSTRAINT claims_do_not_overlap EXCLUDE USING gist "
            "(resource_id WITH =, int4range(starts_minute, ends_minute) WITH &&)"
            + (" WHERE (is_exclusive)" if only_exclusive else "")
        )
        return
    words = {"only": " WHEN NEW.is_exclusive", "both": " AND is_exclusive", "column": ", is_exclusive"}
    for statement in SQLITE_GUARDS:
        op.execute(statement.format(**(words if only_exclusive else dict.fromkeys(words, ""))))
