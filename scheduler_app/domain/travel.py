"""How long people take from place to place."""

from math import asin, ceil, cos, radians, sin, sqrt

EARTH_KM = 6371.0
DETOUR = 1.3
"""Streets are longer than the air line: by car in the USA 1.4 times (Boscoe et al. 2012), on foot in a town less."""

WALKING_KMH = 4.5
FARTHEST_WALK_KM = 2.0
RIDE_KMH = 20.0
RIDE_WAIT_MINUTES = 10

Position = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


def distance_km(one: Position, other: Position) -> float:
    """Along the great circle, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def travel_minutes(one: Position, other: Position) -> int:
    """From door to door, rounded up to five minutes: on foot up to two kilometres, beyond by bus with its wait."""
    km = distance_km(one, other) * DETOUR
    if km < 0.01:
        return 0
    on_foot = min(km, FARTHEST_WALK_KM) / WALKING_KMH * 60
    by_bus = RIDE_WAIT_MINUTES + km / RIDE_KMH * 60 if km > FARTHEST_WALK_KM else 0
    return ceil(max(on_foot, by_bus) / 5) * 5  # a little farther is not sooner
