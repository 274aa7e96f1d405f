"""Who is free when: masks kept in the process, and checked against ``resources.version``.

Every write that touches a resource's time raises its version in the same transaction. Versions only rise, so their
sum over a municipality is the same only if none has changed: one number tells whether what is kept is still right,
and if not, the versions tell what to read again. Any number of processes stay right without telling each other.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from scheduler_app.domain.free_time import Grid, Window, grid_of, widened, window_around
from scheduler_app.domain.joint_search import Need, starts_needed
from scheduler_app.domain.opening_hours import wall_minute
from scheduler_app.models import Resource, ResourceKind
from scheduler_app.services.catalogue import Catalogue, engine_of
from scheduler_app.services.read_free_times import FreeTime, read_free_times
from scheduler_app.services.ways import Way, way_cells

KEPT_WINDOWS = 2
"""Windows kept per municipality: this week's, and on Sunday night also the next."""

KEPT_NEEDS = 12
"""Lengths and the like whose starts are kept per window."""


class FreeTimes:
    """The free time of many resources in one window, as it was at one moment; never changed once made."""

    def __init__(self, grid: Grid, by_resource: Mapping[int, FreeTime], way: Way) -> None:
        self.grid = grid
        self.by_resource = by_resource
        self.way = way
        self._starts: dict[Need, _Starts] = {}

    def starts_of(self, need: Need) -> Mapping[int, int]:
        """By resource the starts at which it can meet the need; worked out once for each."""
        known = self._starts.get(need)
        if known is None:
            known = self._starts[need] = _Starts(self, need)
            for unused in list(self._starts)[:-KEPT_NEEDS]:  # another thread may be at it, too
                self._starts.pop(unused, None)
        elif len(self._starts) == KEPT_NEEDS and self._starts.pop(need, None) is not None:
            self._starts[need] = known  # the one used last goes last
        return known

    def load(self, resource_id: int) -> float:
        """The share of its opening time that is taken: who has less of it was asked less."""
        return self.by_resource[resource_id].load

    def besides(self, others: Mapping[int, FreeTime]) -> "FreeTimes":
        """The same with other readings of some resources, for one search."""
        return _Besides(self, others)

    def with_others(self, others: Mapping[int, FreeTime]) -> "FreeTimes":
        """The same with other readings of some resources, to be kept: with all that is worked out for the rest."""
        changed = FreeTimes(self.grid, {**self.by_resource, **others}, self.way)
        for need, starts in list(self._starts.items()):
            kept = _Starts(changed, need)
            kept.update({r: mask for r, mask in list(starts.items()) if r not in others})
            changed._starts[need] = kept
        return changed

    def starts_for(self, resource_id: int, need: Need) -> int:
        """The starts at which one resource can meet the need."""
        time = self.by_resource[resource_id]
        if time.after > need.after:
            need = need._replace(after=time.after)

        def free_at(place: int) -> int:
            free = time.free
            for elsewhere, claimed in time.away:
                if place > 0 and place != elsewhere:
                    free &= ~widened(claimed, self.way(elsewhere, place))
            return free

        return self.grid.starts(starts_needed(need, free_at, ~time.busy & self.grid.window.full))


class _Besides(FreeTimes):
    """Some resources read afresh, the rest as it was."""

    def __init__(self, behind: FreeTimes, others: Mapping[int, FreeTime]) -> None:
        super().__init__(behind.grid, {**behind.by_resource, **others}, behind.way)
        self._behind, self._others = behind, others

    def starts_for(self, resource_id: int, need: Need) -> int:
        if resource_id in self._others:
            return super().starts_for(resource_id, need)
        return self._behind.starts_of(need)[resource_id]


class _Starts(dict[int, int]):
    """By resource the starts for one need, worked out when asked for."""

    def __init__(self, times: FreeTimes, need: Need) -> None:
        super().__init__()
        self._times, self._need = times, need

    def __missing__(self, resource_id: int) -> int:
        starts = self[resource_id] = self._times.starts_for(resource_id, self._need)
        return starts


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read, at which catalogue and sum of versions, and until when the holds in it stand."""

    catalogue: Catalogue
    lent: frozenset[int]
    stamp: int
    times: FreeTimes
    good_until: datetime | None

    def is_good(self, catalogue: Catalogue, *, now: datetime) -> bool:
        return self.catalogue is catalogue and (self.good_until is None or self.good_until > now)


class _Kept:
    """What this process keeps of one municipality: its latest windows."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.windows: OrderedDict[Window, _Reading] = OrderedDict()

    def put(self, window: Window, reading: _Reading) -> None:
        with self.lock:
            self.windows.pop(window, None)
            self.windows[window] = reading
            while len(self.windows) > KEPT_WINDOWS:
                self.windows.popitem(last=False)


