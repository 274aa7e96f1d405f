"""Free time as bit sets: one Python integer a resource, one bit a five-minute cell, in UTC.

Bit i of a mask stands for the cell that begins ``window.start_minute + 5 * i`` (minutes since the Unix epoch).
A visit of k cells fits where k bits in a row are set.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CELL_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Window:
    """The time that masks cover. ``start_minute`` lies on the grid of cells."""

    start_minute: int
    cells: int

    def __post_init__(self) -> None:
        if self.start_minute % CELL_MINUTES or self.cells < 0:
            raise ValueError(f"a window begins on a five-minute cell and is not negative: {self}")

    @property
    def end_minute(self) -> int:
        return self.start_minute + self.cells * CELL_MINUTES

    @property
    def full(self) -> int:
        """The mask of the whole window."""
        return (1 << self.cells) - 1

    def cell_of(self, minute: int) -> int:
        """The cell in which a minute lies; may be outside the window."""
        return (minute - self.start_minute) // CELL_MINUTES

    def minute_of(self, cell: int) -> int:
        return self.start_minute + cell * CELL_MINUTES

    def covers(self, from_minute: int, until_minute: int) -> bool:
        return self.start_minute <= from_minute and until_minute <= self.end_minute


def window_around(from_minute: int, until_minute: int) -> Window:
    """The smallest window of whole cells around a time."""
    start = from_minute - from_minute % CELL_MINUTES
    return Window(start, -(-(until_minute - start) // CELL_MINUTES))


def cells_for(minutes: int) -> int:
    """How many cells a visit of this length takes; a begun cell counts whole."""
    return -(-minutes // CELL_MINUTES)


def touched(intervals: Iterable[tuple[int, int]], window: Window) -> int:
    """The cells that busy times touch, each begun cell whole: what is off the grid blocks more, never less."""
    start, last = window.start_minute, window.cells
    mask = 0
    for begins, ends in intervals:
        low = (begins - start) // CELL_MINUTES
        high = -((start - ends) // CELL_MINUTES)
        low = max(0, low)
        high = min(last, high)
        if low < high:
            mask |= ((1 << high - low) - 1) << low
    return mask


def inside(intervals: Iterable[tuple[int, int]], window: Window) -> int:
    """The cells that lie wholly inside one of the intervals (opening hours)."""
    mask = 0
    for begins, ends in intervals:
        low = max(-((window.start_minute - begins) // CELL_MINUTES), 0)
        high = min((ends - window.start_minute) // CELL_MINUTES, window.cells)
        if low < high:
            mask |= ((1 << high - low) - 1) << low
    return mask


def fitting(mask: int, cells: int) -> int:
    """The starts from which ``cells`` free cells follow, by shifts that double: log2(cells) steps."""
    if cells <= 0:
        raise ValueError("a visit takes at least one cell")
    width = 1
    while 2 * width <= cells:
        mask &= mask >> width
        width *= 2
    return mask & mask >> (cells - width) if width < cells else mask


def every(window: Window, minutes: int) -> int:
    """The cells whose start is a multiple of ``minutes`` since the epoch (a multiple of five).

    Offsets of all zones in use are multiples of 15 minutes, so a grid of up to 15 is the same on the wall.
    """
    if minutes <= 0 or minutes % CELL_MINUTES:
        raise ValueError("starts lie on a grid of whole cells")
    step = minutes // CELL_MINUTES
    first = (-window.start_minute // CELL_MINUTES) % step
    count = len(range(first, window.cells, step))
    if not count:
        return 0
    return ((1 << step * count) - 1) // ((1 << step) - 1) << first


def between(window: Window, from_minute: int, until_minute: int) -> int:
    """The cells that begin at or after one minute and before another."""
    low = min(max(-((window.start_minute - from_minute) // CELL_MINUTES), 0), window.cells)
    high = min(max(-((window.start_minute - until_minute) // CELL_MINUTES), low), window.cells)
    return ((1 << high - low) - 1) << low


def start_minutes(starts: int, window: Window, limit: int | None = None) -> list[int]:
    """The first ``limit`` (or all) starts of a mask, ascending, in minutes."""
    bits = bin(starts)[:1:-1]
    found: list[int] = []
    at = bits.find("1")
    while at >= 0 and (limit is None or len(found) < limit):
        found.append(window.start_minute + at * CELL_MINUTES)
        at = bits.find("1", at + 1)
    return found
