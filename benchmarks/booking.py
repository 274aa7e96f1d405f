"""Booking a joint appointment for five resources: everything that a booking writes, against its claims alone."""

from functools import partial

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.load import slug_of
from benchmarks.measure import Timings, table
from benchmarks.searches import plan_of
from benchmarks.site import DATABASES, Site, engine_of
from scheduler_app.domain.opening_hours import from_epoch_minute
from scheduler_app.models import Claim
from scheduler_app.models.engine import begin_write
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.contact import Contact
from scheduler_app.services.find_slots import find_slots

RESOURCES = 5
P99_GOAL_MS = 50.0


def measure(site: Site) -> str:
    """One row a database. Changes the data, so it comes last."""
    rows = []
    for database in DATABASES:
        booking, bare = _timed(site, site.urls[database])
        missed = "" if booking.p99 <= P99_GOAL_MS else "missed"
        ratio = f"{booking.median / bare.median:.1f}"
        rows.append([
            database, *booking.columns(), f"<= {P99_GOAL_MS:g}", missed, *bare.columns()[:1], ratio
        ])  # fmt: skip
    heads = ["database", "booking", "p99", "goal", "", "claims alone", "ratio"]
    return table(
        f"Booking {RESOURCES} resources and the client, one at a time, {site.size} (ms)", heads, rows
    )


def _timed(site: Site, url: str) -> tuple[Timings, Timings]:
    """Book what each query of class Q3 finds first; in between insert as many claims as they are."""
    booking, bare = Timings(), Timings()
    start, end = site.workload.window
    now = from_epoch_minute(start)
    engine = engine_of(url)
    with Session(engine) as session:
        for number, query in enumerate(site.workload.of_kind("Q3")):
            catalogue = catalogue_of(session, slug_of(query.municipality))
            plan = plan_of(catalogue, query)
            first = find_slots(session, catalogue, plan, now=now, limit=1).starts[0]
            contact = Contact(f"Bench {number}", f"+4915201{number:06d}", "de")
            session.rollback()
            booking.time(
                partial(book_appointment, session, catalogue, plan, first, contact, now=now, actor="api")
            )
            # after the data, where nobody has anything yet
            bare.time(partial(_bare, session, catalogue, end + 60 * (1 + number)))
    engine.dispose()
    return booking, bare


def _bare(session: Session, catalogue: Catalogue, minute: int) -> None:
    """The same claims without lock, check, appointment, participations or messages."""
    begin_write(session)
    row = {"municipality_id": catalogue.municipality_id, "starts_minute": minute, "ends_minute": minute + 60}
    resources = sorted(catalogue.resource_ids)[:RESOURCES]
    session.execute(insert(Claim), [{**row, "resource_id": resource} for resource in resources])
    session.commit()
