"""What one process keeps in memory is right whatever another one has just written."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import SlotTaken
from scheduler_app.services.answer_assignment import decline_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.confirm_hold import confirm_hold
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.free_times import booking_window, free_times
from scheduler_app.services.hold_slot import expire_holds, hold_slot, release_hold
from scheduler_app.services.import_municipality import import_municipality
from scheduler_app.services.participations import active_interpreter
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.read_free_times import FreeTime, read_free_times
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import FIRST_SLOT, NOW, add_absence, add_town, contact, lend_pool
from tests.support.consistency import mistakes_in
from tests.support.databases import engine_for
from tests.support.oracle import Oracle
from tests.support.plans import joint
from tests.support.rivals import in_processes
from tests.support.storm import Worker

Taken = tuple[int, int, tuple[tuple[int, int], ...]]
LATEST_CLOCK = NOW + timedelta(minutes=16)
"""No request of the workers is later: in one process time does not go back."""

SNAPSHOT = {"sqlite": "SERIALIZABLE", "postgresql": "REPEATABLE READ"}
"""So that what is kept and what is read are of one moment."""

DOCUMENTED = Path(__file__).parents[2] / "docs" / "municipality-file.md"


@pytest.fixture
def reader(database_url: str) -> Iterator[Session]:
    """Another process: an engine, and so a cache, of its own."""
    engine = engine_for(database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def check(reader: Session, slug: str, now: datetime) -> None:
    reader.rollback()
    catalogue = catalogue_of(reader, slug)
    expected = Oracle(reader, catalogue.municipality_id, now).starts(joint(catalogue))
    assert list(find_slots(reader, catalogue, joint(catalogue), now=now).starts) == expected
    reader.rollback()


def test_after_every_write_elsewhere_the_next_search_is_right(session: Session, reader: Session) -> None:
    town = add_town(session, clerks=1, interpreters=2)
    catalogue = catalogue_of(session, town.slug)
    plan, start, later = joint(catalogue), FIRST_SLOT + timedelta(hours=2), FIRST_SLOT + timedelta(days=1)

    def look(now: datetime = NOW) -> None:
        check(reader, town.slug, now)
        check(session, town.slug, now)

    look()
    appointment = book_appointment(
        session, catalogue, plan, start, contact(), now=NOW, actor="api"
    ).appointment
    look()
    move_appointment(session, catalogue, appointment.id, later, now=NOW, actor="client")
    look()
    interpreter = active_interpreter(appointment)
    assert interpreter is not None
    decline_assignment(
        session, interpreter.id, resource_id=interpreter.resource_id, sequence=interpreter.sequence, now=NOW
    )
    look()
    cancel_appointment(session, catalogue, appointment.id, now=NOW, actor="client")
    look()
    held = hold_slot(session, catalogue, plan, start, now=NOW)
    look()
    release_hold(session, held.token, municipality_id=town.municipality_id, now=NOW)
    look()
    held = hold_slot(session, catalogue, plan, start, now=NOW)
    look()
    confirm_hold(session, catalogue, held.token, contact(2), now=NOW)
    look()
    hold_slot(session, catalogue, plan, later, now=NOW)
    look()
    run_out = NOW + timedelta(minutes=15)
    look(run_out)
    expire_holds(session, now=run_out)
    look(run_out)
    add_absence(session, town, town.clerks[0], later, later + timedelta(hours=1))
    session.commit()
    look(run_out)


def masks(session: Session, catalogue: Catalogue, now: datetime) -> tuple[dict[int, Taken], dict[int, Taken]]:
    """What the cache says, and what the tables say at that very moment."""
    window = booking_window(catalogue, now=now)
    kept = free_times(session, catalogue, window, now=now).by_resource
    fresh = read_free_times(session, catalogue, window, list(kept), now=now)
    return taken(kept), taken(fresh)


def taken(times: Mapping[int, FreeTime]) -> dict[int, Taken]:
    return {who: (time.free, time.busy, time.away) for who, time in times.items()}


def work_and_look(url: str, number: int) -> Counter[str]:
    """One process: now it books, holds, moves or cancels something, now it compares what it keeps with the tables."""
    engine = engine_for(url)
    worker = Worker("lotsenau", number, 0, [])
    rng, done = random.Random(number), Counter[str]()  # noqa: S311  # the same every time
    with Session(engine) as writing, Session(engine) as looking:
        for _ in range(30):
            action = rng.choice(
                (worker.book, worker.hold, worker.hold, worker.move, worker.cancel, worker.expire)
            )
            worker.step(writing, rng, action)
            looking.connection(execution_options={"isolation_level": SNAPSHOT[engine.dialect.name]})
            for slug in ("lotsenau", "borrower"):
                kept, fresh = masks(looking, catalogue_of(looking, slug), LATEST_CLOCK)
                if kept != fresh:
                    raise AssertionError(f"process {number} keeps what is no longer true of {slug}")
            looking.rollback()
        done.update(worker.done)
    engine.dispose()
    return done


def test_processes_that_all_write_see_each_other(session: Session, database_url: str) -> None:
    """Three processes and a municipality that shares their interpreters."""
    town = add_town(session, clerks=2, advisers=2, interpreters=3, rooms=2)
    lend_pool(session, town, add_town(session, "borrower"))
    session.rollback()
    done = sum(in_processes(work_and_look, database_url, 3), Counter[str]())
    assert done["book"] + done["hold"] > 5
    assert mistakes_in(session) == []


def test_a_move_that_failed_leaves_no_trace_in_memory(session: Session, reader: Session) -> None:
    """Under the lock a move has let its old time go; when it is refused, nobody may believe so, then or later."""
    town = add_town(session, clerks=1)
    catalogue = catalogue_of(session, town.slug)
    plan, there = joint(catalogue), FIRST_SLOT + timedelta(hours=3)
    appointment = book_appointment(
        session, catalogue, plan, FIRST_SLOT, contact(1), now=NOW, actor="api"
    ).appointment
    book_appointment(session, catalogue, plan, there, contact(2), now=NOW, actor="api")
    with pytest.raises(SlotTaken):
        move_appointment(session, catalogue, appointment.id, there, now=NOW, actor="client")
    check(session, town.slug, NOW)
    other = catalogue_of(reader, town.slug)
    last = FIRST_SLOT + timedelta(days=1)
    book_appointment(reader, other, joint(other), last, contact(3), now=NOW, actor="api")
    check(session, town.slug, NOW)


def test_an_import_elsewhere_is_seen(session: Session, reader: Session) -> None:
    text = DOCUMENTED.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    import_municipality(session, text, now=NOW)

    def starts(of: Session) -> list[datetime]:
        of.rollback()
        catalogue = catalogue_of(of, "musterstadt")
        plan = plan_appointment(catalogue, SlotRequest(("titel-verlaengern",)))
        found = list(find_slots(of, catalogue, plan, now=NOW).starts)
        assert found == [
            start for start in Oracle(of, catalogue.municipality_id, NOW).starts(plan) if start in found
        ]
        of.rollback()
        return found

    before = starts(reader)
    assert starts(session) == before
    longer = text.replace('mon: "08:00-12:00"\n', 'mon: "08:00-13:00"\n')
    assert longer != text
    import_municipality(session, longer, now=NOW)
    more = starts(reader)
    assert set(before) < set(more)
    closed = longer.replace("until: 2027-02-08,", "until: 2027-02-09,").replace(
        "2027-02-08,", "2026-11-30,", 1
    )
    import_municipality(session, closed.replace("2027-02-09", "2026-11-30"), now=NOW)
    fewer = starts(reader)
    assert {start.date().isoformat() for start in set(more) - set(fewer)} == {"2026-11-30"}
    alone = closed.replace("staff: [k.yilmaz, b.schneider]", "staff: [b.schneider]")
    import_municipality(session, alone.replace("2027-02-09", "2026-11-30"), now=NOW)
    assert set(starts(reader)) < set(fewer)
    assert starts(session) == starts(reader)
