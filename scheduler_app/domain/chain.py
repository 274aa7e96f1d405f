"""What a chain is: visits one after the other on one day, and who is at the client's side throughout."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler_app.domain.joint_search import Role, Span

MOST_VISITS = 6


@dataclass(frozen=True, slots=True)
class Visit:
    """``cells`` at a place (0: does not matter) with everybody in ``roles``; their needs count from its start.

    ``allowed``: the starts that it may have, of all those at which everybody is there. One that stands already has the
    one start ``stands_at`` instead, and its own people.
    """

    roles: tuple[Role, ...]
    cells: int
    place: int = 0
    stands_at: int | None = None
    allowed: int = -1


@dataclass(frozen=True, slots=True)
class Escort:
    """One of ``candidates``, the same person at all visits; who ``stays`` is there from first to last.

    ``not_before``: candidates that can be asked only from a start on. ``travels``: she comes from somewhere else.
    """

    key: str
    candidates: tuple[int, ...]
    stays: bool = False
    travels: bool = True
    not_before: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chain:
    """Two to six visits. Between two of them lies the way, ``walk(from place, to place)`` cells, and a wait.

    ``shortest_wait`` and ``longest_wait`` are cells beyond the way. ``is_ordered``: in the order given only.
    ``begins``: the starts that the first of them may have.
    """

    visits: tuple[Visit, ...]
    longest_wait: int
    escorts: tuple[Escort, ...] = ()
    walk: Callable[[int, int], int] = lambda _from, _to: 0
    shortest_wait: int = 0
    is_ordered: bool = False
    begins: int = -1

    def __post_init__(self) -> None:
        if not 2 <= len(self.visits) <= MOST_VISITS:
            raise ValueError(f"a chain has 2 to {MOST_VISITS} visits")
        if not 0 <= self.shortest_wait <= self.longest_wait:
            raise ValueError("the longest wait is not shorter than the shortest, and no wait is negative")


def visit_spans(chain: Chain, order: Sequence[int], offsets: Sequence[int]) -> tuple[Span, ...]:
    """When and where the visits are, in cells after the start."""
    visits = (chain.visits[visit] for visit in order)
    return tuple(
        Span(offset, visit.cells, visit.place) for offset, visit in zip(offsets, visits, strict=True)
    )


def staying(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same without gaps: who stays is at each place until the next visit begins."""
    following = [span.offset for span in spans[1:]] + [spans[-1].offset + spans[-1].cells]
    return tuple(
        span._replace(cells=until - span.offset) for span, until in zip(spans, following, strict=True)
    )
