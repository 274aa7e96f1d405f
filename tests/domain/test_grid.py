"""The grid of starts against counting the cells one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.free_time import CELL_MINUTES, Grid, Window, grid_of

WINDOWS = st.builds(Window, st.integers(-60, 60).map(lambda cell: cell * CELL_MINUTES), st.integers(0, 90))
GRIDS = st.builds(grid_of, WINDOWS, st.integers(1, 12).map(lambda cells: cells * CELL_MINUTES))
MINUTES = st.integers(-400, 800)


def minutes_of(grid: Grid) -> list[int]:
    """Where the starts lie, by walking over all cells of the window."""
    cells = range(grid.window.cells)
    every = grid.step * CELL_MINUTES
    return [m for m in (grid.window.minute_of(cell) for cell in cells) if m % every == 0]


def bits(mask: int) -> set[int]:
    return {index for index in range(mask.bit_length()) if mask >> index & 1}


@given(GRIDS)
def test_the_starts_are_multiples_since_the_epoch(grid: Grid) -> None:
    expected = minutes_of(grid)
    assert [grid.minute_of(index) for index in range(grid.count)] == expected
    assert grid.minutes(grid.full) == expected


@given(GRIDS, st.integers(0, 2**90 - 1))
def test_of_a_mask_of_cells_those_on_the_grid_are_left(grid: Grid, cells: int) -> None:
    expected = [minute for minute in minutes_of(grid) if cells >> grid.window.cell_of(minute) & 1]
    assert grid.minutes(grid.starts(cells)) == expected


@given(GRIDS, st.integers(0, 2**90 - 1), st.one_of(st.none(), st.integers(0, 100)))
def test_minutes_are_those_of_the_first_starts(grid: Grid, mask: int, limit: int | None) -> None:
    starts = mask & grid.full
    assert grid.minutes(starts, limit) == [grid.minute_of(i) for i in sorted(bits(starts))][:limit]


@given(st.integers(0, 2**2000 - 1), st.sets(st.integers(0, 1999), max_size=20))
def test_many_and_few_starts_are_listed_alike(many: int, few: set[int]) -> None:
    grid = grid_of(Window(0, 2000), CELL_MINUTES)
    assert grid.minutes(many) == [5 * i for i in sorted(bits(many))]
    assert grid.minutes(sum(1 << i for i in few)) == [5 * i for i in sorted(few)]


@given(GRIDS, MINUTES)
def test_only_a_start_has_an_index(grid: Grid, minute: int) -> None:
    starts = minutes_of(grid)
    assert grid.index_of(minute) == (starts.index(minute) if minute in starts else None)


@given(GRIDS, MINUTES, MINUTES)
def test_between_takes_the_first_minute_and_leaves_the_last(grid: Grid, first: int, last: int) -> None:
    assert grid.minutes(grid.between(first, last)) == [m for m in minutes_of(grid) if first <= m < last]


@pytest.mark.parametrize("minutes", [0, -15, 7])
def test_a_grid_that_is_not_of_cells_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="grid"):
        grid_of(Window(0, 10), minutes)
