"""Timing, and tables of what was timed. Figures of one run are to be compared with each other, not across runs."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Timings:
    """How long calls took, in milliseconds."""

    taken: list[float] = field(default_factory=list)

    def time(self, call: Callable[[], T]) -> T:
        """Call once and keep how long it took."""
        began = time.perf_counter()
        result = call()
        self.taken.append((time.perf_counter() - began) * 1000)
        return result

    @property
    def median(self) -> float:
        return statistics.median(self.taken)

    @property
    def p99(self) -> float:
        """What 99 of 100 calls did not exceed."""
        return sorted(self.taken)[-(-len(self.taken) * 99 // 100) - 1]

    def columns(self) -> list[str]:
        return [milliseconds(self.median), milliseconds(self.p99)]


def milliseconds(value: float) -> str:
    """Three digits are more than a run can tell."""
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def against(ours: float, theirs: float, goal: float) -> list[str]:
    """The ratio of two medians, the goal, and whether it was missed."""
    ratio = ours / theirs
    return [f"{ratio:.2f}", f"<= {goal:g}", "" if ratio <= goal else "missed"]


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as they must be, figures to the right."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    printed = [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join((title, printed[0], "-" * len(printed[0]), *printed[1:], ""))


class Differences:
    """Answers that were not the same: a benchmark of wrong answers is worth nothing."""

    def __init__(self) -> None:
        self.compared = 0
        self.found: list[str] = []

    def compare(self, what: str, query_id: str, expected: object, got: object) -> None:
        self.compared += 1
        if expected != got:
            self.found.append(f"{what} answers {query_id} otherwise than the floor")

    def summary(self) -> str:
        """A line for the end, and the first ten that differ."""
        if not self.found:
            return f"{self.compared} answers compared with the floor's: all equal."
        shown = "\n".join(self.found[:10])
        return f"{self.compared} answers compared with the floor's, {len(self.found)} DIFFER:\n{shown}"
