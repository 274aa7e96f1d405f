"""How long a joint appointment takes, against exact fractions."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.durations import joint_minutes

MINUTES = st.integers(1, 96).map(lambda cells: cells * 5)


@given(st.lists(MINUTES, min_size=1, max_size=5), st.integers(0, 100), st.sampled_from([5, 10, 15, 20, 30]))
def test_the_length_is_rounded_up_to_the_grid_and_no_further(
    minutes: list[int], percent: int, grid: int
) -> None:
    exact = (max(minutes) + Fraction(sum(minutes) - max(minutes), 2)) * (1 + Fraction(percent, 100))
    expected = ceil(exact / grid) * grid
    if exact == max(minutes):
        expected = max(minutes)
    assert joint_minutes(minutes, interpreter_extra_percent=percent, grid_minutes=grid) == expected


@pytest.mark.parametrize(
    ("minutes", "percent", "grid", "length"),
    [
        ([20], 0, 15, 20),
        ([30, 60], 0, 15, 75),
        ([20, 20], 0, 15, 30),
        ([20], 50, 15, 30),
        ([30, 60], 50, 15, 120),
        # where floats are a little more than they should be
        ([50], 10, 5, 55),
        ([300, 300], 10, 15, 495),
    ],
)
def test_examples(minutes: list[int], percent: int, grid: int, length: int) -> None:
    assert joint_minutes(minutes, interpreter_extra_percent=percent, grid_minutes=grid) == length


def test_an_appointment_is_for_something() -> None:
    with pytest.raises(ValueError, match="concern"):
        joint_minutes([])
