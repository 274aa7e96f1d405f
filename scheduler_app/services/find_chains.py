"""The search for chains over the real tables: desk after desk on one day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.orm import Session

from scheduler_app.domain.chain import Chain
from scheduler_app.domain.chain_search import arrangements, best_itineraries
from scheduler_app.domain.free_time import Grid, touched
from scheduler_app.domain.itineraries import Arrangement, Itineraries, Itinerary
from scheduler_app.domain.opening_hours import from_epoch_minute, midnights
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.find_slots import asked_in_time
from scheduler_app.services.free_times import booking_window, free_times
from scheduler_app.services.lead_times import bounds, wished_cells
from scheduler_app.services.plan_chain import ChainPlan, StandingVisit
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import CLIENT, PlannedVisit
from scheduler_app.services.slot_request import SlotRequest


@dataclass(frozen=True, slots=True)
class FoundVisit:
    """One visit of a chain that was found, or one that stands already."""

    visit: PlannedVisit | StandingVisit
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.visit.minutes)


@dataclass(frozen=True, slots=True)
class FoundChain:
    """A chain that can be booked: ``request`` is the arrangement of what is new in it, which begins at ``books_at``.

    The visits come in their order. ``bookings`` (request, start) are several where visits that stand lie in between.
    """

    request: SlotRequest
    books_at: datetime
    visits: tuple[FoundVisit, ...]
    bookings: tuple[tuple[SlotRequest, datetime], ...]

    @property
    def starts_at(self) -> datetime:
        return self.visits[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return self.visits[-1].ends_at


@dataclass(frozen=True)
class ChainsFound:
    """``chains`` in the order asked for. Without any, ``blocking`` names visits (``visit:1`` ...) and escorts (by the
    key of their role) without which there would be some.
    """

    plan: ChainPlan
    chains: tuple[FoundChain, ...]
    blocking: tuple[str, ...] = ()


def find_chains(
    session: Session,
    catalogue: Catalogue,
    plan: ChainPlan,
    *,
    now: datetime,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    limit: int | None = None,
    lead_time: timedelta | None = None,
) -> ChainsFound:
    """From each start (the first ``limit``, or all) the chain that is over soonest: fewest waits.

    Times as for ``find_slots``. Every visit begins on the municipality's grid, all on one local day.
    """
    search = ChainSearch(
        session, catalogue, plan, now=now, from_at=from_at, until_at=until_at, lead_time=lead_time
    )
    found = search.best(limit)
    blocking = () if found else search.blocking()
    return ChainsFound(plan, tuple(search.spelled_out(itinerary) for itinerary in found), blocking)


class ChainSearch:
    """One search over free time that has been read: for asking again."""

    def __init__(
        self,
        session: Session,
        catalogue: Catalogue,
        plan: ChainPlan,
        *,
        now: datetime,
        from_at: datetime | None = None,
        until_at: datetime | None = None,
        lead_time: timedelta | None = None,
    ) -> None:
        self._catalogue, self.plan = catalogue, plan
        chain = plan.chain
        named = {c for visit in chain.visits for role in visit.roles for c in role.candidates}
        named |= {candidate for escort in chain.escorts for candidate in escort.candidates}
        window = booking_window(catalogue, now=now)
        self.times = free_times(session, catalogue, window, now=now, besides=named)
        self.grid: Grid = self.times.grid
        from_at, until_at = bounds(
            catalogue, plan, now=now, from_at=from_at, until_at=until_at, lead_time=lead_time
        )
        first, last = (-int(-moment.timestamp() // 60) for moment in (from_at, until_at))
        self.allowed = self.grid.full
        chain = self._at_allowed_times(chain, first, last)
        if plan.standing:
            chain = self._with_standing(chain)
        self.chain = chain if lead_time is not None else _asked_in_time(catalogue, chain, self.grid, now=now)

    def _at_allowed_times(self, chain: Chain, first: int, last: int) -> Chain:
        """Each new visit not too soon, and within the weekdays and times of the day that were asked for."""
        in_time = self.grid.between(first, last if self.plan.standing else self.grid.window.end_minute)
        visits = list(chain.visits)
        for place, planned in enumerate(self.plan.visits):
            wished = wished_cells(self._catalogue, self.plan.request, planned.minutes, self.grid.window)
            visits[place] = replace(visits[place], allowed=in_time & self.grid.starts(wished))
        begins = self.grid.between(self.grid.window.start_minute, last)
        return replace(chain, visits=tuple(visits), begins=begins)

    def _with_standing(self, chain: Chain) -> Chain:
        """The visits that stand at their times, at which the client is not busy but there.

        One that does not begin on the grid can not be in a chain.
        """
        visits = list(chain.visits)
        there = 0
        for place, standing in enumerate(self.plan.standing, len(self.plan.visits)):
            index = self.grid.index_of(standing.starts_minute)
            ends = standing.starts_minute + standing.minutes
            there |= touched([(standing.starts_minute, ends)], self.grid.window)
            visits[place] = replace(visits[place], stands_at=index if index is not None else self.grid.count)
        clients = [escort.candidates[0] for escort in chain.escorts if escort.key == CLIENT]
        free = {client: self.times.by_resource[client] for client in clients}
        self.times = self.times.besides({client: time.there(there) for client, time in free.items()})
        return replace(chain, visits=tuple(visits))

    def best(self, limit: int | None = None) -> list[Itinerary]:
        """From each start the chain that is over soonest."""
        return self._best(self.chain, limit)

    def arrangements(self) -> list[Arrangement]:
        """All chains, as arrangements and their starts."""
        return arrangements(
            self.chain,
            self.times.starts_of,
            self.allowed,
            step=self.grid.step,
            midnights=_midnights(self.grid, self._catalogue.timezone),
        )

    def all(self, limit: int | None = None) -> Sequence[Itinerary]:
        """The first ``limit`` (or all) chains, by the starts of their visits."""
        return Itineraries(self.arrangements(), limit)

    def spelled_out(self, itinerary: Itinerary) -> FoundChain:
        """The visits with their times, and the request that books those that do not stand yet."""
        everything: list[PlannedVisit | StandingVisit] = [*self.plan.visits, *self.plan.standing]
        minutes = [self.grid.minute_of(index) for index in itinerary.starts]
        visits = tuple(
            FoundVisit(everything[place], from_epoch_minute(minute))
            for place, minute in zip(itinerary.order, minutes, strict=True)
        )
        bookings = [
            (self._arranged(run), from_epoch_minute(run[0][1]))
            for run in self._runs(itinerary.order, minutes)
        ]
        return FoundChain(*bookings[0], visits, tuple(bookings))

    def _runs(self, order: Sequence[int], minutes: Sequence[int]) -> list[list[tuple[int, int]]]:
        """The new visits, in one run unless one that stands lies between them: (visit, minute)."""
        runs: list[list[tuple[int, int]]] = [[]]
        for place, minute in zip(order, minutes, strict=True):
            if place < len(self.plan.visits):
                runs[-1].append((place, minute))
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if run]

    def _arranged(self, new: Sequence[tuple[int, int]]) -> SlotRequest:
        """Also a single visit beside one that stands is arranged as in a chain, with the same roles."""
        return self.plan.request.arranged(
            [place for place, _ in new],
            [minute - new[0][1] for _, minute in new],
            [self.plan.visits[place].minutes for place, _ in new],
        )

    def blocking(self) -> tuple[str, ...]:
        """Without which visit, or without which escort, there would be a chain; else the visits never possible."""
        chain = self.chain
        found = [
            escort.key
            for escort in chain.escorts
            if self._best(replace(chain, escorts=tuple(e for e in chain.escorts if e is not escort)), 1)
        ]
        if len(chain.visits) > 2:
            for number, visit in enumerate(chain.visits, 1):
                rest = tuple(other for other in chain.visits if other is not visit)
                if self._best(replace(chain, visits=rest), 1):
                    found.append(f"visit:{number}")
        return tuple(found)

    def _best(self, chain: Chain, limit: int | None) -> list[Itinerary]:
        return best_itineraries(
            chain,
            self.times.starts_of,
            self.allowed,
            step=self.grid.step,
            midnights=_midnights(self.grid, self._catalogue.timezone),
            limit=limit,
        )


def _asked_in_time(catalogue: Catalogue, chain: Chain, grid: Grid, *, now: datetime) -> Chain:
    first = asked_in_time(catalogue, grid, now=now)
    if not first:
        return chain
    return replace(
        chain,
        escorts=tuple(
            replace(escort, not_before=first) if escort.key == INTERPRETER else escort
            for escort in chain.escorts
        ),
    )


@lru_cache(maxsize=64)
def _midnights(grid: Grid, timezone: str) -> int:
    """The first start of each local day."""
    mask = 0
    for midnight in midnights(grid.window, timezone):
        starts = grid.between(midnight, grid.window.end_minute)
        mask |= starts & -starts
    return mask
