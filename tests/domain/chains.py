"""Chains once more, by brute force: every order of the visits with every start of each."""

from collections.abc import Iterator
from itertools import pairwise, permutations, product

from hypothesis import strategies as st

from scheduler_app.domain.chain import Chain, Escort, Visit
from scheduler_app.domain.itineraries import Itinerary
from scheduler_app.domain.joint_search import Role
from tests.domain.people import NOT_BEFORE, PLACES, People, needs

STAFF, GUIDES = range(4), range(4, 7)


def all_chains(chain: Chain, town: People, allowed: int, step: int, midnights: int) -> list[Itinerary]:
    """Every chain that works, by the starts of its visits and then by their order."""
    count = town.grid(step).count
    bookable = [
        [v.stands_at]
        if v.stands_at is not None
        else [
            s
            for s in range(count)
            if (allowed & v.allowed) >> s & 1 and any(True for _ in town.ways(_needed(v), s, step))
        ]
        for v in chain.visits
    ]
    numbers = range(len(chain.visits))
    orders = [tuple(numbers)] if chain.is_ordered else list(permutations(numbers))
    found = [
        Itinerary(starts, order)
        for order in orders
        for starts in _timings(chain, order, bookable, step)
        if chain.begins >> starts[0] & 1
        and _in_one_day(chain, order, starts, step, midnights)
        and _guided(chain, order, starts, town, step)
    ]
    return sorted(found)


def ends(chain: Chain, itinerary: Itinerary, step: int) -> int:
    """The cell at which a chain is over."""
    return itinerary.starts[-1] * step + chain.visits[itinerary.order[-1]].cells


def _needed(visit: Visit) -> list[Role]:
    return [role for role in visit.roles if not role.is_optional]


def _timings(
    chain: Chain, order: tuple[int, ...], bookable: list[list[int]], step: int
) -> Iterator[tuple[int, ...]]:
    timings: list[tuple[int, ...]] = [(start,) for start in bookable[order[0]]]
    for before, after in pairwise(order):
        one, other = chain.visits[before], chain.visits[after]
        way = chain.walk(one.place, other.place)
        timings = [
            (*starts, start)
            for starts in timings
            for start in bookable[after]
            if chain.shortest_wait
            <= start * step - (starts[-1] * step + one.cells) - way
            <= chain.longest_wait
        ]
    yield from timings


def _in_one_day(
    chain: Chain, order: tuple[int, ...], starts: tuple[int, ...], step: int, midnights: int
) -> bool:
    over = starts[-1] * step + chain.visits[order[-1]].cells
    return not any(midnights >> s & 1 and s * step < over for s in range(starts[0] + 1, over + 1))


def _guided(chain: Chain, order: tuple[int, ...], starts: tuple[int, ...], town: People, step: int) -> bool:
    """Whether different people can be at the client's side all the way."""
    able = [
        [who for who in escort.candidates if _can_guide(chain, escort, who, order, starts, town, step)]
        for escort in chain.escorts
    ]
    return any(len(set(chosen)) == len(chosen) for chosen in product(*able))


def _can_guide(
    chain: Chain, escort: Escort, who: int, order: tuple[int, ...], starts: tuple[int, ...],
    town: People, step: int,
) -> bool:  # fmt: skip
    if starts[0] < escort.not_before.get(who, 0):
        return False
    for number, (visit, start) in enumerate(zip(order, starts, strict=True)):
        if chain.visits[visit].stands_at is not None:
            continue  # with people of its own
        begins, until = start * step, start * step + chain.visits[visit].cells
        if escort.stays and number + 1 < len(starts):
            until = starts[number + 1] * step
        place = chain.visits[visit].place if escort.travels else 0
        if not set(range(begins, until)) <= town.free[who][place]:
            return False
    return True


WAYS = st.lists(st.integers(0, 3), min_size=16, max_size=16)


@st.composite
def chains(draw: st.DrawFn, most_visits: int) -> Chain:
    """Visits at three places, with some of four people, and up to two of three guides."""
    visits = tuple(draw(_visit()) for _ in range(draw(st.integers(2, most_visits))))
    ways = draw(WAYS)
    shortest = draw(st.integers(0, 2))
    return Chain(
        visits,
        longest_wait=shortest + draw(st.integers(0, 4)),
        shortest_wait=shortest,
        escorts=tuple(draw(_escort(f"guide{i}")) for i in range(draw(st.integers(0, 2)))),
        walk=lambda one, other: 0 if one == other else ways[4 * one + other],
        is_ordered=draw(st.booleans()),
        begins=draw(st.sampled_from((-1, -1, 0b0111_1010_1111_0110_0111_1111))),
    )


@st.composite
def _visit(draw: st.DrawFn) -> Visit:
    roles = draw(st.integers(0, 2))
    cells = draw(st.integers(1, 4))
    return Visit(
        tuple(
            Role(
                f"role{i}",
                tuple(draw(st.lists(st.sampled_from(STAFF), min_size=1, max_size=3, unique=True))),
                draw(needs(2)),
                is_optional=draw(st.integers(0, 4)) == 0,
                visit=1,
            )
            for i in range(roles)
        ),
        cells,
        draw(st.sampled_from(PLACES)),
        allowed=draw(st.sampled_from((-1, -1, 0b1011_0111_1101_1110_1111))),
    )


@st.composite
def _escort(draw: st.DrawFn, key: str) -> Escort:
    return Escort(
        key,
        tuple(draw(st.lists(st.sampled_from(GUIDES), min_size=1, max_size=3, unique=True))),
        stays=draw(st.booleans()),
        travels=draw(st.booleans()),
        not_before=draw(NOT_BEFORE),
    )
