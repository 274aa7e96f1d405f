"""Who is free when: masks read from the tables, kept in the process, and checked against ``resources.version``.

Every write that touches a resource's time raises its version in the same transaction. A search reads all (id, version)
pairs in one query and loads again only what moved, so any number of processes stay right without telling each other.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from scheduler_app.domain.free_time import Window, fitting, touched, window_around
from scheduler_app.domain.opening_hours import (
    WeeklyHours,
    epoch_minute,
    from_epoch_minute,
    open_mask,
    wall_minute,
)
from scheduler_app.models import Absence, Claim, Closure, OpeningHours, Resource, ResourceKind

from .catalogue import Catalogue, engine_of
from .public_holidays import public_holidays

KEPT_WINDOWS = 2
"""Windows kept per municipality: this week's, and on Sunday night also the next."""


@dataclass(slots=True)
class FreeTime:
    """One resource's free cells at one version. ``good_until`` is when the first hold in it runs out, if any."""

    version: int
    mask: int
    good_until: datetime | None = None
    fitting: dict[int, int] = field(default_factory=dict)

    def is_good(self, version: int, *, now: datetime) -> bool:
        """Whether this is still how things are, if the table says ``version``."""
        return self.version == version and (self.good_until is None or self.good_until > now)

    def starts(self, cells: int) -> int:
        """Where a visit of this many cells can start; worked out once per length."""
        found = self.fitting.get(cells)
        if found is None:
            found = self.fitting[cells] = fitting(self.mask, cells)
        return found


@dataclass(frozen=True)
class FreeTimes:
    """The free time of many resources in one window."""

    window: Window
    by_resource: dict[int, FreeTime]

    def fits(self, resource_id: int, cells: int) -> int:
        return self.by_resource[resource_id].starts(cells)

    def free_cells(self, resource_id: int) -> int:
        """How much time is left: who has more was asked less."""
        return self.by_resource[resource_id].mask.bit_count()


