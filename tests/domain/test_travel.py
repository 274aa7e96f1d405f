"""Ways between places: the same there and back, none at one place, and never shorter where it is farther."""

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.travel import EARTH_KM, Position, distance_km, travel_minutes

TOWN_HALL: Position = (51.4516, 6.6408)
ANYWHERE = st.tuples(st.floats(-85, 85), st.floats(-180, 180))
NEARBY = st.tuples(st.floats(51.3, 51.6), st.floats(6.4, 6.9))
KM_OF_A_DEGREE = EARTH_KM * radians(1)


def north(km: float) -> Position:
    return TOWN_HALL[0] + km / KM_OF_A_DEGREE, TOWN_HALL[1]


@given(ANYWHERE, ANYWHERE)
def test_there_and_back_are_the_same(one: Position, other: Position) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one))
    assert travel_minutes(one, other) == travel_minutes(other, one)


@given(ANYWHERE)
def test_at_one_place_there_is_no_way(place: Position) -> None:
    assert distance_km(place, place) == 0
    assert travel_minutes(place, place) == 0


@given(NEARBY, NEARBY)
def test_a_way_is_whole_cells(one: Position, other: Position) -> None:
    minutes = travel_minutes(one, other)
    assert minutes % 5 == 0
    assert minutes >= 0


@given(st.floats(0, 60), st.floats(0, 60))
def test_farther_is_not_sooner(one: float, other: float) -> None:
    near, far = sorted((one, other))
    assert travel_minutes(TOWN_HALL, north(near)) <= travel_minutes(TOWN_HALL, north(far))


@given(NEARBY, NEARBY, NEARBY)
def test_a_detour_is_not_shorter(one: Position, other: Position, third: Position) -> None:
    assert distance_km(one, other) <= distance_km(one, third) + distance_km(third, other) + 1e-6


def test_distances_are_those_on_the_map() -> None:
    assert distance_km((0, 0), (0, 1)) == pytest.approx(111.19, abs=0.01)
    assert distance_km((90, 0), (-90, 0)) == pytest.approx(20015, abs=1)
    east = TOWN_HALL[0], TOWN_HALL[1] + 1
    flat = KM_OF_A_DEGREE * cos(radians(TOWN_HALL[0]))
    assert distance_km(TOWN_HALL, east) == pytest.approx(flat, rel=1e-4)


@pytest.mark.parametrize(
    ("km", "minutes"),
    [(0.005, 0), (0.05, 5), (0.5, 10), (1.0, 20), (1.5, 30), (1.6, 30), (5, 30), (20, 90)],
)
def test_on_foot_in_town_and_by_bus_beyond(km: float, minutes: int) -> None:
    """1.5 km as the crow flies are just under the two kilometres that are walked."""
    assert travel_minutes(TOWN_HALL, north(km)) == minutes
