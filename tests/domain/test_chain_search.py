"""The search for chains against every order and every start of each visit."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.chain_search import (
    Chain,
    Escort,
    Itineraries,
    Itinerary,
    Visit,
    arrangements,
    best_itineraries,
    staying,
    visit_spans,
)
from scheduler_app.domain.joint_search import Role, Span, for_cells
from tests.domain.chains import all_chains, chains, ends
from tests.domain.people import People, people

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
    expected = all_chains(chain, town, allowed, step, midnights)
    assert list(Itineraries(found)) == expected
    for arrangement in found:
        lasts = ends(chain, Itinerary(arrangement.offsets, arrangement.order), step)
        assert arrangement.steps == -(-lasts // step)


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
@given(chains(3), TOWNS, MASKS, STEPS, MIDNIGHTS, LIMITS)
def test_the_best_chain_of_each_start_ends_soonest(
    chain: Chain, town: People, allowed: int, step: int, midnights: int, limit: int | None
) -> None:
    allowed &= town.grid(step).full
    best: dict[int, Itinerary] = {}
    for found in all_chains(chain, town, allowed, step, midnights):
        known = best.setdefault(found.starts[0], found)
        if _rank(chain, found, step) < _rank(chain, known, step):
            best[found.starts[0]] = found
    answer = best_itineraries(
        chain, town.starts_of(step), allowed, step=step, midnights=midnights, limit=limit
    )
    assert answer == [best[start] for start in sorted(best)][:limit]


def _rank(chain: Chain, found: Itinerary, step: int) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """Steps until it is over, begun ones whole; then the earlier visits, then their order."""
    return -(-ends(chain, found, step) // step), found.starts, found.order


def anybody(cells: int) -> People:
    """One person who is free from the first cell to the last."""
    free = set(range(cells))
    return People(cells, {0: dict.fromkeys((0, 1, 2), free)}, {0: free})


def visit(cells: int, place: int = 0) -> Visit:
    return Visit((Role("clerk", (0,), for_cells(cells)),), cells, place)


def test_a_chain_ends_before_midnight_and_one_may_begin_at_it() -> None:
    chain = Chain((visit(2), visit(2)), longest_wait=0)
    found = arrangements(chain, anybody(12).starts_of(), 2**12 - 1, step=1, midnights=1 << 6)
    assert {itinerary.starts for itinerary in Itineraries(found)} == {
        (0, 2), (1, 3), (2, 4), (6, 8), (7, 9), (8, 10),
    }  # fmt: skip


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
