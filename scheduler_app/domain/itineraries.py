"""What a search for chains finds: arrangements, and the chains that they stand for."""

from collections.abc import Sequence
from typing import NamedTuple, overload

from scheduler_app.domain.free_time import listed


class Arrangement(NamedTuple):
    """``order``: which visit comes first, second ...; ``offsets``: when, in steps of the grid after the first.

    ``starts``: the starts from which it works. ``cells``: until the end of the last visit.
    """

    offsets: tuple[int, ...]
    order: tuple[int, ...]
    starts: int
    cells: int


class Itinerary(NamedTuple):
    """One chain: the starts of its visits (indices of the grid) in the order in which they come."""

    starts: tuple[int, ...]
    order: tuple[int, ...]


class Itineraries(Sequence[Itinerary]):
    """Chains sorted by the starts of their visits and then by their order.

    Kept as one number each, (start, which arrangement), and spelled out when looked at: there may be thousands.
    """

    def __init__(self, found: Sequence[Arrangement], limit: int | None = None) -> None:
        """The first ``limit`` (or all) chains of these arrangements."""
        self._ranked = sorted(found)
        until = _until(self._ranked, limit)
        count = len(self._ranked)
        places: list[int] = []
        for rank, (_, _, starts, _) in enumerate(self._ranked):
            left = starts & until
            while left:  # as in listed(), which would have to be gone through again
                index = left.bit_length() - 1
                places.append(index * count + rank)
                left ^= 1 << index
        places.sort()
        self._places = places[:limit]

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, which: int) -> Itinerary: ...
    @overload
    def __getitem__(self, which: slice) -> list[Itinerary]: ...
    def __getitem__(self, which: int | slice) -> Itinerary | list[Itinerary]:
        if isinstance(which, slice):
            return [self._spelled(place) for place in self._places[which]]
        return self._spelled(self._places[which])

    def _spelled(self, place: int) -> Itinerary:
        index, rank = divmod(place, len(self._ranked))
        offsets, order, *_ = self._ranked[rank]
        return Itinerary(tuple([index + offset for offset in offsets]), order)


def _until(ranked: Sequence[Arrangement], limit: int | None) -> int:
    """The starts among which the first ``limit`` chains lie: each start has at least one."""
    if limit is None:
        return -1
    union = 0
    for arrangement in ranked:
        union |= arrangement.starts
    first = listed(union, limit)
    return (1 << first[-1] + 1) - 1 if first else 0
