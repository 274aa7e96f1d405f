"""Who is still free while the demo is being filled: the same masks as the search uses, changed in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scheduler_app.domain.free_time import Window, fitting
from scheduler_app.domain.joint_search import Need, Role, assign, starts_needed


@dataclass
class Diary:
    """``opened`` are the cells in which somebody works at all, ``free`` those not taken yet; by resource id.

    ``after`` are the cells that a resource needs for itself after each use.
    """

    window: Window
    opened: dict[int, int]
    after: dict[int, int]
    free: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.free = dict(self.opened)

    def starts_of(self, need: Need) -> Mapping[int, int]:
        """By resource the cells from which it can meet a need."""
        return _Starts(self, need)

    def fits(self, resource_id: int, cells: int) -> int:
        return fitting(self.free[resource_id], cells)

    def assignment(self, roles: Iterable[Role], cell: int) -> dict[str, int] | None:
        """Who fills the roles from this cell on: those who have most time left; None if somebody is missing."""
        return assign(
            list(roles), self.starts_of, cell, rank=lambda resource_id: -self.free[resource_id].bit_count()
        )

    def is_free(self, resource_id: int, cell: int, cells: int) -> bool:
        full = (1 << cells) - 1
        return self.free[resource_id] >> cell & full == full

    def take(self, resource_id: int, cell: int, cells: int) -> None:
        self.free[resource_id] &= ~(((1 << cells) - 1) << cell)

    def need_of(self, resource_id: int, need: Need) -> Need:
        """With the time that the resource needs for itself."""
        return need._replace(after=max(need.after, self.after[resource_id]))

    def load(self, resource_id: int, low: int, high: int) -> tuple[int, int]:
        """(taken, open) cells from cell ``low`` until before ``high``."""
        part = ((1 << high - low) - 1) << low
        is_open = (self.opened[resource_id] & part).bit_count()
        return is_open - (self.free[resource_id] & part).bit_count(), is_open


class _Starts(dict[int, int]):
    def __init__(self, diary: Diary, need: Need) -> None:
        super().__init__()
        self._diary, self._need = diary, need

    def __missing__(self, resource_id: int) -> int:
        diary, free = self._diary, self._diary.free[resource_id]
        unclaimed = diary.window.full & ~(diary.opened[resource_id] & ~free)
        return starts_needed(diary.need_of(resource_id, self._need), lambda _place: free, unclaimed)
