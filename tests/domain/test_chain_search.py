"""The search for chains against every order and every start of each visit."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.chain import Chain, Escort, Visit, staying, visit_spans
from scheduler_app.domain.chain_search import arrangements, best_itineraries
from scheduler_app.domain.itineraries import Itineraries, Itinerary
from scheduler_app.domain.joint_search import Role, Span, for_cells
from tests.domain.chains import all_chains, chains, ends
from tests.domain.people import PLACES, People, people

CELLS = 36
STEPS = st.integers(1, 3)
MASKS = st.one_of(st.just(2**CELLS - 1), st.integers(0, 2**CELLS - 1))
MIDNIGHTS = st.one_of(
    st.just(0), st.sets(st.integers(0, CELLS), max_size=3).map(lambda s: sum(1 << i for i in s))
)
TOWNS = people(7, CELLS)
LIMITS = st.one_of(st.none(), st.integers(0, 12))


@settings(max_examples=250, deadline=None)
@given(chains(3), TOWNS, MASKS, STEPS, MIDNIGHTS)
def test_the_arrangements_are_all_chains_that_work(
    chain: Chain, town: People, allowed: int, step: int, midnights: int
) -> None:
    allowed &= town.grid(step).full
    found = arrangements(chain, town.starts_of(step), allowed, step=step, midnights=midnights)
    assert list(Itineraries(found)) == all_chains(chain, town, allowed, step, midnights)


@settings(max_examples=40, deadline=None)
@given(chains(4), TOWNS, STEPS, MIDNIGHTS)
def test_four_visits(chain: Chain, town: People, step: int, midnights: int) -> None:
    chain = replace(chain, longest_wait=min(chain.longest_wait, chain.shortest_wait + 2))
    allowed = town.grid(step).full
    found = arrangements(chain, town.starts_of(step), allowed, step=step, midnights=midnights)
    assert list(Itineraries(found)) == all_chains(chain, town, allowed, step, midnights)


@settings(max_examples=150, deadline=None)
@given(chains(3), TOWNS, STEPS, LIMITS, st.integers(-20, 20))
def test_the_first_chains_are_a_prefix_of_all(
    chain: Chain, town: People, step: int, limit: int | None, place: int
) -> None:
    allowed = town.grid(step).full
    found = arrangements(chain, town.starts_of(step), allowed, step=step, midnights=0)
    everything = list(Itineraries(found))
    first = Itineraries(found, limit)
    assert list(first) == everything[:limit]
    assert first[place:] == everything[:limit][place:]
    assert len(first) == len(everything[:limit])


@settings(max_examples=250, deadline=None)
@given(chains(3), TOWNS, MASKS, STEPS, MIDNIGHTS)
def test_the_best_chain_of_each_start_ends_soonest(
    chain: Chain, town: People, allowed: int, step: int, midnights: int
) -> None:
    allowed &= town.grid(step).full
    everything = all_chains(chain, town, allowed, step, midnights)
    soonest: dict[int, int] = {}
    for found in everything:
        over = ends(chain, found, step)
        soonest[found.starts[0]] = min(over, soonest.get(found.starts[0], over))
    answer = best_itineraries(chain, town.starts_of(step), allowed, step=step, midnights=midnights)
    assert set(answer) <= set(everything)
    assert {found.starts[0]: ends(chain, found, step) for found in answer} == soonest
    assert [found.starts[0] for found in answer] == sorted(soonest)


@settings(max_examples=100, deadline=None)
@given(chains(3), TOWNS, STEPS, st.integers(0, 12))
def test_the_first_best_chains_are_a_prefix_of_all(chain: Chain, town: People, step: int, limit: int) -> None:
    allowed, starts_of = town.grid(step).full, town.starts_of(step)
    everything = best_itineraries(chain, starts_of, allowed, step=step, midnights=0)
    assert (
        best_itineraries(chain, starts_of, allowed, step=step, midnights=0, limit=limit) == everything[:limit]
    )


def anybody(cells: int) -> People:
    """One person who is free from the first cell to the last."""
    free = set(range(cells))
    return People(cells, {0: dict.fromkeys(PLACES, free)}, {0: free})


def visit(cells: int, place: int = 0) -> Visit:
    return Visit((Role("clerk", (0,), for_cells(cells)),), cells, place)


def test_a_chain_ends_before_midnight_and_one_may_begin_at_it() -> None:
    chain = Chain((visit(2), visit(2)), longest_wait=0)
    found = arrangements(chain, anybody(12).starts_of(), 2**12 - 1, step=1, midnights=1 << 6)
    assert {itinerary.starts for itinerary in Itineraries(found)} == {
        (0, 2), (1, 3), (2, 4), (6, 8), (7, 9), (8, 10),
    }  # fmt: skip


def test_a_short_way_with_a_wait_beats_a_long_way_without() -> None:
    """The third desk lies between the other two: without a wait, the client would go there and back."""
    places = {1: 0, 2: 4, 3: 2}
    town = anybody(16)
    then = {6, 7, 9, 10}
    town.free[1], town.unclaimed[1] = dict.fromkeys(PLACES, then), then
    visits = (visit(2, 1), Visit((Role("clerk", (1,), for_cells(2)),), 2, 2), visit(2, 3))
    chain = Chain(visits, longest_wait=1, walk=lambda one, other: abs(places[one] - places[other]))
    assert best_itineraries(
        chain, town.starts_of(), 1 | 1 << 4 | 1 << 6 | 1 << 9 | 1 << 10, step=1, midnights=0
    ) == [Itinerary((0, 4, 9), (0, 2, 1))]


@settings(max_examples=100, deadline=None)
@given(chains(3), TOWNS, STEPS, st.integers(0, CELLS // 3))
def test_a_visit_that_stands_already_stays_where_it_is(
    chain: Chain, town: People, step: int, stands_at: int
) -> None:
    stands = replace(chain.visits[0], stands_at=stands_at)
    escorts = tuple(replace(escort, stays=False) for escort in chain.escorts)
    chain = replace(chain, visits=(stands, *chain.visits[1:]), escorts=escorts)
    allowed = town.grid(step).full
    found = arrangements(chain, town.starts_of(step), allowed, step=step, midnights=0)
    assert list(Itineraries(found)) == all_chains(chain, town, allowed, step, 0)


def test_who_stays_is_there_while_the_others_walk_and_wait() -> None:
    chain = Chain((visit(2, 1), visit(3, 2)), longest_wait=2, walk=lambda _one, _other: 1, is_ordered=True)
    spans = visit_spans(chain, (0, 1), (0, 5))
    assert spans == (Span(0, 2, 1), Span(5, 3, 2))
    assert staying(spans) == (Span(0, 5, 1), Span(5, 3, 2))


def test_two_guides_of_one_pool_are_two_people() -> None:
    chain = Chain((visit(1), visit(1)), longest_wait=0, escorts=(Escort("a", (0,)), Escort("b", (0,))))
    starts_of = anybody(4).starts_of()
    assert arrangements(chain, starts_of, 0b1111, step=1, midnights=0) == []
    alone = replace(chain, escorts=chain.escorts[:1])
    assert best_itineraries(alone, starts_of, 0b1111, step=1, midnights=0) == [
        Itinerary((start, start + 1), (0, 1)) for start in range(3)
    ]


@pytest.mark.parametrize("visits", [1, 7])
def test_a_chain_has_two_to_six_visits(visits: int) -> None:
    with pytest.raises(ValueError, match="visits"):
        Chain((visit(1),) * visits, longest_wait=3)


@pytest.mark.parametrize(("shortest", "longest"), [(3, 2), (-1, 2)])
def test_waits_that_can_not_be_are_refused(shortest: int, longest: int) -> None:
    with pytest.raises(ValueError, match="wait"):
        Chain((visit(1), visit(1)), longest_wait=longest, shortest_wait=shortest)


def test_six_visits_in_any_order_with_long_waits_end_in_time() -> None:
    """Nobody to see at the last desk when all others are done: without a bound some millions of beginnings."""
    cells = 120
    free = set(range(cells))
    at_the_edges = {0, cells - 1}
    town = People(
        cells,
        {0: dict.fromkeys(PLACES, free), 1: dict.fromkeys(PLACES, at_the_edges)},
        {0: free, 1: free},
    )
    guides = (Escort("guide", (1,)),)
    chain = Chain(tuple(visit(1) for _ in range(6)), longest_wait=12, escorts=guides)
    assert best_itineraries(chain, town.starts_of(), 2**cells - 1, step=1, midnights=0) == []
    easy = replace(chain, escorts=())
    found = best_itineraries(easy, town.starts_of(), 2**cells - 1, step=1, midnights=0)
    assert [one.starts for one in found] == [tuple(range(s, s + 6)) for s in range(cells - 5)]
