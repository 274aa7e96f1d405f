"""The joint search against trying everybody in every role at every start."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.joint_search import (
    Need,
    Role,
    Span,
    assign,
    blocking_roles,
    for_cells,
    joint_starts,
    through,
)
from tests.domain.people import NOT_BEFORE, PLACES, People, needs, people

CELLS = 24
TOWNS = people(5, CELLS)
ROLE = st.builds(
    Role,
    key=st.just(""),
    candidates=st.lists(st.integers(0, 4), max_size=4, unique=True).map(tuple),
    need=needs(4),
    is_optional=st.sampled_from((False, False, True)),
    visit=st.just(0),
    not_before=NOT_BEFORE,
)


def numbered(roles: Sequence[Role], visits: Sequence[int]) -> list[Role]:
    return [
        Role(f"r{i}", r.candidates, r.need, r.is_optional, visit, r.not_before)
        for i, (r, visit) in enumerate(zip(roles, visits, strict=True))
    ]


AT_ONE_TABLE = st.lists(ROLE, max_size=4).map(lambda roles: numbered(roles, [0] * len(roles)))
ONE_AFTER_THE_OTHER = st.lists(ROLE, min_size=1, max_size=5).flatmap(
    lambda roles: st.lists(st.integers(0, 2), min_size=len(roles), max_size=len(roles)).map(
        lambda visits: numbered(roles, visits)
    )
)
ROLES = st.one_of(AT_ONE_TABLE, ONE_AFTER_THE_OTHER)
ALLOWED = st.integers(0, 2**CELLS - 1)
STARTS = st.integers(0, CELLS - 1)


def needed(roles: Sequence[Role]) -> list[Role]:
    return [role for role in roles if not role.is_optional]


def can_be_filled(town: People, roles: Sequence[Role], start: int) -> bool:
    return any(True for _ in town.ways(needed(roles), start))


@settings(max_examples=300, deadline=None)
@given(ROLES, TOWNS, ALLOWED)
def test_joint_starts_are_those_at_which_the_right_people_can_fill_all_roles(
    roles: list[Role], town: People, allowed: int
) -> None:
    expected = sum(1 << s for s in range(CELLS) if allowed >> s & 1 and can_be_filled(town, roles, s))
    assert joint_starts(roles, town.starts_of(), allowed) == expected


@settings(max_examples=300, deadline=None)
@given(ROLES, TOWNS, STARTS)
def test_assign_finds_a_way_whenever_there_is_one(roles: list[Role], town: People, start: int) -> None:
    found = assign(roles, town.starts_of(), start, rank=lambda who: who)
    if found is None:
        assert not can_be_filled(town, roles, start)
        return
    filled = [role for role in roles if role.key in found]
    assert all(role in filled for role in needed(roles))
    assert found in list(town.ways(filled, start))


@settings(max_examples=200, deadline=None)
@given(ROLES, TOWNS, STARTS)
def test_an_optional_role_stays_empty_only_if_nobody_is_left(
    roles: list[Role], town: People, start: int
) -> None:
    found = assign(roles, town.starts_of(), start, rank=lambda who: who)
    if found is None:
        return
    for role in roles:
        if role.key not in found:
            more = [other for other in roles if other.key in found or other is role]
            assert not any(
                {**found, role.key: who} in list(town.ways(more, start)) for who in role.candidates
            )


@settings(max_examples=200, deadline=None)
@given(AT_ONE_TABLE, TOWNS, STARTS)
def test_at_one_table_as_many_optional_roles_are_filled_as_can_be(
    roles: list[Role], town: People, start: int
) -> None:
    found = assign(roles, town.starts_of(), start, rank=lambda who: who)
    if found is None:
        return
    empty = [role for role in roles if role.key not in found]
    for role in empty:
        others = [other for other in roles if other.key in found]
        assert not any(True for _ in town.ways([*others, role], start))


@settings(max_examples=200, deadline=None)
@given(ROLES, TOWNS, ALLOWED)
def test_blocking_roles_are_those_without_which_there_would_be_a_start(
    roles: list[Role], town: People, allowed: int
) -> None:
    starts = [s for s in range(CELLS) if allowed >> s & 1]
    if any(can_be_filled(town, roles, s) for s in starts):
        return

    def opens(left: Sequence[Role]) -> bool:
        return any(can_be_filled(town, left, s) for s in starts)

    alone = [role.key for role in needed(roles) if opens([r for r in needed(roles) if r is not role])]
    never = [role.key for role in needed(roles) if not opens([role])]
    assert blocking_roles(roles, town.starts_of(), allowed) == (alone or never)


@settings(max_examples=200)
@given(needs(5))
def test_what_is_taken_is_every_span_with_its_buffers_once(need: Need) -> None:
    taken = need.taken
    expected = {
        cell
        for offset, cells, _ in need.spans
        for cell in range(offset - need.before, offset + cells + need.after)
    }
    assert {cell for span in taken for cell in range(span.offset, span.offset + span.cells)} == expected
    assert all(one.offset + one.cells <= other.offset for one, other in pairwise(taken))
    assert all(span.cells > 0 for span in taken)
    assert [span.place for span in taken] == [span.place for span in need.spans]


@given(needs(5))
def test_joined_spans_are_the_same_time_at_the_same_places(need: Need) -> None:
    def cells(spans: Sequence[Span]) -> list[tuple[int, int]]:
        return [(cell, s.place) for s in spans for cell in range(s.offset, s.offset + s.cells)]

    joined = through(need.spans).spans
    assert cells(joined) == cells(need.spans)
    assert not any(a.place == b.place and a.offset + a.cells == b.offset for a, b in pairwise(joined))


def free_for(*masks: int) -> People:
    """People who are free in these cells, wherever it is."""
    town = People(8)
    for person, free in enumerate(masks):
        cells = {cell for cell in range(8) if free >> cell & 1}
        town.free[person], town.unclaimed[person] = dict.fromkeys(PLACES, cells), cells
    return town


def test_an_empty_pool_means_no_slot() -> None:
    starts_of = free_for(0b1111).starts_of()
    roles = [Role("clerk", (0,), for_cells(2)), Role("interpreter", (), for_cells(2))]
    assert joint_starts(roles, starts_of, 0b1111) == 0
    assert assign(roles, starts_of, 0, rank=lambda who: who) is None
    assert blocking_roles(roles, starts_of, 0b1111) == ["interpreter"]


def test_three_roles_need_three_people_even_if_each_pair_would_do() -> None:
    """Hall's condition: every two of these roles have two people, all three together have two as well."""
    starts_of = free_for(0b1, 0b1).starts_of()
    roles = [Role(key, (0, 1), for_cells(1)) for key in "abc"]
    assert joint_starts(roles, starts_of, 0b1) == 0
    assert joint_starts(roles[:2], starts_of, 0b1) == 1