class _Kept:
    """What this process keeps of one municipality: its latest windows with their masks."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.windows: OrderedDict[Window, dict[int, FreeTime]] = OrderedDict()

    def of(self, window: Window) -> dict[int, FreeTime]:
        with self.lock:
            masks = self.windows.pop(window, {})
            self.windows[window] = masks
            while len(self.windows) > KEPT_WINDOWS:
                self.windows.popitem(last=False)
            return masks


_kept: WeakKeyDictionary[Engine, dict[int, _Kept]] = WeakKeyDictionary()


def free_times(
    session: Session, catalogue: Catalogue, window: Window, *, now: datetime, besides: Collection[int] = ()
) -> FreeTimes:
    """The free time of everybody and every room that this municipality can book, from the cache where it is right.

    ``besides``: resources wanted too; those that nobody books (clients) are read from the tables each time.
    """
    of_engine = _kept.setdefault(engine_of(session), {})
    masks = of_engine.setdefault(catalogue.municipality_id, _Kept()).of(window)
    found: dict[int, FreeTime] = {}
    moved: list[int] = []
    # looked up once: another thread may put an older reading into the shared dict at any time
    for resource_id, version in _versions(session, catalogue).items():
        known = masks.get(resource_id)
        if known is not None and known.is_good(version, now=now):
            found[resource_id] = known
        else:
            moved.append(resource_id)
    if moved:
        fresh = read_free_times(session, catalogue, window, moved, now=now)
        masks.update(fresh)
        found |= fresh
    others = set(besides) - found.keys()
    if others:
        found |= read_free_times(session, catalogue, window, others, now=now)
    return FreeTimes(window, found)


def _versions(session: Session, catalogue: Catalogue) -> dict[int, int]:
    own = select(Resource.id, Resource.version).where(
        Resource.municipality_id == catalogue.municipality_id, Resource.kind != ResourceKind.CLIENT
    )
    versions = {row.id: row.version for row in session.execute(own) if row.id in catalogue.resource_ids}
    lent = catalogue.resource_ids - versions.keys()
    if lent:
        rows = session.execute(select(Resource.id, Resource.version).where(Resource.id.in_(lent)))
        versions.update({row.id: row.version for row in rows})
    return versions


def read_free_times(
    session: Session,
    catalogue: Catalogue,
    window: Window,
    resource_ids: Collection[int],
    *,
    now: datetime,
    without_appointment: int | None = None,
) -> dict[int, FreeTime]:
    """Masks straight from the tables, one query a table.

    ``without_appointment`` leaves the claims of one appointment out: for moving it, its own time is free.
    """
    # versions before the rest: a write in between makes the stored version old, and the next search reads again
    resources = session.execute(
        select(
            Resource.id, Resource.version, Resource.kind, Resource.agency_id, Resource.municipality_id
        ).where(Resource.id.in_(resource_ids))
    ).all()
    holidays = public_holidays(catalogue.state, window)
    agencies = {row.agency_id for row in resources if row.agency_id is not None}
    opening = _Opening(session, catalogue, window, agencies=agencies, ids=resource_ids)
    closed = _closures(session, window, {r.municipality_id for r in resources})
    busy = _absences(session, window, resource_ids)
    until = _add_claims(session, window, resource_ids, busy, now=now, without_appointment=without_appointment)
    found = {}
    for row in resources:
        mask = (
            window.full if row.kind == ResourceKind.CLIENT else opening.mask(row.id, row.agency_id, holidays)
        )
        if row.kind != ResourceKind.CLIENT:
            for agency_id in {None, row.agency_id}:
                mask &= ~touched(closed.get((row.municipality_id, agency_id), ()), window)
        mask &= ~touched(busy.get(row.id, ()), window)
        found[row.id] = FreeTime(row.version, mask, until.get(row.id))
    return found


class _Opening:
    """Weekly hours of resources and of their agencies; equal patterns are worked out once."""

    def __init__(
        self,
        session: Session,
        catalogue: Catalogue,
        window: Window,
        *,
        agencies: Collection[int],
        ids: Collection[int],
    ) -> None:
        self._window, self._timezone = window, catalogue.timezone
        columns = (
            OpeningHours.resource_id,
            OpeningHours.agency_id,
            OpeningHours.weekday,
            OpeningHours.opens_minute_of_day,
            OpeningHours.closes_minute_of_day,
        )
        of_whom = or_(OpeningHours.resource_id.in_(ids), OpeningHours.agency_id.in_(agencies))
        self._hours: dict[tuple[str, int | None], list[WeeklyHours]] = defaultdict(list)
        for resource_id, agency_id, *hours in session.execute(select(*columns).where(of_whom)):
            owner = ("resource", resource_id) if resource_id is not None else ("agency", agency_id)
            self._hours[owner].append(WeeklyHours(*hours))
        self._masks: dict[frozenset[WeeklyHours], int] = {}

    def mask(self, resource_id: int, agency_id: int | None, holidays: Collection[date]) -> int:
        hours = self._hours.get(("resource", resource_id))
        if hours is None:  # without hours of her own she keeps those of her agency
            hours = self._hours.get(("agency", agency_id), [])
        pattern = frozenset(hours)
        if pattern not in self._masks:
            self._masks[pattern] = open_mask(hours, self._window, self._timezone, holidays)
        return self._masks[pattern]


def _closures(
    session: Session, window: Window, municipality_ids: set[int]
) -> dict[tuple[int, int | None], list[tuple[int, int]]]:
    closed: dict[tuple[int, int | None], list[tuple[int, int]]] = defaultdict(list)
    starts, ends = from_epoch_minute(window.start_minute), from_epoch_minute(window.end_minute)
    for closure in session.execute(
        select(Closure.municipality_id, Closure.agency_id, Closure.starts_at, Closure.ends_at).where(
            Closure.municipality_id.in_(municipality_ids), Closure.ends_at > starts, Closure.starts_at < ends
        )
    ):
        closed[closure.municipality_id, closure.agency_id].append(
            _minutes(closure.starts_at, closure.ends_at)
        )
    return closed


def _absences(session: Session, window: Window, ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    busy: dict[int, list[tuple[int, int]]] = defaultdict(list)
    starts, ends = from_epoch_minute(window.start_minute), from_epoch_minute(window.end_minute)
    for absence in session.execute(
        select(Absence.resource_id, Absence.starts_at, Absence.ends_at).where(
            Absence.resource_id.in_(ids), Absence.ends_at > starts, Absence.starts_at < ends
        )
    ):
        busy[absence.resource_id].append(_minutes(absence.starts_at, absence.ends_at))
    return busy


def _add_claims(
    session: Session,
    window: Window,
    ids: Collection[int],
    busy: dict[int, list[tuple[int, int]]],
    *,
    now: datetime,
    without_appointment: int | None,
) -> dict[int, datetime]:
    """Add what is claimed; returns until when that holds for resources with a hold on them."""
    query = select(Claim.resource_id, Claim.starts_minute, Claim.ends_minute, Claim.expires_at).where(
        Claim.resource_id.in_(ids),
        Claim.ends_minute > window.start_minute,
        Claim.starts_minute < window.end_minute,
    )
    if without_appointment is not None:
        query = query.where(or_(Claim.appointment_id.is_(None), Claim.appointment_id != without_appointment))
    until: dict[int, datetime] = {}
    for resource_id, starts, ends, expires_at in session.execute(query):
        if expires_at is not None:
            if expires_at <= now:
                continue
            until[resource_id] = min(expires_at, until.get(resource_id, expires_at))
        busy[resource_id].append((starts, ends))
    return until


def _minutes(starts_at: datetime, ends_at: datetime) -> tuple[int, int]:
    """From, until: a closure until 12:00:30 still closes the minute that has begun."""
    return epoch_minute(starts_at), -int(-ends_at.timestamp() // 60)


def booking_window(catalogue: Catalogue, *, now: datetime) -> Window:
    """All that can be booked, from Monday of this week: searches and bookings of one week share their masks."""
    today = now.astimezone(ZoneInfo(catalogue.timezone)).date()
    monday = today - timedelta(days=today.weekday())
    end = monday + timedelta(weeks=catalogue.horizon_weeks + 1, days=1)
    return window_around(wall_minute(monday, 0, catalogue.timezone), wall_minute(end, 0, catalogue.timezone))
