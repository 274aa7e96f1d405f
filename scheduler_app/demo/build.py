"""Making the demo's database: tables, municipality, passwords, well-known clients, a busy calendar."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from scheduler_app.demo.diary import Diary
from scheduler_app.demo.scenarios import ClientLink, add_scenarios
from scheduler_app.demo.store_visits import VisitStore
from scheduler_app.demo.visits import Inventor
from scheduler_app.models import Account, StaffMember, schema
from scheduler_app.models.engine import begin_write
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.free_times import booking_window
from scheduler_app.services.import_municipality import import_municipality
from scheduler_app.services.read_free_times import read_free_times
from scheduler_app.services.sign_in import set_password

MUNICIPALITY_FILE = Path(__file__).with_name("moers.yaml")
SLUG = "moers"
PASSWORD = "moers-demo-2026"  # noqa: S105  # everybody is meant to know it
SEED = 20261


@dataclass(frozen=True)
class BuiltDemo:
    """What only is known while it is made: of links the database keeps hashes."""

    client_links: list[ClientLink]


def build_demo(engine: Engine, *, now: datetime) -> BuiltDemo:
    """Fill an empty database."""
    schema.upgrade(engine)
    with Session(engine) as session:
        import_municipality(session, MUNICIPALITY_FILE.read_bytes(), now=now)
        _set_passwords(session)
        catalogue = catalogue_of(session, SLUG)
        links = add_scenarios(session, catalogue, now=now)
        fill_calendars(session, catalogue, now=now)
    return BuiltDemo(links)


def fill_calendars(session: Session, catalogue: Catalogue, *, now: datetime) -> None:
    """Appointments and other obligations from this week on, around what is there already; commits."""
    window = booking_window(catalogue, now=now)
    random = Random(SEED)  # noqa: S311  # invented people need no secrets
    times = read_free_times(session, catalogue, window, catalogue.resource_ids, now=now)
    diary = Diary(
        window,
        {resource_id: time.free for resource_id, time in times.items()},
        {resource_id: time.after for resource_id, time in times.items()},
    )
    inventor = Inventor(catalogue, diary, random, now=now)
    invented = inventor.fill(_case_managers(session, catalogue))
    VisitStore(session, catalogue, window, random, now=now).store(invented)


def _set_passwords(session: Session) -> None:
    """One password for everybody; it is hashed once, as a hash is made to take its time."""
    begin_write(session)
    accounts = session.scalars(select(Account).order_by(Account.id)).all()
    set_password(session, accounts[0], PASSWORD)
    session.flush()
    session.execute(update(Account).values(password_hash=accounts[0].password_hash))
    session.commit()


def _case_managers(session: Session, catalogue: Catalogue) -> list[int]:
    """Resource ids of those who may sit at a table of several agencies."""
    accounts = session.scalars(select(Account).join(StaffMember).order_by(Account.id))
    found = [a.staff_member.resource_id for a in accounts if a.staff_member and "case_manager" in a.roles]
    return [resource_id for resource_id in found if resource_id in catalogue.staff]