_kept: WeakKeyDictionary[Engine, dict[int, _Kept]] = WeakKeyDictionary()


def free_times(
    session: Session, catalogue: Catalogue, window: Window, *, now: datetime, besides: Collection[int] = ()
) -> FreeTimes:
    """The free time of everybody and every room that this municipality can book, from the cache where it is right.

    ``besides``: resources wanted too; those that nobody books (clients) are read from the tables each time.
    """
    kept = _kept.setdefault(engine_of(session), {}).setdefault(catalogue.municipality_id, _Kept())
    reading = kept.windows.get(window)
    # before anything else is read: what is written meanwhile makes the sum old, and the next search looks again
    stamp = _stamp(session, catalogue, reading.lent if reading is not None else frozenset())
    if reading is None or reading.stamp != stamp or not reading.is_good(catalogue, now=now):
        reading = _read(session, catalogue, window, reading, stamp, now=now)
        kept.put(window, reading)
    times = reading.times
    others = [resource_id for resource_id in besides if resource_id not in times.by_resource]
    if others:
        times = times.besides(read_free_times(session, catalogue, window, others, now=now))
    return times


_OWN = and_(Resource.municipality_id == bindparam("municipality_id"), Resource.kind != ResourceKind.CLIENT)
_OWN_STAMP = select(func.sum(Resource.version)).where(_OWN)
_STAMP = select(func.sum(Resource.version)).where(
    or_(_OWN, Resource.id.in_(bindparam("lent", expanding=True)))
)


def _stamp(session: Session, catalogue: Catalogue, lent: frozenset[int]) -> int:
    """The sum of all versions that matter here: those of the municipality, and of people lent to it."""
    of_whom = {"municipality_id": catalogue.municipality_id}
    if lent:
        return session.connection().scalar(_STAMP, {**of_whom, "lent": sorted(lent)}) or 0
    return session.connection().scalar(_OWN_STAMP, of_whom) or 0


def _read(
    session: Session,
    catalogue: Catalogue,
    window: Window,
    before: _Reading | None,
    stamp: int,
    *,
    now: datetime,
) -> _Reading:
    """Read what has moved since ``before``."""
    versions, lent = _versions(session, catalogue)
    if before is None or before.lent != lent:
        stamp = _stamp(session, catalogue, lent)
        versions, lent = _versions(session, catalogue)
    grid = grid_of(window, catalogue.start_every_minutes)
    # ways, rooms and the grid are the catalogue's
    old = before.times if before is not None and before.catalogue is catalogue else None
    known = old.by_resource if old is not None else {}
    moved = [
        resource_id
        for resource_id, version in versions.items()
        if not _is_good(known.get(resource_id), version, now=now)
    ]
    fresh = read_free_times(session, catalogue, window, moved, now=now) if moved else {}
    times = old.with_others(fresh) if old is not None else FreeTimes(grid, fresh, way_cells(catalogue))
    deadlines = [time.good_until for time in times.by_resource.values() if time.good_until is not None]
    return _Reading(catalogue, lent, stamp, times, min(deadlines, default=None))


def _is_good(time: FreeTime | None, version: int, *, now: datetime) -> bool:
    return time is not None and time.version == version and (time.good_until is None or time.good_until > now)


def _versions(session: Session, catalogue: Catalogue) -> tuple[dict[int, int], frozenset[int]]:
    """The versions of all that can be booked here, and who of them belongs to another municipality."""
    rows = session.execute(
        select(Resource.id, Resource.version).where(_OWN), {"municipality_id": catalogue.municipality_id}
    )
    versions = {row.id: row.version for row in rows if row.id in catalogue.resource_ids}
    lent = frozenset(catalogue.resource_ids - versions.keys())
    if lent:
        rows = session.execute(select(Resource.id, Resource.version).where(Resource.id.in_(lent)))
        versions.update({row.id: row.version for row in rows})
    return versions, lent


def booking_window(catalogue: Catalogue, *, now: datetime) -> Window:
    """All that can be booked, from Monday of this week: searches and bookings of one week share their masks."""
    today = now.astimezone(ZoneInfo(catalogue.timezone)).date()
    monday = today - timedelta(days=today.weekday())
    end = monday + timedelta(weeks=catalogue.horizon_weeks + 1, days=1)
    return window_around(wall_minute(monday, 0, catalogue.timezone), wall_minute(end, 0, catalogue.timezone))
