"""The database itself refuses that one resource is taken twice, whoever writes to it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from scheduler_app.models import Claim as ClaimRow
from scheduler_app.models import Resource
from scheduler_app.models.engine import begin_write, is_lost_race
from tests.support.builders import Town, add_town

Claim = Callable[[int, int, int], None]
DAY = 24 * 60


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session)


@pytest.fixture
def claim(session: Session, town: Town) -> Claim:
    """A raw INSERT: no service, no lock."""

    def insert(resource_id: int, starts: int, ends: int) -> None:
        session.execute(
            text(
                "INSERT INTO claims (municipality_id, resource_id, starts_minute, ends_minute) "
                "VALUES (:town, :resource, :starts, :ends)"
            ),
            {"town": town.municipality_id, "resource": resource_id, "starts": starts, "ends": ends},
        )

    return insert


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (1000, 1060),
        (1030, 1031),
        (990, 1001),
        (1059, 1100),
        (900, 1200),
        (1001 - DAY, 1001),
        (1059, 1059 + DAY),
    ],
)
def test_an_overlapping_insert_is_refused(
    session: Session, town: Town, claim: Claim, starts: int, ends: int
) -> None:
    claim(town.clerks[0], 1000, 1060)
    with pytest.raises(IntegrityError) as refused:
        claim(town.clerks[0], starts, ends)
    assert is_lost_race(refused.value)


@pytest.mark.parametrize(
    ("starts", "ends"), [(940, 1000), (1060, 1061), (1060, 1060 + DAY), (1000 - DAY, 1000)]
)
def test_what_only_touches_is_accepted(
    session: Session, town: Town, claim: Claim, starts: int, ends: int
) -> None:
    claim(town.clerks[0], 1000, 1060)
    claim(town.clerks[0], starts, ends)


def test_another_resource_is_accepted(session: Session, town: Town, claim: Claim) -> None:
    claim(town.clerks[0], 1000, 1060)
    claim(town.clerks[1], 1000, 1060)


@pytest.mark.parametrize("length", [DAY + 1, 0, -5])
def test_a_claim_is_longer_than_nothing_and_at_most_a_day(
    session: Session, town: Town, claim: Claim, length: int
) -> None:
    with pytest.raises(IntegrityError) as refused:
        claim(town.clerks[0], 1000, 1000 + length)
    assert not is_lost_race(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        "starts_minute = 1059 WHERE starts_minute = 1060",
        "ends_minute = 1061 WHERE ends_minute = 1060",
        "resource_id = 1 WHERE resource_id = 2",
        "starts_minute = 1030, ends_minute = 1040 WHERE starts_minute = 1060",
    ],
)
def test_an_overlapping_update_is_refused(session: Session, town: Town, claim: Claim, change: str) -> None:
    assert town.clerks == [1, 2]
    claim(1, 1000, 1060)
    claim(1, 1060, 1120)
    claim(2, 1000, 1060)
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE claims SET {change}"))
    assert is_lost_race(refused.value)


def test_an_update_that_moves_a_claim_over_itself_is_accepted(
    session: Session, town: Town, claim: Claim
) -> None:
    claim(town.clerks[0], 1000, 1060)
    claim(town.clerks[0], 1090, 1120)
    session.execute(
        text("UPDATE claims SET starts_minute = 1030, ends_minute = 1090 WHERE starts_minute = 1000")
    )
    session.execute(text("UPDATE claims SET expires_at = NULL"))


CLAIM_OF_HALL = text(
    "INSERT INTO claims (municipality_id, resource_id, starts_minute, ends_minute, is_exclusive) "
    "VALUES (:town, :resource, :starts, :ends, :exclusive)"
)


@pytest.fixture
def hall(session: Session, town: Town) -> int:
    """A resource id: three can use it at once."""
    (room,) = town.rooms
    session.execute(
        text("UPDATE resources SET capacity = 3, is_exclusive = false WHERE id = :id"), {"id": room}
    )
    return room


def claim_of_hall(session: Session, town: Town, hall: int, starts: int, *, exclusive: bool = False) -> None:
    span = {"starts": starts, "ends": starts + 60}
    session.execute(
        CLAIM_OF_HALL, {"town": town.municipality_id, "resource": hall, "exclusive": exclusive, **span}
    )


def test_a_hall_takes_several_at_once(session: Session, town: Town, hall: int) -> None:
    for starts in (1000, 1000, 1030):
        claim_of_hall(session, town, hall, starts)


def test_a_claim_of_a_hall_can_not_say_that_it_is_exclusive(session: Session, town: Town, hall: int) -> None:
    with pytest.raises(IntegrityError) as refused:
        claim_of_hall(session, town, hall, 1000, exclusive=True)
    assert not is_lost_race(refused.value)


def test_a_claim_of_a_person_can_not_say_that_it_is_not_exclusive(
    session: Session, town: Town, claim: Claim
) -> None:
    claim(town.clerks[0], 1000, 1060)
    with pytest.raises(IntegrityError) as refused:
        claim_of_hall(session, town, town.clerks[0], 1030)
    assert not is_lost_race(refused.value)


def test_an_update_can_not_take_a_claim_out_of_the_guard(session: Session, town: Town, claim: Claim) -> None:
    claim(town.clerks[0], 1000, 1060)
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE claims SET is_exclusive = false"))


def test_claims_follow_when_a_room_becomes_a_hall_and_a_room_again(
    session: Session, town: Town, claim: Claim
) -> None:
    (room,) = town.rooms
    claim(room, 1000, 1060)
    session.execute(
        text("UPDATE resources SET capacity = 2, is_exclusive = false WHERE id = :id"), {"id": room}
    )
    assert session.scalars(select(ClaimRow.is_exclusive)).all() == [False]
    session.execute(
        text("UPDATE resources SET capacity = 1, is_exclusive = true WHERE id = :id"), {"id": room}
    )
    session.expire_all()
    assert session.scalars(select(ClaimRow.is_exclusive)).all() == [True]
    with pytest.raises(IntegrityError) as refused:
        claim(room, 1030, 1040)
    assert is_lost_race(refused.value)


def test_a_hall_with_claims_at_one_time_can_not_become_a_room(
    session: Session, town: Town, hall: int
) -> None:
    for starts in (1000, 1030):
        claim_of_hall(session, town, hall, starts)
    with pytest.raises(IntegrityError) as refused:
        session.execute(
            text("UPDATE resources SET capacity = 1, is_exclusive = true WHERE id = :id"), {"id": hall}
        )
    assert is_lost_race(refused.value)


@pytest.mark.parametrize(
    "change", ["capacity = 0, is_exclusive = false", "capacity = 2", "is_exclusive = false", "capacity = -1"]
)
def test_capacity_is_at_least_one_and_exclusive_means_one(session: Session, town: Town, change: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE resources SET {change} WHERE id = :id"), {"id": town.rooms[0]})
    assert not is_lost_race(refused.value)


def test_a_mistake_of_ours_is_not_a_lost_race(session: Session, town: Town, claim: Claim) -> None:
    with pytest.raises(DBAPIError) as unknown_resource:
        claim(999, 1000, 1060)
    assert not is_lost_race(unknown_resource.value)


def test_a_unique_key_that_is_taken_is_a_lost_race(session: Session, town: Town) -> None:
    with pytest.raises(IntegrityError) as taken:
        session.execute(text("INSERT INTO pool_serves (municipality_id, agency_id) VALUES (1, 1), (1, 1)"))
    assert is_lost_race(taken.value)


def test_unwritten_changes_are_not_lost_when_a_service_begins_to_write(session: Session, town: Town) -> None:
    session.get_one(Resource, town.clerks[0])
    begin_write(session)  # what was only read is let go
    session.get_one(Resource, town.clerks[0]).version = 7
    with pytest.raises(RuntimeError, match="not written"):
        begin_write(session)
