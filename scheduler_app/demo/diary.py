"""Who is still free while the demo is being filled: the same masks as the search uses, changed in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduler_app.domain.free_time import Window, fitting
from scheduler_app.domain.joint_search import Role, assign


@dataclass
class Diary:
    """``opened`` are the cells in which somebody works at all, ``free`` those not taken yet; by resource id."""

    window: Window
    opened: dict[int, int]
    free: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.free = dict(self.opened)

    def fits(self, resource_id: int, cells: int) -> int:
        return fitting(self.free[resource_id], cells)

    def assignment(self, roles: Iterable[Role], cell: int) -> dict[str, int] | None:
        """Who fills the roles from this cell on: those who have most time left; None if somebody is missing."""
        return assign(
            list(roles),
            lambda resource_id, cells: int(self.is_free(resource_id, cell, cells)),
            0,
            rank=lambda resource_id: -self.free[resource_id].bit_count(),
        )

    def is_free(self, resource_id: int, cell: int, cells: int) -> bool:
        full = (1 << cells) - 1
        return self.free[resource_id] >> cell & full == full

    def take(self, resource_ids: Iterable[int], cell: int, cells: int) -> None:
        taken = ((1 << cells) - 1) << cell
        for resource_id in resource_ids:
            self.free[resource_id] &= ~taken

    def load(self, resource_id: int, low: int, high: int) -> tuple[int, int]:
        """(taken, open) cells from cell ``low`` until before ``high``."""
        part = ((1 << high - low) - 1) << low
        is_open = (self.opened[resource_id] & part).bit_count()
        return is_open - (self.free[resource_id] & part).bit_count(), is_open
