"""One run of an import: what it has changed so far, and how rows are created and changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.opening_hours import WeeklyHours, from_epoch_minute, wall_minute
from scheduler_app.models import Base, Municipality, OpeningHours, Resource

from .contents import WeekHours

RowT = TypeVar("RowT", bound=Base)


@dataclass
class ImportRun:
    """The state of one import; `touched` are resources whose free time or calendar changes."""

    session: Session
    municipality: Municipality
    now: datetime
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    touched: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        return bool(self.created or self.updated or self.removed or self.touched)

    def put(
        self,
        kind: str,
        row: RowT | None,
        model: type[RowT],
        fixed: Mapping[str, Any],
        values: Mapping[str, Any],
    ) -> RowT:
        """The row with these values: a new one, or the given one, changed only where it differs."""
        if row is None:
            row = model(municipality_id=self.municipality.id, **fixed, **values)
            self.session.add(row)
            self.created[kind] += 1
            return row
        self.change(kind, row, values)
        return row

    def change(self, kind: str, row: Base, values: Mapping[str, Any]) -> bool:
        """True if something was different."""
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in different.items():
            setattr(row, name, value)
        if different:
            self.updated[kind] += 1
        return bool(different)

    def new_resource(self, kind: str, agency_id: int | None) -> Resource:
        resource = Resource(
            municipality_id=self.municipality.id, kind=kind, agency_id=agency_id, changed_at=self.now
        )
        self.session.add(resource)
        self.session.flush()
        return resource

    def put_hours(
        self, hours: WeekHours, *, agency_id: int | None = None, resource_id: int | None = None
    ) -> bool:
        """Makes these the weekly hours of an agency or a resource; True if they were different."""
        owner = OpeningHours.agency_id == agency_id if agency_id else OpeningHours.resource_id == resource_id
        rows = list(self.session.scalars(select(OpeningHours).where(owner)))
        kept = [WeeklyHours(row.weekday, row.opens_minute_of_day, row.closes_minute_of_day) for row in rows]
        if sorted(kept, key=_order) == sorted(hours, key=_order):
            return False
        (self.updated if rows else self.created)["hours"] += 1
        for row in rows:
            self.session.delete(row)
        for opening in hours:
            self.session.add(self._hours_row(opening, agency_id, resource_id))
        return True

    def _hours_row(
        self, opening: WeeklyHours, agency_id: int | None, resource_id: int | None
    ) -> OpeningHours:
        return OpeningHours(
            municipality_id=self.municipality.id,
            agency_id=agency_id,
            resource_id=resource_id,
            weekday=opening.weekday,
            opens_minute_of_day=opening.opens,
            closes_minute_of_day=opening.closes,
        )

    def utc(self, wall: datetime) -> datetime:
        """The aware time at which clocks in the municipality show this."""
        midnight = datetime(wall.year, wall.month, wall.day)
        minute = int((wall - midnight) / timedelta(minutes=1))
        return from_epoch_minute(wall_minute(wall.date(), minute, self.municipality.timezone))


def _order(opening: WeeklyHours) -> tuple[int, int, int]:
    return opening.weekday, opening.opens, opening.closes
