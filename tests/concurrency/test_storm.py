"""After any mixture of everything at once, nobody is booked twice or by half."""

from collections import Counter

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler_app.models import Claim, Resource
from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.find_slots import find_slots
from tests.support.builders import NOW, Town, add_town
from tests.support.consistency import mistakes_in
from tests.support.oracle import Oracle
from tests.support.plans import joint
from tests.support.rivals import all_at_once, in_processes
from tests.support.storm import Worker

STEPS = 30


def storm(url: str, number: int) -> dict[str, int]:
    """Six people who know of each other's holds; an error that nobody expects ends the test."""
    tokens: list[str] = []
    workers = [Worker("lotsenau", 100 * number + seed, STEPS, tokens) for seed in range(6)]
    done: Counter[str] = Counter()
    for counts in all_at_once(url, workers):
        done.update(counts)
    return dict(done)


def check_afterwards(session: Session, town: Town) -> None:
    assert mistakes_in(session) == []
    bookable = {*town.clerks, *town.advisers, *town.interpreters, *town.rooms}
    for resource_id in bookable.intersection(session.scalars(select(Claim.resource_id))):
        assert session.get_one(Resource, resource_id).version > 1
    if session.get_bind().dialect.name == "postgresql":
        # broken deadlocks are tried again, so nobody would notice them; there are to be none
        broken = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert session.scalar(text(broken)) == 0
    catalogue = catalogue_of(session, town.slug)
    plan = joint(catalogue)
    expected = Oracle(session, town.municipality_id, NOW).starts(plan)
    assert list(find_slots(session, catalogue, plan, now=NOW).starts) == expected


@pytest.mark.parametrize("number", [1, 2])
def test_threads(session: Session, database_url: str, number: int) -> None:
    town = add_town(session, clerks=2, advisers=2, interpreters=3, rooms=2)
    done = storm(database_url, number)
    assert sum(done.values()) == 6 * STEPS
    assert {"book", "hold", "confirm", "cancel", "move", "answer", "slot_taken"} <= done.keys()
    check_afterwards(session, town)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_processes(session: Session, database_url: str) -> None:
    town = add_town(session, clerks=2, advisers=2, interpreters=3, rooms=2)
    session.rollback()
    for done in in_processes(storm, database_url, 2):
        assert sum(done.values()) == 6 * STEPS
    check_afterwards(session, town)
