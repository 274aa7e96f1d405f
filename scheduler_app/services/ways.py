"""How far apart the places of a municipality are."""

from collections.abc import Callable
from functools import lru_cache

from scheduler_app.domain.free_time import cells_for
from scheduler_app.domain.travel import travel_minutes
from scheduler_app.services.catalogue_entries import Catalogue

UNKNOWN_WAY_MINUTES = 15
"""Between two places of which one has no position."""

Way = Callable[[int, int], int]
"""(place id, place id) -> minutes; 0 and below stand for no place that matters."""


def ways(catalogue: Catalogue) -> Way:
    """The ways between a municipality's places (and from those of its pools' other municipalities), in minutes."""

    @lru_cache(maxsize=1024)
    def way(one: int, other: int) -> int:
        if one == other or one <= 0 or other <= 0:
            return 0
        start, end = catalogue.positions.get(one), catalogue.positions.get(other)
        if start is None or end is None:
            return UNKNOWN_WAY_MINUTES
        return travel_minutes(start, end)

    return way


def way_cells(catalogue: Catalogue) -> Way:
    """The same in cells."""
    way = ways(catalogue)
    return lru_cache(maxsize=1024)(lambda one, other: cells_for(way(one, other)))
