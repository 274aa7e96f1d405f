"""The bit sets against the plainest other way to say the same: sets of minutes and of cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.free_time import (
    CELL_MINUTES,
    Window,
    between,
    cells_for,
    fitting,
    inside,
    listed,
    overlapping,
    touched,
    widened,
    window_around,
)

MINUTES = st.integers(-400, 800)
INTERVALS = st.lists(st.tuples(MINUTES, st.integers(1, 300)).map(lambda t: (t[0], t[0] + t[1])), max_size=6)
WINDOWS = st.builds(Window, st.integers(-60, 60).map(lambda cell: cell * CELL_MINUTES), st.integers(0, 90))
MASKS = st.integers(0, 2**90 - 1)


def minutes_in(intervals: list[tuple[int, int]]) -> set[int]:
    return {minute for begins, ends in intervals for minute in range(begins, ends)}


def cell(window: Window, index: int) -> set[int]:
    start = window.start_minute + index * CELL_MINUTES
    return set(range(start, start + CELL_MINUTES))


def bits(mask: int) -> set[int]:
    return {index for index in range(mask.bit_length()) if mask >> index & 1}


@given(INTERVALS, WINDOWS)
def test_touched_is_every_cell_with_a_busy_minute(intervals: list[tuple[int, int]], window: Window) -> None:
    busy = minutes_in(intervals)
    assert bits(touched(intervals, window)) == {i for i in range(window.cells) if cell(window, i) & busy}


@given(INTERVALS, WINDOWS)
def test_inside_is_every_cell_within_one_interval(intervals: list[tuple[int, int]], window: Window) -> None:
    expected = {
        i
        for i in range(window.cells)
        if any(cell(window, i) <= set(range(begins, ends)) for begins, ends in intervals)
    }
    assert bits(inside(intervals, window)) == expected


@given(INTERVALS, WINDOWS, st.integers(1, 4))
def test_overlapping_is_every_cell_that_so_many_touch(
    intervals: list[tuple[int, int]], window: Window, most: int
) -> None:
    expected = {
        i
        for i in range(window.cells)
        if sum(bool(cell(window, i) & set(range(begins, ends))) for begins, ends in intervals) >= most
    }
    assert bits(overlapping(intervals, window, most)) == expected


@given(INTERVALS, WINDOWS)
def test_of_a_capacity_of_one_every_touched_cell_is_taken(
    intervals: list[tuple[int, int]], window: Window
) -> None:
    assert overlapping(intervals, window, 1) == touched(intervals, window)


@given(MASKS, st.integers(0, 40))
def test_widened_adds_the_neighbours_on_both_sides(mask: int, cells: int) -> None:
    expected = {i + k for i in bits(mask) for k in range(-cells, cells + 1) if i + k >= 0}
    assert bits(widened(mask, cells)) == expected


@given(MASKS, st.integers(1, 100))
def test_fitting_is_where_enough_free_cells_follow(mask: int, cells: int) -> None:
    free = bits(mask)
    assert bits(fitting(mask, cells)) == {i for i in free if all(i + k in free for k in range(cells))}


@given(WINDOWS, MINUTES, MINUTES)
def test_between_takes_the_first_minute_and_leaves_the_last(window: Window, first: int, last: int) -> None:
    expected = {i for i in range(window.cells) if first <= window.minute_of(i) < last}
    assert bits(between(window, first, last)) == expected


@given(st.one_of(MASKS, st.integers(0, 2**400 - 1)), st.one_of(st.none(), st.integers(0, 500)))
def test_listed_are_the_first_set_bits(mask: int, limit: int | None) -> None:
    assert listed(mask, limit) == sorted(bits(mask))[:limit]


@given(MINUTES, st.integers(0, 500))
def test_a_window_around_a_time_is_the_smallest_that_covers_it(first: int, length: int) -> None:
    window = window_around(first, first + length)
    assert window.covers(first, first + length)
    assert first - window.start_minute < CELL_MINUTES
    assert window.end_minute - (first + length) < CELL_MINUTES
    assert bits(window.full) == set(range(window.cells))


@given(WINDOWS, MINUTES)
def test_the_cell_of_a_minute_holds_it(window: Window, minute: int) -> None:
    assert minute in cell(window, window.cell_of(minute))


@given(st.integers(1, 600))
def test_a_begun_cell_counts_whole(minutes: int) -> None:
    assert (cells_for(minutes) - 1) * CELL_MINUTES < minutes <= cells_for(minutes) * CELL_MINUTES


@pytest.mark.parametrize(("start", "cells"), [(3, 10), (0, -1)])
def test_a_window_off_the_grid_is_refused(start: int, cells: int) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(start, cells)


def test_a_visit_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="cell"):
        fitting(1, 0)
