"""The floor: what the bare search costs, as the shortest code that is right on this data.

One big integer a resource, one bit a quarter of an hour. No rules, no database, no other municipality's interpreters,
nothing kept between searches; a booking that is off the grid of quarter hours would be seen wrongly.
"""

from collections.abc import Iterator
from itertools import permutations, product

from benchmarks.dataset import Chain, Municipality, Query
from benchmarks.generate import GRID, LANGUAGES, shifts

ALL = 1 << 30


class Floor:
    """The searches of one municipality."""

    def __init__(self, data: Municipality, window_start: int) -> None:
        self._start = window_start
        self._free: dict[str, int] = {}
        for resource in (*data["staff"], *data["interpreters"], *data["rooms"]):
            mask = 0
            for opens, closes, _ in shifts(resource["week"], data["holidays"]):
                mask |= _bits(opens - window_start, closes - opens)
            flat = data["booked"][resource["id"]]
            for start, length in zip(flat[::2], flat[1::2], strict=True):
                mask &= ~_bits(start, length)
            self._free[resource["id"]] = mask
        self._teams: list[list[str]] = [team["members"] for team in data["teams"]]
        self._speakers = {
            language: [x["id"] for x in data["interpreters"] if language in x["languages"]]
            for language in LANGUAGES
        }
        self._rooms: list[tuple[str, int]] = [(room["id"], room["capacity"]) for room in data["rooms"]]

    def starts(self, query: Query) -> list[int]:
        """The answer to a query of the classes Q1 to Q4: epoch minutes, ascending."""
        groups = [self._teams[team] for team in query.teams] + [[person] for person in query.persons]
        if query.language:
            groups.append(self._speakers[query.language])
        if query.capacity:
            groups.append([room for room, seats in self._rooms if seats >= query.capacity])
        found = -1
        for group in groups:
            found &= self._any_of(group, query.minutes // GRID)
        return list(self._listed(found, query.first or ALL))

    def chains(self, query: Query, first: int = ALL) -> tuple[list[Chain], list[Chain]]:
        """The first chains of a query of class Q5: with one interpreter at all visits; and with her all the time."""
        length = query.minutes // GRID
        gaps = range(query.gap[0] // GRID, query.gap[1] // GRID + 1)
        desks = [self._any_of(self._teams[team], length) for team in query.teams]
        speakers = self._speakers[query.language]
        talks = [_fitting(self._free[speaker], length) for speaker in speakers]
        throughout: dict[int, int] = {}
        at_visits: list[Chain] = []
        all_the_time: list[Chain] = []
        for gap, further in product(gaps, gaps):
            second, third = length + gap, 2 * length + gap + further
            if third not in throughout:
                throughout[third] = self._any_of(speakers, third + length)
            with_talks = 0
            for talk in talks:
                with_talks |= talk & talk >> second & talk >> third
            for order in permutations(range(3)):
                name = "".join(map(str, order))
                visits = desks[order[0]] & desks[order[1]] >> second & desks[order[2]] >> third
                for found, into in (
                    (visits & with_talks, at_visits),
                    (visits & throughout[third], all_the_time),
                ):
                    for at in self._listed(found, first):
                        into.append((at, at + second * GRID, at + third * GRID, name))
        return sorted(at_visits)[:first], sorted(all_the_time)[:first]

    def _any_of(self, group: list[str], length: int) -> int:
        starts = 0
        for name in group:
            starts |= _fitting(self._free[name], length)
        return starts

    def _listed(self, mask: int, first: int) -> Iterator[int]:
        while mask and first:
            lowest = mask & -mask
            yield self._start + (lowest.bit_length() - 1) * GRID
            mask ^= lowest
            first -= 1


def _bits(minute: int, minutes: int) -> int:
    return ((1 << minutes // GRID) - 1) << minute // GRID


def _fitting(mask: int, length: int) -> int:
    """The quarters from which on ``length`` are free."""
    for _ in range(1, length):
        mask &= mask >> 1
    return mask
