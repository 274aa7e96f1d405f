"""`terminlotse worker`: sends messages and gives back slots."""

import fcntl
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from scheduler_app import jobs
from scheduler_app.cli.database import current_database, database_file, settings
from scheduler_app.clock import system_clock


@click.command()
def worker() -> None:
    """Send due messages and give back slots that were kept too long, until SIGTERM or Ctrl-C.

    With PostgreSQL any number of workers may run; with SQLite one.
    """
    how = settings()
    outbox = jobs.outbox_of(how)
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("scheduler_app").setLevel(logging.INFO)
    with current_database(how.database_url) as engine, only_worker(database_file(how.database_url)):
        jobs.run(engine, outbox, system_clock)


@contextmanager
def only_worker(file: Path | None) -> Iterator[None]:
    """Be the only worker of an SQLite database: a lock beside its file, which goes with the process."""
    if file is None:
        yield
        return
    path = file.with_name(file.name + ".worker")
    try:
        lock = path.open("a")
    except OSError as error:
        raise click.ClickException(f"{path} can not be written: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise click.ClickException(
                f"A worker for {file} is running already; an SQLite database has one."
            ) from error
        yield
