"""The plan with the fewest visits for all that a client needs, around or instead of what she has already.

What can share a table shares it, what can not comes one after the other on one day. Of all plans the one with the
fewest visits, of these the one on the fewest days, and of these the one that is over soonest.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler_app.domain.bundling import MOST_THINGS, DayOption, different_days, groupings
from scheduler_app.domain.chain import MOST_VISITS
from scheduler_app.domain.errors import BundleSize, NotTogether, UnknownThing
from scheduler_app.domain.opening_hours import epoch_minute, from_epoch_minute
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.find_chains import ChainSearch, FoundChain
from scheduler_app.services.find_slots import JointSearch
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import LONGEST_WAIT_MINUTES, StandingVisit, plan_chain
from scheduler_app.services.plan_parts import for_services
from scheduler_app.services.slot_request import SlotRequest

Table = tuple[str, ...]
"""Services that are dealt with together."""


@dataclass(frozen=True, slots=True)
class BundleVisit:
    """One visit of a plan. ``appointment_id``: it stands already."""

    services: Table
    starts_at: datetime
    ends_at: datetime
    place_id: int
    appointment_id: int | None = None


@dataclass(frozen=True, slots=True)
class BundleBooking:
    """What is to be booked at once: one table, or a chain."""

    request: SlotRequest
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Bundle:
    """``bookings`` to make, one a day; ``replaces`` are appointments (ids) that are then no longer needed.

    ``saved_visits`` and ``saved_ways`` count against a visit and a way of its own for each service, and for each
    appointment that there is.
    """

    bookings: tuple[BundleBooking, ...]
    visits: tuple[BundleVisit, ...]
    replaces: tuple[int, ...]
    days: int
    saved_visits: int
    saved_ways: int


def find_bundle(
    session: Session,
    catalogue: Catalogue,
    request: SlotRequest,
    *,
    now: datetime,
    client_resource_id: int | None = None,
    standing: Sequence[StandingVisit] = (),
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    lead_time: timedelta | None = None,
    longest_wait: int = LONGEST_WAIT_MINUTES,
) -> Bundle | None:
    """The best plan for the services of a request and the appointments that stand; None if there is none.

    Wishes for roles hold wherever there is such a role. Raises BundleSize for more than six services and appointments,
    UnknownThing for a service that this municipality does not have.
    """
    for key in request.services:
        catalogue.service(key)
    if not 1 <= len(request.services) + len(standing) <= MOST_THINGS:
        raise BundleSize(MOST_THINGS)
    bundling = _Bundling(
        session,
        catalogue,
        request,
        _Asked(client_resource_id, now, from_at, until_at, lead_time, longest_wait),
        tuple(sorted(standing, key=lambda visit: visit.starts_minute)),
    )
    return bundling.best()


@dataclass(frozen=True, slots=True)
class _Asked:
    client_resource_id: int | None
    now: datetime
    from_at: datetime | None
    until_at: datetime | None
    lead_time: timedelta | None
    longest_wait: int


@dataclass(frozen=True, slots=True)
class _Block:
    """What is to be on one day: new tables with the wishes for all that is new, and appointments that stand on it."""

    request: SlotRequest
    tables: tuple[Table, ...]
    standing: tuple[StandingVisit, ...]


class _Bundling:
    def __init__(
        self,
        session: Session,
        catalogue: Catalogue,
        request: SlotRequest,
        asked: _Asked,
        standing: tuple[StandingVisit, ...],
    ) -> None:
        self._session, self._catalogue, self._request, self._asked = session, catalogue, request, asked
        self._standing = standing
        self._zone = ZoneInfo(catalogue.timezone)
        self._found: dict[_Block, dict[int, FoundChain | BundleBooking]] = {}
        self._options: dict[_Block, list[DayOption]] = {}

    def best(self) -> Bundle | None:
        """Try plans from the fewest visits on; the first number of visits and days that works is the best."""
        plans = sorted(self._plans(), key=lambda plan: plan[0])
        best: tuple[tuple[int, ...], Bundle] | None = None
        for effort, blocks, replaced in plans:
            if best is not None and effort > best[0][:3]:
                break
            bundle = self._scheduled(blocks, replaced)
            if bundle is not None:
                rank = (*effort, epoch_minute(max(v.ends_at for v in bundle.visits)))
                if best is None or rank < best[0]:
                    best = rank, bundle
        return best[1] if best is not None else None

    def _plans(self) -> Iterator[tuple[tuple[int, int, int], list[_Block], tuple[StandingVisit, ...]]]:
        """(visits, days, appointments to replace), what is on one day, and which appointments are replaced."""
        for count in range(len(self._standing) + 1):
            for replaced in combinations(self._standing, count):
                request = self._wishes(replaced)
                if request is None:
                    continue
                kept = tuple(visit for visit in self._standing if visit not in replaced)
                for tables in self._tables(request.services):
                    for blocks in self._blocks(request, tables, kept):
                        yield (len(tables) + len(kept), len(blocks), count), blocks, replaced

    def _wishes(self, replaced: Sequence[StandingVisit]) -> SlotRequest | None:
        """What is asked for, with what was asked for in the appointments to replace; None if that does not fit."""
        request: SlotRequest | None = self._request
        for visit in replaced:
            if request is not None:
                request = request.together_with(replace(visit.request, services=visit.services))
        return request

    def _tables(self, services: Sequence[str]) -> Iterator[tuple[Table, ...]]:
        for grouping in groupings(sorted(set(services))):
            tables = tuple(tuple(group) for group in grouping)
            if all(self._can_share(table) for table in tables):
                yield tables

    def _can_share(self, table: Table) -> bool:
        return len(table) == 1 or all(self._catalogue.service(key).is_joint for key in table)

    def _blocks(
        self, request: SlotRequest, tables: tuple[Table, ...], kept: tuple[StandingVisit, ...]
    ) -> Iterator[list[_Block]]:
        """Every way to put the tables on days: on those of the appointments that are kept, or on other ones."""
        by_day: dict[date, list[StandingVisit]] = {}
        for visit in kept:
            by_day.setdefault(self._day(visit.starts_minute), []).append(visit)
        things: list[Table | date] = [*tables, *by_day]
        for grouping in groupings(range(len(things))):
            blocks = [self._block(request, [things[place] for place in group], by_day) for group in grouping]
            if all(block is not None for block in blocks):
                yield [block for block in blocks if block is not None]

    def _block(
        self,
        request: SlotRequest,
        things: Sequence[Table | date],
        by_day: dict[date, list[StandingVisit]],
    ) -> _Block | None:
        days = [thing for thing in things if isinstance(thing, date)]
        tables = tuple(thing for thing in things if not isinstance(thing, date))
        standing = tuple(by_day[days[0]]) if days else ()
        if len(days) > 1 or len(tables) + len(standing) > MOST_VISITS:
            return None
        return _Block(request, tables, standing)

    def _scheduled(self, blocks: Sequence[_Block], replaced: Sequence[StandingVisit]) -> Bundle | None:
        fixed_days = {self._day(block.standing[0].starts_minute) for block in blocks if block.standing}
        new = [block for block in blocks if block.tables]
        options = []
        for block in new:
            possible = self._possible(block)
            if not block.standing:
                possible = [option for option in possible if option.day not in fixed_days]
            if not possible:
                return None
            options.append(possible)
        chosen = different_days(options)
        return None if chosen is None else self._bundle(blocks, new, chosen, replaced)

    def _bundle(
        self,
        blocks: Sequence[_Block],
        new: Sequence[_Block],
        chosen: Sequence[DayOption],
        replaced: Sequence[StandingVisit],
    ) -> Bundle:
        bookings, visits = [], []
        for block, option in zip(new, chosen, strict=True):
            found = self._found[block][option.start]
            if isinstance(found, BundleBooking):
                bookings.append(found)
                plan = plan_appointment(self._catalogue, found.request)
                ends_at = found.starts_at + timedelta(minutes=plan.minutes)
                visits.append(BundleVisit(block.tables[0], found.starts_at, ends_at, plan.visits[0].place_id))
            else:
                bookings += [BundleBooking(*booking) for booking in found.bookings]
                visits += self._chain_visits(found)
        for block in blocks:
            if not block.tables:
                visits += [_standing_visit(visit) for visit in block.standing]
        ways_before = len(set(self._request.services)) + len(
            {self._day(visit.starts_minute) for visit in self._standing}
        )
        return Bundle(
            tuple(sorted(bookings, key=lambda booking: booking.starts_at)),
            tuple(sorted(visits, key=lambda visit: visit.starts_at)),
            tuple(visit.appointment_id for visit in replaced),
            days=len(blocks),
            saved_visits=len(set(self._request.services)) + len(self._standing) - len(visits),
            saved_ways=ways_before - len(blocks),
        )

    def _chain_visits(self, found: FoundChain) -> Iterable[BundleVisit]:
        for visit in found.visits:
            if isinstance(visit.visit, StandingVisit):
                yield _standing_visit(visit.visit)
            else:
                services = tuple(concern.key for concern in visit.visit.concerns)
                yield BundleVisit(services, visit.starts_at, visit.ends_at, visit.visit.place_id)

    def _possible(self, block: _Block) -> list[DayOption]:
        """For each day on which the block is possible when it would be over soonest."""
        known = self._options.get(block)
        if known is None:
            try:
                found = (
                    self._table(block) if len(block.tables) + len(block.standing) == 1 else self._chain(block)
                )
            except (NotTogether, UnknownThing):  # nobody is left who could come
                found = []
            by_day: dict[date, DayOption] = {}
            self._found[block] = {}
            for starts, ends, what in found:
                self._found[block][starts] = what
                option = DayOption(self._day(starts), ends, starts)
                if option.day not in by_day or ends < by_day[option.day].ends:
                    by_day[option.day] = option
            known = self._options[block] = list(by_day.values())
        return known

    def _table(self, block: _Block) -> list[tuple[int, int, FoundChain | BundleBooking]]:
        request = for_services(self._catalogue, block.request, block.tables[0])
        plan, asked = plan_appointment(self._catalogue, request), self._asked
        if asked.client_resource_id is not None:
            plan = plan.with_client(asked.client_resource_id)
        search = JointSearch(
            self._session,
            self._catalogue,
            plan,
            now=asked.now,
            from_at=asked.from_at,
            until_at=asked.until_at,
            lead_time=asked.lead_time,
        )
        return [
            (minute, minute + plan.minutes, BundleBooking(request, from_epoch_minute(minute)))
            for minute in search.result().minutes
        ]

    def _chain(self, block: _Block) -> list[tuple[int, int, FoundChain | BundleBooking]]:
        services = tuple(service for table in block.tables for service in table)
        groups = tuple(place for place, table in enumerate(block.tables) for _ in table)
        request, asked = for_services(self._catalogue, block.request, services), self._asked
        plan = plan_chain(
            self._catalogue,
            replace(request, groups=groups if len(groups) > len(block.tables) else ()),
            longest_wait=asked.longest_wait,
            client_resource_id=asked.client_resource_id,
            standing=block.standing,
        )
        search = ChainSearch(
            self._session,
            self._catalogue,
            plan,
            now=asked.now,
            from_at=asked.from_at,
            until_at=asked.until_at,
            lead_time=asked.lead_time,
        )
        found = [search.spelled_out(itinerary) for itinerary in search.best()]
        return [(epoch_minute(chain.starts_at), epoch_minute(chain.ends_at), chain) for chain in found]

    def _day(self, minute: int) -> date:
        return from_epoch_minute(minute).astimezone(self._zone).date()


def _standing_visit(visit: StandingVisit) -> BundleVisit:
    starts_at = from_epoch_minute(visit.starts_minute)
    return BundleVisit(
        visit.services,
        starts_at,
        starts_at + timedelta(minutes=visit.minutes),
        visit.place_id,
        visit.appointment_id,
    )
