"""The joint search against trying everybody in every role at every start."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.free_time import fitting
from scheduler_app.domain.joint_search import (
    Fits,
    Role,
    assign,
    blocking_roles,
    joint_starts,
    restricted,
)

CELLS = 24
EVERYBODY = range(5)
MASKS = st.lists(st.integers(0, 2**CELLS - 1), min_size=5, max_size=5)
# mostly free, so that the different-people rule decides and not the lack of time
BUSY = st.lists(st.integers(0, CELLS - 1), max_size=6).map(lambda cells: sum(1 << c for c in set(cells)))
FREE = st.lists(BUSY.map(lambda busy: (2**CELLS - 1) & ~busy), min_size=5, max_size=5)
ROLE = st.tuples(
    st.lists(st.sampled_from(EVERYBODY), max_size=4, unique=True), st.integers(1, 6), st.integers(0, 4)
)
ROLES = st.lists(ROLE, max_size=4).map(
    lambda parts: [Role(f"r{i}", tuple(who), cells, offset) for i, (who, cells, offset) in enumerate(parts)]
)
ALLOWED = st.integers(0, 2**CELLS - 1)


def fits_of(masks: list[int]) -> Fits:
    return lambda resource_id, cells: fitting(masks[resource_id], cells)


def is_free(mask: int, role: Role, start: int) -> bool:
    first = start + role.offset
    return all(mask >> cell & 1 for cell in range(first, first + role.cells))


def ways(roles: list[Role], masks: list[int], start: int) -> list[tuple[int, ...]]:
    """Everybody who is free, in every combination of different people."""
    able = [[who for who in role.candidates if is_free(masks[who], role, start)] for role in roles]
    return [way for way in product(*able) if len(set(way)) == len(way)]


@settings(max_examples=150, deadline=None)
@given(ROLES, st.one_of(MASKS, FREE), ALLOWED)
def test_joint_starts_are_those_at_which_different_people_can_fill_all_roles(
    roles: list[Role], masks: list[int], allowed: int
) -> None:
    expected = sum(1 << s for s in range(CELLS) if allowed >> s & 1 and ways(roles, masks, s))
    assert joint_starts(roles, fits_of(masks), allowed) == expected


@settings(max_examples=150, deadline=None)
@given(ROLES, st.one_of(MASKS, FREE), st.integers(0, CELLS - 1))
def test_assign_finds_a_way_whenever_there_is_one(roles: list[Role], masks: list[int], start: int) -> None:
    found = assign(roles, fits_of(masks), start, rank=lambda who: who)
    possible = ways(roles, masks, start)
    if found is None:
        assert not possible
    else:
        assert tuple(found[role.key] for role in roles) in possible


@settings(max_examples=100, deadline=None)
@given(ROLES, st.one_of(MASKS, FREE), ALLOWED)
def test_blocking_roles_are_those_without_which_there_would_be_a_start(
    roles: list[Role], masks: list[int], allowed: int
) -> None:
    starts = [s for s in range(CELLS) if allowed >> s & 1]
    if any(ways(roles, masks, s) for s in starts):
        return

    def without(role: Role) -> list[Role]:
        return [other for other in roles if other is not role]

    alone = [role.key for role in roles if any(ways(without(role), masks, s) for s in starts)]
    never = [role.key for role in roles if not any(ways([role], masks, s) for s in starts)]
    assert blocking_roles(roles, fits_of(masks), allowed) == (alone or never)


def test_an_empty_pool_means_no_slot() -> None:
    roles = [Role("clerk", (0,), 2), Role("interpreter", (), 2)]
    assert joint_starts(roles, fits_of([0b1111]), 0b1111) == 0
    assert assign(roles, fits_of([0b1111]), 0, rank=lambda who: who) is None
    assert blocking_roles(roles, fits_of([0b1111]), 0b1111) == ["interpreter"]


def test_one_person_does_not_fill_two_roles() -> None:
    roles = [Role("clerk", (0,), 1), Role("adviser", (0,), 1)]
    assert joint_starts(roles, fits_of([0b11]), 0b11) == 0


def test_three_roles_need_three_people_even_if_each_pair_would_do() -> None:
    """Hall's condition: every two of these roles have two people, all three together have two as well."""
    roles = [Role(key, (0, 1), 1) for key in "abc"]
    assert joint_starts(roles, fits_of([0b1, 0b1]), 0b1) == 0
    assert joint_starts(roles[:2], fits_of([0b1, 0b1]), 0b1) == 1


def test_any_of_a_team_must_be_the_same_person_throughout() -> None:
    """Two people who are free one half each make no appointment."""
    roles = [Role("clerk", (0, 1), 4)]
    assert joint_starts(roles, fits_of([0b00001111 >> 2, 0b1111 << 2]), 0b111111) == 0b100


def test_whoever_ranks_first_is_taken() -> None:
    roles = [Role("clerk", (0, 1, 2), 1)]
    assert assign(roles, fits_of([1, 1, 1]), 0, rank=lambda who: -who) == {"clerk": 2}


def test_a_search_can_be_restricted_to_some_people() -> None:
    roles = [Role("clerk", (0, 1, 2), 3, 1), Role("room", (4,), 3)]
    assert restricted(roles, {"clerk": (1,), "room": (4,)}) == [Role("clerk", (1,), 3, 1), roles[1]]
