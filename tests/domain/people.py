"""Made-up people for searches, and the rules of filling roles once more, with sets of cells and by trying everybody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from hypothesis import strategies as st

from scheduler_app.domain.free_time import Grid, Window, grid_of
from scheduler_app.domain.joint_search import Need, Role, Span, StartsOf, starts_needed

PLACES = (0, 1, 2, 3)


@dataclass
class People:
    """Who is free in which cells: by person at each place, and (for buffers) not claimed at all."""

    cells: int
    free: dict[int, dict[int, set[int]]] = field(default_factory=dict)
    unclaimed: dict[int, set[int]] = field(default_factory=dict)

    def grid(self, step: int) -> Grid:
        return grid_of(Window(0, self.cells), 5 * step)

    def starts_of(self, step: int = 1) -> StartsOf:
        """What the search asks, answered with its own masks."""
        grid = self.grid(step)

        def starts_for(person: int, need: Need) -> int:
            free = self.free[person]
            return grid.starts(
                starts_needed(need, lambda place: mask(free[place]), mask(self.unclaimed[person]))
            )

        return lambda need: {person: starts_for(person, need) for person in self.free}

    def can(self, person: int, need: Need, start: int) -> bool:
        """Whether she is free at every span, and not taken around it either, from this cell on."""
        return all(
            set(range(start + offset, start + offset + cells)) <= self.free[person][place]
            and (
                not (need.before or need.after)
                or set(range(start + offset - need.before, start + offset + cells + need.after))
                <= self.unclaimed[person]
            )
            for offset, cells, place in need.spans
        )

    def able(self, role: Role, start: int, step: int = 1) -> list[int]:
        """Her candidates at this start (an index of the grid)."""
        return [
            person
            for person in role.candidates
            if start >= role.not_before.get(person, 0) and self.can(person, role.need, start * step)
        ]

    def ways(self, roles: Sequence[Role], start: int, step: int = 1) -> Iterator[dict[str, int]]:
        """Every way to fill all these roles, optional or not."""
        able = [self.able(role, start, step) for role in roles]
        for chosen in product(*able):
            if follows_the_rules(roles, chosen):
                yield {role.key: person for role, person in zip(roles, chosen, strict=True)}


def follows_the_rules(roles: Sequence[Role], chosen: Sequence[int]) -> bool:
    """Nobody twice at one visit, and who is there throughout does nothing else."""
    for i, (role, person) in enumerate(zip(roles, chosen, strict=True)):
        for other, who in zip(roles[:i], chosen[:i], strict=True):
            if person == who and (role.visit == other.visit or 0 in {role.visit, other.visit}):
                return False
    return True


def mask(cells: set[int]) -> int:
    return sum(1 << cell for cell in cells)


@st.composite
def people(draw: st.DrawFn, count: int, cells: int) -> People:
    """Some mostly free, so that the rules decide and not the lack of time, some mostly not."""
    made = People(cells)
    for person in range(count):
        claimed = draw(st.sets(st.integers(0, cells - 1), max_size=draw(st.sampled_from((2, 6, cells)))))
        closed = draw(st.sets(st.integers(0, cells - 1), max_size=4))
        unclaimed = set(range(cells)) - claimed
        made.unclaimed[person] = unclaimed
        here = unclaimed - closed
        made.free[person] = {
            place: here - (draw(st.sets(st.integers(0, cells - 1), max_size=3)) if place else set())
            for place in PLACES
        }
    return made


def needs(longest: int) -> st.SearchStrategy[Need]:
    """One to three spans, apart or touching, with or without time around them."""
    gaps_and_lengths = st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, longest), st.sampled_from(PLACES)), min_size=1, max_size=3
    )
    buffers = st.one_of(st.just((0, 0)), st.tuples(st.integers(0, 2), st.integers(0, 2)))
    return st.builds(lambda parts, around: Need(_spans(parts), *around), gaps_and_lengths, buffers)


def _spans(parts: Sequence[tuple[int, int, int]]) -> tuple[Span, ...]:
    spans, at = [], 0
    for gap, cells, place in parts:
        spans.append(Span(at + gap, cells, place))
        at += gap + cells
    return tuple(spans)


NOT_BEFORE: st.SearchStrategy[Mapping[int, int]] = st.one_of(
    st.just({}), st.dictionaries(st.integers(0, 4), st.integers(0, 30), max_size=3)
)
