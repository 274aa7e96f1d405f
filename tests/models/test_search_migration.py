"""Rows written before the search was complete are there after migration 0003, and after going back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Table,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler_app.models import Appointment, Claim, Interpreter, Place, Resource, Room, Service, schema
from scheduler_app.models.engine import is_lost_race
from scheduler_app.services.slot_request import SlotRequest
from tests.support.databases import engine_for

STARTS_AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("municipalities", {}),
    ("places", {}),
    ("agencies", {}),
    *(("resources", {"id": n, "kind": "interpreter" if n == 2 else "x"}) for n in range(1, 6)),
    ("staff_members", {"resource_id": 1}),
    ("interpreters", {"resource_id": 2}),
    ("rooms", {"resource_id": 3}),
    ("clients", {"resource_id": 4}),
    ("teams", {}),
    ("services", {"id": 1, "key": "one", "minutes": 30}),
    ("services", {"id": 2, "key": "two", "minutes": 20}),
    ("service_needs", {"staff_member_id": None}),
    ("appointments", {"id": 1, "number": "A", "uid": "a", "ends_at": STARTS_AT + timedelta(minutes=45)}),
    ("appointments", {"id": 2, "number": "B", "uid": "b", "ends_at": STARTS_AT + timedelta(hours=1), "place_id": None}),
    ("participations", {"id": 1, "uid": "p1", "resource_id": 1, "role": "staff",
                        "role_key": "person:1", "ended_at": None}),
    ("participations", {"id": 2, "uid": "p2", "appointment_id": 2, "resource_id": 1, "role": "staff",
                        "role_key": "team:1", "is_named": False, "ended_at": None}),
    ("appointment_concerns", {"id": 1, "service_id": 1, "position": 0}),
    ("appointment_concerns", {"id": 2, "service_id": 2, "position": 1}),
    ("appointment_concerns", {"id": 3, "appointment_id": 2, "service_id": 2, "position": 0}),
    ("claims", {"id": 1, "resource_id": 1, "starts_minute": 1000, "ends_minute": 1060, "hold_id": None}),
    ("claims", {"id": 2, "resource_id": 3, "starts_minute": 1000, "ends_minute": 1060, "hold_id": None}),
    ("claims", {"id": 4, "resource_id": 2, "starts_minute": 1060, "ends_minute": 1090, "hold_id": None}),
    ("claims", {"id": 3, "resource_id": 3, "starts_minute": 1060, "ends_minute": 1090, "hold_id": None}),
]  # fmt: skip
TABLES = tuple(dict.fromkeys(table for table, _ in ROWS))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """At 0002, with rows."""
    made = engine_for(database_url)
    schema.downgrade(made, "0002")
    with made.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for name, values in ROWS:
            connection.execute(tables.tables[name].insert().values(filled(tables.tables[name], values)))
    yield made
    made.dispose()


def filled(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Whatever a column takes, where it does not matter; the first row where it refers to another table."""

    def something(kind: object) -> object:
        for known, value in ((DateTime, STARTS_AT), (JSON, {"de": "x"}), (Boolean, True), (Integer, 1)):
            if isinstance(kind, known):
                return value
        return "x"

    return {
        column.name: something(column.type)
        for column in table.columns
        if column.name not in ("expires_at", "cancelled_at", "case_id", "latitude", "longitude")
    } | values


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    tables = MetaData()
    tables.reflect(connection)
    return {
        name: [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
        for name, table in tables.tables.items()
        if name in TABLES
    }


def checks(connection: Connection) -> dict[str, set[str]]:
    inspector = inspect(connection)
    return {
        table: {
            *(f"{rule['name']}: {rule['sqltext']}" for rule in inspector.get_check_constraints(table)),
            *(f"{rule['name']}" for rule in inspector.get_foreign_keys(table)),
            *(f"{rule['name']}" for rule in inspector.get_unique_constraints(table)),
            *(f"{rule['name']}" for rule in inspector.get_indexes(table)),
        }
        for table in TABLES
    }


def read(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    with engine.connect() as connection:
        return contents(connection)


def test_what_was_there_is_there_after_going_up_and_down(engine: Engine) -> None:
    before = read(engine)
    with engine.connect() as connection:
        rules = checks(connection)
    schema.upgrade(engine)
    after = read(engine)
    for name, rows in before.items():
        kept = [{column: row[column] for column in old} for old, row in zip(rows, after[name], strict=True)]
        assert kept == rows, name
    schema.downgrade(engine, "0002")
    assert read(engine) == before
    with engine.connect() as connection:
        assert checks(connection) == rules


def test_no_rule_is_lost_on_the_way_up(engine: Engine) -> None:
    with engine.connect() as connection:
        before = checks(connection)
    schema.upgrade(engine)
    with engine.connect() as connection:
        after = checks(connection)
    lost = {rule for table in TABLES for rule in before[table] - after[table] if ":" in rule or "ix_" in rule}
    assert lost - {"claims_do_not_overlap"} == set()


def test_what_is_new_has_the_meaning_that_it_had_before(engine: Engine) -> None:
    schema.upgrade(engine)
    with Session(engine) as session:
        assert {(r.capacity, r.is_exclusive) for r in session.scalars(select(Resource))} == {(1, True)}
        claims = session.scalars(select(Claim)).all()
        assert {c.is_exclusive for c in claims} == {True}
        assert {c.resource_id: c.place_id for c in claims} == {
            1: None,
            2: 1,
            3: None,
        }  # who travels, from where
        interpreter = session.scalars(select(Interpreter)).one()
        assert (interpreter.gender, interpreter.on_site, interpreter.by_video) == ("", True, False)
        assert session.scalars(select(Room.after_minutes)).one() == 0
        service = session.get_one(Service, 1)
        assert (service.lead_working_days, service.room_step_free) == (0, False)
        (need,) = service.needs
        assert (need.minutes, need.offset_minutes, need.is_optional) == (None, 0, False)
        assert (need.before_minutes, need.after_minutes) == (0, 0)
        place_id = session.scalars(select(Place.id)).one()
        first, second = session.scalars(select(Appointment).order_by(Appointment.id))
        assert [SlotRequest.from_json(a.request) for a in (first, second)] == [
            SlotRequest(("one", "two"), "x", "x", people=(1,)),
            SlotRequest(("two",), "x", "x"),
        ]
        assert [(c.starts_at, c.ends_at, c.place, c.place_id) for c in first.concerns] == [
            (first.starts_at, first.ends_at, "x", place_id)
        ] * 2
        assert [(c.ends_at, c.place_id) for c in second.concerns] == [(second.ends_at, None)]


def test_the_guard_holds_after_going_up_and_after_going_down(engine: Engine) -> None:
    overlap = text(
        "INSERT INTO claims (id, municipality_id, resource_id, starts_minute, ends_minute) "
        "VALUES (99, 1, 1, 1030, 1040)"
    )
    schema.upgrade(engine)
    for _ in range(2):
        with engine.connect() as connection, pytest.raises(IntegrityError) as refused:
            connection.execute(overlap)
        assert is_lost_race(refused.value)
        schema.downgrade(engine, "0002")


SECOND_IN_THE_HALL = (
    "INSERT INTO claims (id, municipality_id, resource_id, starts_minute, ends_minute, is_exclusive) "
    "VALUES (99, 1, 3, 1030, 1040, false)"
)
SAME_SERVICE_AGAIN = (
    "INSERT INTO appointment_concerns "
    "(id, municipality_id, appointment_id, service_id, position, starts_at, ends_at, place) "
    "SELECT 99, 1, 2, 2, 1, starts_at, ends_at, place FROM appointments WHERE id = 2"
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (SECOND_IN_THE_HALL, "resources are taken twice at one time"),
        (SAME_SERVICE_AGAIN, "appointments have one service twice"),
    ],
)
def test_going_down_is_refused_where_something_booked_would_be_lost(
    engine: Engine, change: str, reason: str
) -> None:
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE resources SET capacity = 3, is_exclusive = false WHERE id = 3"))
        connection.execute(text(change))
    before = read(engine)
    with pytest.raises(RuntimeError, match=reason):
        schema.downgrade(engine, "0002")
    assert read(engine) == before
    with engine.connect() as connection:
        assert schema.is_current(connection)


def test_a_hall_that_nobody_shares_goes_down_with_its_claims(engine: Engine) -> None:
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE resources SET capacity = 3, is_exclusive = false WHERE id = 3"))
    schema.downgrade(engine, "0002")
    assert [row["id"] for row in read(engine)["claims"]] == [1, 2, 3, 4]
