"""The search for chains: desk after desk on one day, with the same people at the client's side throughout.

The visits may come in any order. For every arrangement (an order and the waits between its visits) one mask says from
which starts it works: the visits' own masks, shifted by when they begin, and intersected. Arrangements are tried from
the shortest on, so the best one from each start is found first.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, reduce
from itertools import product
from operator import and_, or_

from scheduler_app.domain.chain import MOST_VISITS, Chain, staying, visit_spans
from scheduler_app.domain.free_time import listed
from scheduler_app.domain.itineraries import Arrangement, Itinerary
from scheduler_app.domain.joint_search import (
    Role,
    Span,
    StartsOf,
    able_at,
    for_cells,
    joint_starts,
    role_starts,
    through,
)

MOST_TRIED = 100_000
"""Beginnings of chains that are tried in a search for the best: far more than there are of up to four visits, or of
five or six that do not wait long. Beyond it a search ends with what it has: an answer in a second, not in minutes."""


def arrangements(
    chain: Chain, starts_of: StartsOf, allowed: int, *, step: int, midnights: int
) -> list[Arrangement]:
    """All arrangements that work from some start, all visits beginning at one that is ``allowed``.

    ``step`` is how many cells the starts are apart, ``midnights`` the mask of the starts at which a local day begins:
    a chain lies within one day.
    """
    return _Walk(chain, starts_of, allowed, step, midnights).arrangements()


def best_itineraries(
    chain: Chain, starts_of: StartsOf, allowed: int, *, step: int, midnights: int, limit: int | None = None
) -> list[Itinerary]:
    """From each start (the first ``limit``, or all) the chain that ends soonest; of several the first by its order."""
    walk = _Walk(chain, starts_of, allowed, step, midnights)
    best: dict[int, Itinerary] = {}
    hopeful = walk.hopeful
    while hopeful and walk.tried <= MOST_TRIED and (limit is None or len(best) < limit):
        batch = sum(1 << start for start in listed(hopeful, limit))
        for starts, (offsets, order, _, _) in walk.best(batch):
            for index in listed(starts):
                best[index] = Itinerary(tuple(index + offset for offset in offsets), order)
        hopeful &= ~batch
    return [best[index] for index in sorted(best)[:limit]]


class _Walk:
    """One search: masks of the visits, and those shifted by when a visit begins, each worked out once."""

    def __init__(self, chain: Chain, starts_of: StartsOf, allowed: int, step: int, midnights: int) -> None:
        self._chain, self._starts_of, self._step, self._midnights = chain, starts_of, step, midnights
        self._visits = chain.visits
        self._own = [
            joint_starts(visit.roles, starts_of, allowed & visit.allowed)
            if visit.stands_at is None
            else 1 << visit.stands_at
            for visit in self._visits
        ]
        self._seen_by_escorts()
        self._waits = self._bounds()
        self._last_steps = [-(-visit.cells // step) for visit in self._visits]
        self._are_all_new = all(visit.stands_at is None for visit in self._visits)
        self._are_alike = self._are_all_new and len({(v.cells, v.place) for v in self._visits}) == 1
        self._completed: dict[tuple[int, int], int] = {}
        self._shifted: dict[tuple[int, int], dict[int, int]] = {}
        self._possible: dict[tuple[int, ...], int] = {}
        self._in_day: dict[int, int] = {}
        self._able: dict[tuple[int, Span], list[int]] = {}
        self._everything = (1 << len(self._visits)) - 1
        self._firsts = (0,) if chain.is_ordered else tuple(range(len(self._visits)))
        self._left: dict[tuple[int, int, bool], int] = {}
        self.tried = 0
        self.hopeful = 0
        for first in self._firsts:
            self.hopeful |= self._completable(self._everything, first) & chain.begins

    def _seen_by_escorts(self) -> None:
        """Leave out the starts of visits at which some escort can not be anybody: it saves walking there."""
        for escort in self._chain.escorts:
            for number, visit in enumerate(self._visits):
                if visit.stands_at is None:
                    need = for_cells(visit.cells, visit.place if escort.travels else 0)
                    self._own[number] &= role_starts(
                        Role(escort.key, escort.candidates, need), self._starts_of
                    )

    def arrangements(self) -> list[Arrangement]:
        """All of them."""
        return self._walk(None, -1)

    def best(self, among: int) -> Iterator[tuple[int, Arrangement]]:
        """The arrangements that are over soonest from some of these starts, and from which; each start once."""
        if not among:
            return
        soonest = min(self._steps_left(self._everything, first, min) for first in self._firsts)
        latest = max(self._steps_left(self._everything, first, max) for first in self._firsts)
        for over in range(soonest, latest + 1):
            found = self._walk(over, among)
            for arrangement in sorted(found, key=lambda one: (one.cells, one.offsets, one.order)):
                starts = arrangement.starts & among
                if starts:
                    yield starts, arrangement
                    among &= ~starts
            if not among or self.tried > MOST_TRIED:
                return

    def _walk(self, over: int | None, among: int) -> list[Arrangement]:
        """Those that are over so many steps after a start ``among`` these, or all."""
        found: list[Arrangement] = []
        for first in self._firsts:
            starts = self._completable(self._everything, first) & self._chain.begins & among
            if starts:
                self._extend((first,), (0,), self._everything ^ 1 << first, starts, over, found)
        return found

    def _steps_left(self, left: int, first: int, best: Callable[..., int]) -> int:
        """From the start of visit ``first`` to the end of all in the set ``left``: the fewest or the most steps."""
        key = left, first, best is min
        known = self._left.get(key)
        if known is None:
            rest = left ^ 1 << first
            known = self._last_steps[first]
            if rest:
                known = best(
                    best(self._waits[first][visit]) + self._steps_left(rest, visit, best)
                    for visit in self._next(first, rest)
                )
            self._left[key] = known
        return known

    def _bounds(self) -> list[list[tuple[int, int]]]:
        """From the start of one visit to that of another: the fewest and the most steps."""
        chain, step = self._chain, self._step
        bounds = []
        for one in self._visits:
            row = []
            for other in self._visits:
                way = one.cells + chain.walk(one.place, other.place)
                row.append((-(-(way + chain.shortest_wait) // step), (way + chain.longest_wait) // step))
            bounds.append(row)
        return bounds

    def _next(self, last: int, left: int) -> Sequence[int]:
        if self._chain.is_ordered:
            return (last + 1,) if left else ()
        return _members(left)

    def _completable(self, left: int, first: int) -> int:
        """The starts of visit ``first`` from which all visits in the set ``left`` can follow, but for the escorts."""
        key = left, first
        known = self._completed.get(key)
        if known is None:
            known = self._own[first]
            rest = left ^ 1 << first
            if rest and known:
                known &= self._followed(first, rest)
            self._completed[key] = known
        return known

    def _followed(self, first: int, rest: int) -> int:
        follows = 0
        for visit in self._next(first, rest):
            shortest, longest = self._waits[first][visit]
            reachable = self._completable(rest, visit) >> shortest
            for _ in range(longest - shortest + 1):
                follows |= reachable
                reachable >>= 1
        return follows

    def _extend(
        self,
        order: tuple[int, ...],
        offsets: tuple[int, ...],
        left: int,
        starts: int,
        over: int | None,
        found: list[Arrangement],
    ) -> None:
        """Add every way on from here, or every one that is ``over`` so many steps after the start."""
        self.tried += 1
        if over is not None and self.tried > MOST_TRIED:
            return
        last, began = order[-1], offsets[-1]
        for visit in self._next(last, left):
            shortest, longest = self._waits[last][visit]
            if over is not None:
                shortest = max(shortest, over - began - self._steps_left(left, visit, max))
                longest = min(longest, over - began - self._steps_left(left, visit, min))
            rest, way = left ^ 1 << visit, (*order, visit)
            shifted = self._shifted.setdefault((left, visit), {})
            for offset in range(began + shortest, began + longest + 1):
                here = shifted.get(offset)
                if here is None:
                    here = shifted[offset] = self._completable(left, visit) >> offset
                here &= starts
                if here and rest:
                    self._extend(way, (*offsets, offset), rest, here, over, found)
                elif here:
                    self._add(way, (*offsets, offset), here, found)

    def _add(
        self, order: tuple[int, ...], offsets: tuple[int, ...], starts: int, found: list[Arrangement]
    ) -> None:
        key = offsets if self._are_alike else offsets + order
        possible = self._possible.get(key)
        if possible is None:
            possible = self._possible[key] = self._possible_starts(order, offsets)
        starts &= possible
        if starts:
            cells = offsets[-1] * self._step + self._visits[order[-1]].cells
            found.append(Arrangement(offsets, order, starts, cells))

    def _possible_starts(self, order: tuple[int, ...], offsets: tuple[int, ...]) -> int:
        """The starts at which the chain stays within a day and the escorts are there."""
        starts = self._within_a_day(offsets[-1] + self._last_steps[order[-1]])
        if self._chain.escorts:
            offset_cells = [offset * self._step for offset in offsets]
            starts &= self._escort_starts(visit_spans(self._chain, order, offset_cells), order)
        return starts

    def _within_a_day(self, steps: int) -> int:
        """The starts after which no midnight comes for so many steps."""
        known = self._in_day.get(steps)
        if known is None:
            crossing = 0
            for ahead in range(1, steps):
                crossing |= self._midnights >> ahead
            known = self._in_day[steps] = ~crossing
        return known

    def _escort_starts(self, spans: Sequence[Span], order: Sequence[int]) -> int:
        """The starts at which every escort is there, different people where they come from one pool."""
        escorts = self._chain.escorts
        able = [self._candidates_able(number, spans, order) for number in range(len(escorts))]
        people = [candidate for escort in escorts for candidate in escort.candidates]
        if len(set(people)) == len(people):
            starts = -1
            for masks in able:
                starts &= reduce(or_, masks, 0)
            return starts
        starts = 0
        for chosen in product(
            *(zip(e.candidates, masks, strict=True) for e, masks in zip(escorts, able, strict=True))
        ):
            if len({candidate for candidate, _ in chosen}) == len(chosen):
                starts |= reduce(and_, (mask for _, mask in chosen))
        return starts

    def _candidates_able(self, number: int, spans: Sequence[Span], order: Sequence[int]) -> list[int]:
        """For each candidate of an escort the starts at which she can be there at all spans."""
        escort = self._chain.escorts[number]
        if escort.stays:
            spans = through(staying(spans)).spans
        elif not self._are_all_new:
            spans = [
                s for s, visit in zip(spans, order, strict=True) if self._visits[visit].stands_at is None
            ]
        masks = [-1] * len(escort.candidates)
        for span in spans:
            masks = list(map(and_, masks, self._able_at(number, span)))
        return masks

    def _able_at(self, number: int, span: Span) -> list[int]:
        known = self._able.get((number, span))
        if known is None:
            offset, cells, place = span
            escort = self._chain.escorts[number]
            need = for_cells(cells, place if escort.travels else 0)
            role = Role(escort.key, escort.candidates, need, not_before=escort.not_before)
            steps = offset // self._step
            known = [able_at(role, candidate, self._starts_of) >> steps for candidate in escort.candidates]
            self._able[number, span] = known
        return known


@cache
def _members(visits: int) -> tuple[int, ...]:
    """The visits in a set of them."""
    return tuple(visit for visit in range(MOST_VISITS) if visits >> visit & 1)
