"""Free time as bit sets: one Python integer a resource, one bit a five-minute cell, in UTC.

Bit i of a mask stands for the cell that begins ``window.start_minute + 5 * i`` (minutes since the Unix epoch).
A visit of k cells fits where k bits in a row are set.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress

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
    line = bytearray(
        b"0" * (window.cells + 1)
    )  # the first cell is the last character: it reads as a binary number
    for begins, ends in intervals:
        low = max(-((window.start_minute - begins) // CELL_MINUTES), 0)
        high = min((ends - window.start_minute) // CELL_MINUTES, window.cells)
        if low < high:
            line[len(line) - high : len(line) - low] = b"1" * (high - low)
    return int(line, 2)


def fitting(mask: int, cells: int) -> int:
    """The starts from which ``cells`` free cells follow, by shifts that double: log2(cells) steps."""
    if cells <= 0:
        raise ValueError("a visit takes at least one cell")
    width = 1
    while 2 * width <= cells:
        mask &= mask >> width
        width *= 2
    return mask & mask >> (cells - width) if width < cells else mask


def between(window: Window, from_minute: int, until_minute: int) -> int:
    """The cells that begin at or after one minute and before another."""
    low = min(max(-((window.start_minute - from_minute) // CELL_MINUTES), 0), window.cells)
    high = min(max(-((window.start_minute - until_minute) // CELL_MINUTES), low), window.cells)
    return ((1 << high - low) - 1) << low


def overlapping(intervals: Iterable[tuple[int, int]], window: Window, most: int) -> int:
    """The cells in which ``most`` or more of the busy times lie: a sweep over where they begin and end."""
    changes: dict[int, int] = {}
    for begins, ends in intervals:
        low, high = (
            max(window.cell_of(begins), 0),
            min(-(-(ends - window.start_minute) // CELL_MINUTES), window.cells),
        )
        if low < high:
            changes[low] = changes.get(low, 0) + 1
            changes[high] = changes.get(high, 0) - 1
    mask = at_once = since = 0
    for cell in sorted(changes):
        if at_once >= most:
            mask |= ((1 << cell - since) - 1) << since
        at_once, since = at_once + changes[cell], cell
    return mask


def widened(mask: int, cells: int) -> int:
    """The mask with ``cells`` more on either side of every run of bits; what would lie before the window is lost."""
    reach = 2 * cells
    width = 1
    while 2 * width <= reach + 1:
        mask |= mask << width
        width *= 2
    if width < reach + 1:
        mask |= mask << (reach + 1 - width)
    return mask >> cells


@dataclass(frozen=True, slots=True)
class Grid:
    """The starts that can be offered: every ``step`` cells from the cell ``first`` on. Bit i of a mask is start i.

    Searches run on these shorter masks: with starts every quarter of an hour, a third of the cells.
    """

    window: Window
    first: int
    step: int
    count: int

    @property
    def full(self) -> int:
        """The mask of all starts."""
        return (1 << self.count) - 1

    def starts(self, cells: int) -> int:
        """Of a mask of cells those on the grid, as a mask of starts."""
        if self.step == 1:
            return cells >> self.first & self.full
        thinned = bin(cells >> self.first)[-1 : 1 : -self.step]
        return int(thinned[::-1] or "0", 2) & self.full

    def index_of(self, minute: int) -> int | None:
        """Which start a minute is; None if it is none."""
        index, off = divmod(minute - self.window.minute_of(self.first), self.step * CELL_MINUTES)
        return index if not off and 0 <= index < self.count else None

    def minute_of(self, index: int) -> int:
        return self.window.minute_of(self.first + index * self.step)

    def between(self, from_minute: int, until_minute: int) -> int:
        """The starts at or after one minute and before another."""
        step, zero = self.step * CELL_MINUTES, self.minute_of(0)
        low = min(max(-((zero - from_minute) // step), 0), self.count)
        high = min(max(-((zero - until_minute) // step), low), self.count)
        return ((1 << high - low) - 1) << low

    def minutes(self, starts: int, limit: int | None = None) -> list[int]:
        """The first ``limit`` (or all) starts of a mask, ascending, in minutes."""
        step, zero = self.step * CELL_MINUTES, self.minute_of(0)
        if limit is None and starts.bit_count() > self.count // LISTED_WHOLE:
            bits = bin(starts)[:1:-1].encode().translate(_ZERO_AND_ONE)
            return list(compress(range(zero, zero + step * len(bits), step), bits))
        return [zero + step * index for index in listed(starts, limit)]


LISTED_WHOLE = 32
"""From one start in so many on, walking over all of them is faster than looking for each."""

_ZERO_AND_ONE = bytes(code & 1 for code in range(256))


def grid_of(window: Window, minutes: int) -> Grid:
    """The starts at multiples of ``minutes`` since the epoch (a multiple of five).

    Offsets of all zones in use are multiples of 15 minutes, so a grid of up to 15 is the same on the wall.
    """
    if minutes <= 0 or minutes % CELL_MINUTES:
        raise ValueError("starts lie on a grid of whole cells")
    step = minutes // CELL_MINUTES
    first = (-window.start_minute // CELL_MINUTES) % step
    return Grid(window, first, step, len(range(first, window.cells, step)))


def listed(mask: int, limit: int | None = None) -> list[int]:
    """The places of the first ``limit`` (or all) bits that are set, ascending."""
    if limit is not None and limit < mask.bit_count():
        return _lowest(mask, limit)
    found = []
    while mask:  # from the top: the mask gets shorter with every bit
        place = mask.bit_length() - 1
        found.append(place)
        mask ^= 1 << place
    found.reverse()
    return found


def _lowest(mask: int, limit: int) -> list[int]:
    found: list[int] = []
    base = 0
    while mask and len(found) < limit:
        gap = (mask & -mask).bit_length() - 1
        piece = mask >> gap & _PIECE
        found += [base + gap + place for place in listed(piece)]
        mask >>= gap + _PIECE_BITS
        base += gap + _PIECE_BITS
    return found[:limit]


_PIECE_BITS = 96
_PIECE = (1 << _PIECE_BITS) - 1
