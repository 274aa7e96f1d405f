"""Public holidays of a German state."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import holidays

from scheduler_app.domain.free_time import Window
from scheduler_app.domain.opening_hours import from_epoch_minute


@lru_cache(maxsize=256)
def _holidays_of_year(state: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv=state, years=year))


def public_holidays(state: str, window: Window) -> Collection[date]:
    """The public holidays of ``state`` (as in ISO 3166-2:DE, "NW") in the years that the window touches.

    Raises NotImplementedError for a state that does not exist.
    """
    first = from_epoch_minute(window.start_minute) - timedelta(days=1)
    last = from_epoch_minute(window.end_minute) + timedelta(days=1)
    years = range(first.year, last.year + 1)
    return frozenset().union(*(_holidays_of_year(state, year) for year in years))
