"""The search for slots once more, as slow and plain as can be: one byte a minute, straight from the tables."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.travel import travel_minutes
from scheduler_app.models import (
    Absence,
    Agency,
    Claim,
    Closure,
    Interpreter,
    Municipality,
    OpeningHours,
    Place,
    Resource,
    Room,
)
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.slot_request import SlotRequest
from tests.support.wanted import Part, Wanted, wanted

UNKNOWN_WAY = 15
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Oracle:
    """What is free from the midnight before ``now`` on, worked out anew; ``but`` is an appointment that gives way."""

    def __init__(
        self, session: Session, municipality_id: int, now: datetime, *, but: int | None = None
    ) -> None:
        self._session, self._now, self._but = session, now, but
        self._town = session.get_one(Municipality, municipality_id)
        self._first = datetime(now.year, now.month, now.day, tzinfo=UTC)
        self._first_minute = (self._first - EPOCH) // timedelta(minutes=1)
        self._days = 7 * self._town.horizon_weeks + 2
        self._masks: dict[tuple[int, int], tuple[bytes, bytes]] = {}
        self._after_uses: dict[int, int] = {
            room.resource_id: -(-room.after_minutes // 5) * 5 for room in session.scalars(select(Room))
        }
        self._places = {room.resource_id: room.place_id for room in session.scalars(select(Room))}
        self._asked_from: dict[int, datetime] = {}
        self._travelling = set(session.scalars(select(Interpreter.resource_id)))

    def starts(self, plan: Plan) -> list[datetime]:
        """All starts that may be offered for the plan's request and, if it names one, its client."""
        clients = [candidate for role in plan.roles if role.key == "client" for candidate in role.candidates]
        return self.starts_for(plan.request, clients=clients)

    def starts_for(
        self, request: SlotRequest, *, clients: Iterable[int] = (), lead_time: timedelta | None = None
    ) -> list[datetime]:
        """``lead_time`` stands for all others, as for staff."""
        needed = wanted(self._session, self._town, request)
        needed.parts += [Part("client", (who,), ((0, -(-needed.minutes // 5) * 5, 0),)) for who in clients]
        soonest = self._now + timedelta(hours=self._town.lead_time_hours)
        if lead_time is not None:
            soonest = self._now + lead_time
        elif needed.working_days:
            soonest = max(soonest, self._after_working_days(needed.working_days))
        latest = self._now + timedelta(weeks=self._town.horizon_weeks)
        grid = timedelta(minutes=self._town.start_every_minutes)
        start, found = self._first, []
        while start < latest:
            if (
                start >= soonest
                and self._is_wished(request, start, needed.minutes)
                and self._can_be_filled(needed, start, is_asked_late=lead_time is not None)
            ):
                found.append(start)
            start += grid
        return found

    def able(self, part: Part, start: datetime) -> list[int]:
        """Of a part that does not depend on the place: who is free for it."""
        minute = (start - self._first) // timedelta(minutes=1)
        return [who for who in part.who if self._is_free(who, part, minute, 0)]

    def parts(self, request: SlotRequest) -> list[Part]:
        """Everybody whom a request needs."""
        return wanted(self._session, self._town, request).parts

    def _can_be_filled(self, needed: Wanted, start: datetime, *, is_asked_late: bool) -> bool:
        minute = (start - self._first) // timedelta(minutes=1)
        required = [part for part in needed.parts if not part.is_optional]
        guides = [part for part in required if part.key == "interpreter"]
        fixed = [part for part in required if part.key != "interpreter"]
        able = []
        for part in fixed:
            able.append([who for who in part.who if self._is_free(who, part, minute, 0)])
            if not able[-1]:
                return False
        ways = (way for way in product(*able) if _different(fixed, way))
        if not guides:
            return any(True for _ in ways)
        return any(
            self._is_free(who, guides[0], minute, place)
            for place in {self._meeting_place(fixed, way) for way in ways}
            for who in guides[0].who
            if is_asked_late or self._is_asked_in_time(who, start)
        )

    def _meeting_place(self, parts: list[Part], way: tuple[int, ...]) -> int:
        """Where the room is in which all of them meet, 0 if there is none."""
        rooms = [who for part, who in zip(parts, way, strict=True) if part.key == "room"]
        return self._places[rooms[0]] if rooms else 0

    def _is_free(self, who: int, part: Part, minute: int, at_place: int) -> bool:
        """Times are given in cells of five minutes, so a length that is none of them takes up the last one whole."""
        after = max(part.after, self._after_uses.get(who, 0))
        for begins, until, place in part.stays:
            where = (at_place or place) if place >= 0 else 0
            free, unclaimed = self._minutes_of(who, where)
            first, last = minute + begins, minute + until
            if last > len(free) or 0 in free[first:last]:
                return False
            around = unclaimed[max(first - part.before, 0) : last + after]
            if (part.before or after) and 0 in around:
                return False
        return True

    def _minutes_of(self, who: int, place: int) -> tuple[bytes, bytes]:
        """Free at a place; and neither claimed nor away."""
        if (who, place) not in self._masks:
            resource = self._session.get_one(Resource, who)
            unclaimed = self._unclaimed(resource)
            free = _both(unclaimed, self._open_minutes(resource))
            self._take_ways(free, who, place)
            self._masks[who, place] = bytes(free), bytes(unclaimed)
        return self._masks[who, place]

    def _unclaimed(self, resource: Resource) -> bytearray:
        unclaimed = bytearray(b"\1" * (self._days * 1440))
        for absence in self._session.scalars(select(Absence).where(Absence.resource_id == resource.id)):
            self._take(unclaimed, absence.starts_at, absence.ends_at)
        claims = self._claims(resource.id)
        if resource.capacity == 1:
            for starts, ends, _ in claims:
                _clear(unclaimed, starts, ends)
        else:
            for minute in range(len(unclaimed)):
                if sum(starts <= minute < ends for starts, ends, _ in claims) >= resource.capacity:
                    unclaimed[minute] = 0
        return unclaimed

    def _claims(self, who: int) -> list[tuple[int, int, int | None]]:
        """From, until (begun cells whole, in minutes here) and where; without holds that have run out."""
        return [
            (
                (claim.starts_minute - self._first_minute) // 5 * 5,
                -((self._first_minute - claim.ends_minute) // 5) * 5,
                claim.place_id,
            )
            for claim in self._session.scalars(select(Claim).where(Claim.resource_id == who))
            if (claim.expires_at is None or claim.expires_at > self._now)
            and (self._but is None or claim.appointment_id != self._but)
        ]

    def _take_ways(self, free: bytearray, who: int, place: int) -> None:
        """An interpreter needs the way from and to other places."""
        if not place or who not in self._travelling:
            return
        for starts, ends, elsewhere in self._claims(who):
            if elsewhere is not None and elsewhere != place:
                way = self._way(elsewhere, place)
                _clear(free, starts - way, ends + way)

    def _way(self, one: int, other: int) -> int:
        places = [self._session.get_one(Place, place) for place in (one, other)]
        known = [
            (p.latitude, p.longitude) for p in places if p.latitude is not None and p.longitude is not None
        ]
        return travel_minutes(*known) if len(known) == 2 else UNKNOWN_WAY

    def _open_minutes(self, resource: Resource) -> bytearray:
        if resource.kind == "client":
            return bytearray(b"\1" * (self._days * 1440))
        hours = self._hours(OpeningHours.resource_id == resource.id)
        if not hours and resource.agency_id is not None:
            hours = self._hours(OpeningHours.agency_id == resource.agency_id)
        opened = bytearray(
            _open(self._first, self._town.timezone, self._town.state, tuple(hours), self._days)
        )
        for closure in self._session.scalars(
            select(Closure).where(Closure.municipality_id == resource.municipality_id)
        ):
            if closure.agency_id in (None, resource.agency_id):
                self._take(opened, closure.starts_at, closure.ends_at)
        return opened

    def _hours(self, whose: object) -> list[tuple[int, int, int]]:
        rows = self._session.scalars(select(OpeningHours).where(whose))  # type: ignore[arg-type]
        return [(row.weekday, row.opens_minute_of_day, row.closes_minute_of_day) for row in rows]

    def _take(self, free: bytearray, starts_at: datetime, ends_at: datetime) -> None:
        """Cells of five minutes that are begun are taken whole."""
        five = timedelta(minutes=5)
        _clear(free, (starts_at - self._first) // five * 5, -((self._first - ends_at) // five) * 5)

    def _is_wished(self, request: SlotRequest, start: datetime, minutes: int) -> bool:
        """Every minute of it on the weekdays and between the times that were wished, by the clock on the wall."""
        weekdays, earliest = request.weekdays or range(7), request.earliest or 0
        latest = 1440 if request.latest is None else request.latest
        zone = ZoneInfo(self._town.timezone)
        at = [(start + timedelta(minutes=m)).astimezone(zone) for m in range(0, -(-minutes // 5) * 5, 5)]
        return all(
            local.weekday() in weekdays and earliest <= local.hour * 60 + local.minute < latest
            for local in at
        )

    def _is_asked_in_time(self, who: int, start: datetime) -> bool:
        """Whether her pool is asked as many working days ahead as it wants."""
        if who not in self._asked_from:
            pool = select(Interpreter.agency_id).where(Interpreter.resource_id == who)
            days = self._session.scalar(select(Agency.lead_working_days).where(Agency.id.in_(pool)))
            self._asked_from[who] = self._after_working_days(days) if days else self._now
        return start >= self._asked_from[who]

    def _after_working_days(self, days: int) -> datetime:
        """The midnight of the day that so many working days come before; today is none of them."""
        zone = ZoneInfo(self._town.timezone)
        day = self._now.astimezone(zone).date()
        free_days = holidays.country_holidays("DE", subdiv=self._town.state, years=(day.year, day.year + 1))
        while days:
            day += timedelta(days=1)
            days -= day.isoweekday() < 6 and day not in free_days
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _clear(minutes: bytearray, first: int, last: int) -> None:
    first, last = max(first, 0), min(last, len(minutes))
    if first < last:
        minutes[first:last] = bytes(last - first)


def _both(one: bytearray, other: bytearray) -> bytearray:
    both = int.from_bytes(one) & int.from_bytes(other)
    return bytearray(both.to_bytes(len(one)))


def _different(parts: list[Part], way: tuple[int, ...]) -> bool:
    """Nobody twice at one visit, and who is there throughout does nothing else."""
    return not any(
        way[i] == way[j] and (parts[i].visit == parts[j].visit or 0 in {parts[i].visit, parts[j].visit})
        for i in range(len(parts))
        for j in range(i)
    )


@lru_cache(maxsize=64)
def _open(
    first: datetime, timezone: str, state: str, hours: tuple[tuple[int, int, int], ...], days: int
) -> bytes:
    return bytes(
        not is_holiday and any(day == weekday and opens <= shown < closes for day, opens, closes in hours)
        for weekday, shown, is_holiday in _calendar(first, timezone, state, days)
    )


@lru_cache(maxsize=8)
def _calendar(first: datetime, timezone: str, state: str, days: int) -> list[tuple[int, int, bool]]:
    """Of every minute: the weekday, the minute of the day on the wall, and whether it is a holiday."""
    closed = holidays.country_holidays("DE", subdiv=state, years=(first.year, first.year + 1))
    zone = ZoneInfo(timezone)

    def shown(minute: int) -> tuple[int, int, bool]:
        local = (first + timedelta(minutes=minute)).astimezone(zone)
        day: date = local.date()
        return local.weekday(), local.hour * 60 + local.minute, day in closed

    return [shown(minute) for minute in range(days * 24 * 60)]
