"""Many at once: threads, each with a session of its own, and processes that start together."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from scheduler_app.domain.errors import SlotTaken
from scheduler_app.models.engine import configure_engine
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import catalogue_of
from tests.support.builders import FIRST_SLOT, NOW, contact
from tests.support.plans import joint

Result = TypeVar("Result")


def engine_for_many(url: str, threads: int) -> Engine:
    """One connection a thread, kept, as a web process has them."""
    engine = create_engine(url, poolclass=QueuePool, pool_size=threads, max_overflow=0)
    configure_engine(engine)
    return engine


def all_at_once(url: str, tasks: Sequence[Callable[[Session], Result]]) -> list[Result]:
    """Run every task in a thread with a session of its own; all begin when the last one is ready."""
    engine, ready = engine_for_many(url, len(tasks)), Barrier(len(tasks))

    def run(task: Callable[[Session], Result]) -> Result:
        with Session(engine) as session:
            session.connection()
            session.rollback()
            ready.wait(timeout=60)
            return task(session)

    with ThreadPoolExecutor(len(tasks)) as pool:
        results = list(pool.map(run, tasks))
    engine.dispose()
    return results


def in_processes(work: Callable[[str, int], Result], url: str, processes: int) -> list[Result]:
    """Run ``work(url, number)``, a function of a module, in fresh processes."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        return list(pool.map(work, [url] * processes, range(processes)))


def book_joint_slot(url: str, number: int, clients: int = 8) -> list[bool]:
    """One process: several clients want the first slot at once. Who got it?"""

    def task(client: int) -> Callable[[Session], bool]:
        return lambda session: wants_first_slot(session, 1000 * number + client)

    return all_at_once(url, [task(client) for client in range(clients)])


def wants_first_slot(session: Session, client: int) -> bool:
    """Whether this client got it; if not, she was offered others that exist."""
    catalogue = catalogue_of(session, "lotsenau")
    try:
        book_appointment(
            session, catalogue, joint(catalogue), FIRST_SLOT, contact(client), now=NOW, actor="api"
        )
    except SlotTaken as taken:
        if not taken.next_starts or FIRST_SLOT in taken.next_starts:
            raise AssertionError(f"client {client} was offered {taken.next_starts}") from taken
        return False
    return True
