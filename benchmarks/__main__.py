"""``make bench``: the joint search and booking on the filled demo municipality, as ratios within this one run.

Absolute times depend on the machine; the ratios to what the bare driver does with the same rows do not much.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from scheduler_app.demo.build import SLUG, build_demo
from scheduler_app.models import Claim
from scheduler_app.models.engine import begin_write, configure_engine
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.contact import Contact
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.free_times import booking_window, read_free_times
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest

REQUEST = SlotRequest(("kita-beratung", "kurs-beratung", "wohnungssuche"), "ara", "apc")
BOOKED = SlotRequest(("migrationsberatung",))
SEARCHES, BOOKINGS, CLAIMS_EACH = 200, 100, 3


def main() -> None:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/bench.sqlite3")
        configure_engine(engine)
        build_demo(engine, now=now)
        with Session(engine) as session:
            catalogue = catalogue_of(session, SLUG)
            _search(session, catalogue, now)
            _booking(session, catalogue, now)
        engine.dispose()


def _search(session: Session, catalogue: Catalogue, now: datetime) -> None:
    window = booking_window(catalogue, now=now)
    ids = sorted(catalogue.resource_ids)
    cold = _milliseconds(lambda: read_free_times(session, catalogue, window, ids, now=now), 5)
    rows = select(Claim.resource_id, Claim.starts_minute, Claim.ends_minute, Claim.expires_at)
    raw = _milliseconds(
        lambda: (
            session.connection()
            .connection.cursor()
            .execute(str(rows.compile(compile_kwargs={"literal_binds": True})))
            .fetchall()
        ),
        5,
    )
    plan = plan_appointment(catalogue, REQUEST)
    warm = _milliseconds(lambda: find_slots(session, catalogue, plan, now=now), SEARCHES)
    print(f"joint search, three agencies, interpreter, room, masks warm   {_shown(warm)}")
    print(
        f"masks of {len(ids)} resources read from the tables                {_shown(cold)}"
        f"   {_median(cold) / _median(raw):5.1f} x the bare driver reading the claims"
    )


def _booking(session: Session, catalogue: Catalogue, now: datetime) -> None:
    plan = plan_appointment(catalogue, BOOKED)
    starts: list[datetime] = []
    for start in find_slots(session, catalogue, plan, now=now).starts:
        if len(starts) < BOOKINGS and (not starts or start >= starts[-1] + timedelta(minutes=plan.minutes)):
            starts.append(start)
    guarded = []
    for number, start in enumerate(starts):
        contact = Contact(f"Bench {number}", f"+491520{number:07d}", "de")
        began = time.perf_counter()
        book_appointment(session, catalogue, plan, start, contact, now=now, actor="api")
        guarded.append((time.perf_counter() - began) * 1000)
    bare = _milliseconds(lambda: _bare_insert(session, catalogue), len(starts))
    print(
        f"booking at one client, with its messages and audit            {_shown(guarded)}"
        f"   {_median(guarded) / _median(bare):5.1f} x {CLAIMS_EACH} bare inserts and a commit"
    )


def _bare_insert(session: Session, catalogue: Catalogue) -> None:
    """The same claims without lock, check, appointment or messages; far in the future, where nobody is."""
    global _next_minute  # noqa: PLW0603  # each call takes time that none took before
    _next_minute += 30
    begin_write(session)
    row = {"municipality_id": catalogue.municipality_id, "starts_minute": _next_minute}
    ids = sorted(catalogue.resource_ids)[:CLAIMS_EACH]
    session.execute(insert(Claim), [{**row, "resource_id": i, "ends_minute": _next_minute + 30} for i in ids])
    session.commit()


_next_minute = 60_000_000


def _milliseconds(call: Callable[[], object], times: int) -> list[float]:
    call()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _median(taken: list[float]) -> float:
    return statistics.median(taken)


def _shown(taken: list[float]) -> str:
    worst = sorted(taken)[int(len(taken) * 0.99)]
    return f"median {_median(taken):7.2f} ms, p99 {worst:7.2f} ms"


if __name__ == "__main__":
    main()
