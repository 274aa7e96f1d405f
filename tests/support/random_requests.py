"""Requests with every wish that there is, drawn at random."""

import random
from dataclasses import replace

from scheduler_app.services.slot_request import SlotRequest
from tests.support.scattered import Scattered

TOGETHER = ("titel", "beratung", "schule", "zwei", "leise", "kurz")


def random_request(
    rng: random.Random, made: Scattered, *, services: tuple[str, ...] = (), with_times: bool = True
) -> SlotRequest:
    """For one table; ``with_times``: also weekdays and times of day."""
    services = services or tuple(rng.sample(TOGETHER, rng.choice((1, 1, 1, 2, 2, 3))))
    request = SlotRequest(services if rng.random() < 0.9 else ("finger",))
    if rng.random() < 0.6:
        request = _interpreted(rng, request)
    if rng.random() < 0.25:
        request = replace(request, people=tuple(rng.sample(made.staff, rng.choice((1, 2)))))
    if rng.random() < 0.25:
        request = replace(
            request, not_these=tuple(rng.sample([*made.staff, *made.interpreters, *made.rooms], 2))
        )
    request = _with_room(rng, made, request)
    team = {"titel": "clerk", "zwei": "clerk", "kurz": "adviser", "beratung": "adviser"}.get(services[0])
    if team is not None and len(request.services) > 2 and rng.random() < 0.3:
        keys = (made.town.role(team),)
        is_dropped = rng.random() < 0.5
        request = replace(request, without=keys) if is_dropped else replace(request, optional=keys)
    return _at_times(rng, request) if with_times and rng.random() < 0.3 else request


def random_chain(rng: random.Random, made: Scattered, visits: int, *, with_times: bool = True) -> SlotRequest:
    """Desk after desk, now and then with two concerns at one of them, and with others of the family."""
    services = tuple(rng.choice((*TOGETHER, "finger")) for _ in range(visits))
    groups: tuple[int, ...] = ()
    if rng.random() < 0.25:
        services = (*rng.sample(TOGETHER, 2), *services[1:])
        groups = (0, *range(visits))
    visitors: tuple[tuple[int, ...], ...] = ()
    if rng.random() < 0.25:
        visitors = tuple(rng.choice(((), (made.client,))) for _ in range(visits))
    request = SlotRequest(services, groups=groups, visitors=visitors, stays=rng.random() < 0.3)
    if rng.random() < 0.7:
        request = _interpreted(rng, request)
    if rng.random() < 0.2:
        request = replace(request, people=(rng.choice(made.staff),))
    if rng.random() < 0.2:
        request = replace(request, not_these=(rng.choice([*made.staff, *made.interpreters]),))
    return _at_times(rng, request) if with_times and rng.random() < 0.3 else request


def _with_room(rng: random.Random, made: Scattered, request: SlotRequest) -> SlotRequest:
    if rng.random() < 0.2:
        request = replace(request, minutes=rng.choice((25, 47, 90, 120)))
    if rng.random() < 0.3:
        return replace(request, seats=rng.choice((0, 6, 9)), step_free=rng.random() < 0.7)
    return replace(request, room=rng.choice([*made.rooms, made.hall])) if rng.random() < 0.3 else request


def _interpreted(rng: random.Random, request: SlotRequest) -> SlotRequest:
    gender = rng.choice(("", "", "female", "male"))
    return replace(
        request,
        language="ara",
        variety=rng.choice(("apc", "apc", "", "ary")),
        level=rng.choice(("", "", "certified")),
        gender=gender,
        is_gender_must=bool(gender) and rng.random() < 0.5,
        by_video=rng.random() < 0.25,
    )


def _at_times(rng: random.Random, request: SlotRequest) -> SlotRequest:
    return replace(
        request,
        weekdays=tuple(rng.sample(range(7), rng.choice((0, 1, 3)))),
        earliest=rng.choice((None, 8 * 60, 9 * 60 + 30)),
        latest=rng.choice((None, 12 * 60, 15 * 60 + 45)),
    )
