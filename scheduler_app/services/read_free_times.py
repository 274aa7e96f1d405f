"""Free time straight from the tables: two or three queries for any number of resources."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ClauseElement, or_, select
from sqlalchemy.orm import Session

from scheduler_app.domain.free_time import CELL_MINUTES, Window, cells_for, overlapping, touched
from scheduler_app.domain.opening_hours import WeeklyHours, epoch_minute, from_epoch_minute, open_mask
from scheduler_app.models import Absence, Claim, Closure, OpeningHours, Resource, ResourceKind
from scheduler_app.models.claim import LONGEST_CLAIM_MINUTES
from scheduler_app.services.catalogue_entries import Catalogue
from scheduler_app.services.public_holidays import public_holidays

LONGEST_CLAIM_CELLS = LONGEST_CLAIM_MINUTES // CELL_MINUTES


@dataclass(frozen=True, slots=True)
class FreeTime:
    """One resource's cells at one version: ``free`` to be booked, of those ``opened``.

    ``outside``: cells outside opening hours that are taken all the same. ``away``: (place, cells) of claims elsewhere,
    of people who travel. ``after`` cells the resource needs for itself after each use. ``good_until`` is when the
    first hold in it runs out, if any.
    """

    version: int
    free: int
    opened: int
    outside: int
    away: tuple[tuple[int, int], ...] = ()
    after: int = 0
    good_until: datetime | None = None

    @property
    def load(self) -> float:
        """The share of the opening time that is taken: 0 to 1."""
        opened = self.opened.bit_count()
        return 1 - self.free.bit_count() / opened if opened else 1.0

    @property
    def busy(self) -> int:
        """The cells taken by claims and absences."""
        return self.opened & ~self.free | self.outside

    def there(self, cells: int) -> "FreeTime":
        """The same, but for these cells, in which it is where it has to be."""
        return replace(self, free=self.free | cells & self.opened, outside=self.outside & ~cells)


def read_free_times(
    session: Session,
    catalogue: Catalogue,
    window: Window,
    resource_ids: Collection[int],
    *,
    now: datetime,
    without_appointment: int | None = None,
) -> dict[int, FreeTime]:
    """The free time of these resources in a window.

    ``without_appointment`` leaves the claims of one appointment out: for moving it, its own time is free.
    """
    # versions before the rest: a write in between makes the stored version old, and the next search reads again
    resources = session.execute(
        select(
            Resource.id,
            Resource.version,
            Resource.kind,
            Resource.agency_id,
            Resource.municipality_id,
            Resource.capacity,
        ).where(Resource.id.in_(resource_ids))
    ).all()
    agencies = {row.agency_id for row in resources if row.agency_id is not None}
    opening = _Opening(session, catalogue, window, agencies=agencies, ids=resource_ids)
    closed = _closures(session, window, {r.municipality_id for r in resources})
    claims = _Claims(
        window, {row.id: row.capacity for row in resources}, travelling=catalogue.interpreters.keys()
    )
    claims.read(session, now=now, without_appointment=without_appointment)
    busy = claims.busy()
    for absence in _absences(session, window, resource_ids):
        busy[absence.resource_id] |= touched([_minutes(absence.starts_at, absence.ends_at)], window)
    holidays = public_holidays(catalogue.state, window)
    found = {}
    opened_by: dict[tuple[int, int | None, int], int] = {}
    for row in resources:
        opened = (
            window.full if row.kind == ResourceKind.CLIENT else opening.mask(row.id, row.agency_id, holidays)
        )
        if row.kind != ResourceKind.CLIENT:
            # equal hours of one agency stay one number: hundreds of people share a few
            key = row.municipality_id, row.agency_id, id(opened)
            if key not in opened_by:
                shut = closed[row.municipality_id, None] | closed[row.municipality_id, row.agency_id]
                opened_by[key] = opened & ~shut if shut else opened
            opened = opened_by[key]
        room = catalogue.rooms.get(row.id)
        found[row.id] = FreeTime(
            row.version,
            opened & ~busy[row.id],
            opened,
            busy[row.id] & ~opened,
            claims.away(row.id),
            cells_for(room.after_minutes) if room is not None else 0,
            claims.good_until.get(row.id),
        )
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
) -> Mapping[tuple[int, int | None], int]:
    """When a municipality, or an agency of it, is closed: cells."""
    closed: dict[tuple[int, int | None], int] = defaultdict(int)
    query = select(Closure.municipality_id, Closure.agency_id, Closure.starts_at, Closure.ends_at)
    for closure in session.execute(
        query.where(Closure.municipality_id.in_(municipality_ids), *_in_window(Closure, window))
    ):
        closed[closure.municipality_id, closure.agency_id] |= touched(
            [_minutes(closure.starts_at, closure.ends_at)], window
        )
    return closed


def _absences(session: Session, window: Window, ids: Collection[int]) -> Iterable[Any]:
    query = select(Absence.resource_id, Absence.starts_at, Absence.ends_at)
    return session.execute(query.where(Absence.resource_id.in_(ids), *_in_window(Absence, window)))


def _in_window(table: type[Closure | Absence], window: Window) -> tuple[Any, Any]:
    return (
        table.ends_at > from_epoch_minute(window.start_minute),
        table.starts_at < from_epoch_minute(window.end_minute),
    )


def _minutes(starts_at: datetime, ends_at: datetime) -> tuple[int, int]:
    """From, until: a closure until 12:00:30 still closes the minute that has begun."""
    return epoch_minute(starts_at), -int(-ends_at.timestamp() // 60)


class _Claims:
    """The claims of many resources, drawn cell by cell into one line of text each.

    Tens of thousands of rows: they are read past the ORM, and one slice a row is the least that can be done with each.
    """

    def __init__(self, window: Window, capacities: Mapping[int, int], *, travelling: Collection[int]) -> None:
        self._window = window
        self._capacities = capacities
        self._travelling = frozenset(travelling)
        # with a day on either side for claims that reach beyond the window: none is longer
        blank = b"0" * (window.cells + 2 * LONGEST_CLAIM_CELLS)
        self._lines = {resource_id: bytearray(blank) for resource_id in capacities}
        self._blocks = [b"1" * cells for cells in range(LONGEST_CLAIM_CELLS + 2)]
        self._elsewhere: dict[int, dict[int, list[tuple[int, int]]]] = {}
        self._shared: dict[int, list[tuple[int, int]]] = {
            resource_id: [] for resource_id, capacity in capacities.items() if capacity > 1
        }
        self.good_until: dict[int, datetime] = {}

    def read(self, session: Session, *, now: datetime, without_appointment: int | None) -> None:
        window = self._window
        query = select(Claim.resource_id, Claim.starts_minute, Claim.ends_minute, Claim.place_id).where(
            Claim.resource_id.in_(self._capacities),
            Claim.ends_minute > window.start_minute,
            Claim.starts_minute < window.end_minute,
        )
        if without_appointment is not None:
            query = query.where(
                or_(Claim.appointment_id.is_(None), Claim.appointment_id != without_appointment)
            )
        self._draw(_bare_rows(session, query.where(Claim.expires_at.is_(None))))
        held = session.execute(query.add_columns(Claim.expires_at).where(Claim.expires_at > now)).all()
        for resource_id, *_, expires_at in held:
            self.good_until[resource_id] = min(expires_at, self.good_until.get(resource_id, expires_at))
        self._draw([(row[0], row[1], row[2], row[3]) for row in held])

    def _draw(self, rows: Sequence[tuple[int, int, int, int | None]]) -> None:
        """The first cell is the last character, so that the line reads as a binary number."""
        lines, blocks, travelling = self._lines, self._blocks, self._travelling
        last = self._window.end_minute + LONGEST_CLAIM_MINUTES
        last_rounded = last + CELL_MINUTES - 1
        for resource_id, starts, ends, place_id in rows:
            low, high = (last - ends) // 5, (last_rounded - starts) // 5
            lines[resource_id][low:high] = blocks[high - low]
            if place_id is not None and resource_id in travelling:
                self._elsewhere.setdefault(resource_id, {}).setdefault(place_id, []).append((starts, ends))
        if self._shared:
            for resource_id, starts, ends, _ in rows:
                if resource_id in self._shared:
                    self._shared[resource_id].append((starts, ends))

    def busy(self) -> dict[int, int]:
        """By resource the cells in which it takes no more."""
        inside = slice(LONGEST_CLAIM_CELLS, -LONGEST_CLAIM_CELLS)
        busy = {resource_id: int(line[inside], 2) for resource_id, line in self._lines.items()}
        for resource_id, intervals in self._shared.items():
            busy[resource_id] = overlapping(intervals, self._window, self._capacities[resource_id])
        return busy

    def away(self, resource_id: int) -> tuple[tuple[int, int], ...]:
        """(place, cells) of a traveller's claims."""
        by_place = self._elsewhere.get(resource_id, {})
        return tuple(
            (place, touched(intervals, self._window)) for place, intervals in sorted(by_place.items())
        )


def _bare_rows(session: Session, query: ClauseElement) -> Sequence[tuple[int, int, int, int | None]]:
    """The driver's own rows: making SQLAlchemy's of them takes longer than reading them."""
    connection = session.connection()
    text = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    cursor = connection.connection.cursor()
    try:
        cursor.execute(str(text))
        return cursor.fetchall()
    finally:
        cursor.close()
