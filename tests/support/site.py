"""The municipality of the demo, empty and running: pages over loopback, the worker's tick when a test asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from scheduler_app import jobs
from scheduler_app.clock import system_clock
from scheduler_app.config import Settings
from scheduler_app.models import Account
from scheduler_app.models.engine import begin_write
from scheduler_app.services.import_municipality import import_municipality
from scheduler_app.services.send_due_notifications import Outbox
from scheduler_app.services.sign_in import set_password
from tests.support.databases import engine_for
from tests.support.project import ROOT
from tests.support.server import SECRET_KEY, running_server

MUNICIPALITY_FILE = ROOT / "scheduler_app" / "demo" / "moers.yaml"
PASSWORD = "the same for all of them"


@dataclass(frozen=True)
class Site:
    """``base_url`` without a trailing slash; every account of the municipality file has PASSWORD."""

    base_url: str
    engine: Engine
    outbox: Outbox

    def deliver(self) -> None:
        """Send every message that is due now."""
        while jobs.send_tick(self.engine, self.outbox, system_clock):
            pass


@contextmanager
def running_site(database_url: str, folder: Path) -> Iterator[Site]:
    """Fill a migrated database with the demo's municipality and serve it as a demo; ``folder`` takes the output."""
    engine = engine_for(database_url)
    with Session(engine) as session:
        import_municipality(session, MUNICIPALITY_FILE.read_bytes(), now=system_clock())
        _set_passwords(session)
    with running_server(database_url, folder, {"TERMINLOTSE_DEMO": "1"}, workers=1) as base_url:
        settings = Settings(database_url, SECRET_KEY, public_url=base_url, demo=True)
        yield Site(base_url, engine, jobs.outbox_of(settings))
    engine.dispose()


def _set_passwords(session: Session) -> None:
    """Hashed once, as a hash is made to take its time."""
    begin_write(session)
    first = session.scalars(select(Account).limit(1)).one()
    set_password(session, first, PASSWORD)
    session.flush()
    session.execute(update(Account).values(password_hash=first.password_hash))
    session.commit()