def test_any_of_a_team_must_be_the_same_person_throughout() -> None:
    """Two people who are free one half each make no appointment."""
    roles = [Role("clerk", (0, 1), for_cells(4))]
    assert joint_starts(roles, free_for(0b000011, 0b111100).starts_of(), 0b111111) == 0b100


def test_whoever_ranks_first_is_taken() -> None:
    roles = [Role("clerk", (0, 1, 2), for_cells(1))]
    assert assign(roles, free_for(1, 1, 1).starts_of(), 0, rank=lambda who: -who) == {"clerk": 2}


def test_one_person_may_serve_two_visits_but_no_two_roles_of_one() -> None:
    starts_of = free_for(0b11).starts_of()
    first, second = Need((Span(0, 1),)), Need((Span(1, 1),))
    apart = [Role("clerk@1", (0,), first, visit=1), Role("clerk@2", (0,), second, visit=2)]
    assert joint_starts(apart, starts_of, 0b1) == 1
    assert assign(apart, starts_of, 0, rank=lambda who: who) == {"clerk@1": 0, "clerk@2": 0}
    together = [Role("clerk@1", (0,), first, visit=1), Role("clerk/2@1", (0,), second, visit=1)]
    assert joint_starts(together, starts_of, 0b1) == 0


def test_who_may_be_there_throughout_gives_way_to_who_must_be_at_a_visit() -> None:
    need = for_cells(1)
    roles = [Role("guide", (0,), need, is_optional=True), Role("clerk@1", (0,), need, visit=1)]
    assert assign(roles, free_for(0b1).starts_of(), 0, rank=lambda who: who) == {"clerk@1": 0}
