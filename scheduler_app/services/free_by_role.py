"""Who is free when, for looking at: only free or not, never why not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from scheduler_app.domain.free_time import CELL_MINUTES, Window, between
from scheduler_app.domain.opening_hours import from_epoch_minute, wall_minute
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.free_times import booking_window, free_times

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class RoleTimes:
    """``free``: when somebody who can fill the role is free, in UTC, ascending. ``by_candidate``: each by herself."""

    key: str
    free: tuple[Span, ...]
    by_candidate: Mapping[int, tuple[Span, ...]]


def free_by_role(
    session: Session,
    catalogue: Catalogue,
    candidates: Mapping[str, Collection[int]],
    day: date,
    *,
    now: datetime,
) -> list[RoleTimes]:
    """The free time of roles (by key the resource ids that can fill them) on one local day.

    Nobody is free before this week or beyond the booking horizon.
    """
    window = booking_window(catalogue, now=now)
    everybody = {person for people in candidates.values() for person in people}
    times = free_times(session, catalogue, window, now=now, besides=everybody)
    starts, ends = (wall_minute(some, 0, catalogue.timezone) for some in (day, day + timedelta(days=1)))
    on_day = between(window, starts, ends)
    roles = []
    for key, people in candidates.items():
        masks = {person: times.by_resource[person].free & on_day for person in people}
        union = 0
        for mask in masks.values():
            union |= mask
        by_candidate = {person: _spans(window, mask) for person, mask in masks.items()}
        roles.append(RoleTimes(key, _spans(window, union), by_candidate))
    return roles


def _spans(window: Window, mask: int) -> tuple[Span, ...]:
    """The runs of a mask as times."""
    spans = []
    while mask:
        first = (mask & -mask).bit_length() - 1
        run = mask >> first
        cells = (~run & run + 1).bit_length() - 1
        begins = window.minute_of(first)
        spans.append((from_epoch_minute(begins), from_epoch_minute(begins + cells * CELL_MINUTES)))
        mask = run >> cells << first + cells
    return tuple(spans)
