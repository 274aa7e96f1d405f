"""Which visits could be one, and which could be on one day: all ways to put a few things into groups."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

Thing = TypeVar("Thing")

MOST_THINGS = 6
"""Ways to group: 203 for six things, 877 for seven."""


def groupings(things: Sequence[Thing]) -> list[list[list[Thing]]]:
    """Every way to put things into groups (the partitions of a set), those with the fewest groups first."""
    return sorted(_partitions(list(things)), key=len)


def _partitions(things: list[Thing]) -> Iterator[list[list[Thing]]]:
    if not things:
        yield []
        return
    first, rest = things[0], things[1:]
    for smaller in _partitions(rest):
        yield [[first], *smaller]
        for place, group in enumerate(smaller):
            yield [*smaller[:place], [first, *group], *smaller[place + 1 :]]


@dataclass(frozen=True, slots=True)
class DayOption:
    """A day on which something is possible, and when it would be over (epoch minutes). ``start`` identifies it."""

    day: date
    ends: int
    start: int


def different_days(options: Sequence[Sequence[DayOption]]) -> list[DayOption] | None:
    """For each thing one of its days, no day twice, so that the last is over soonest; None if impossible.

    Each of n things needs no more than its n soonest days: the others take at most n - 1 of them.
    """
    count = len(options)
    soonest = [sorted(each, key=lambda o: (o.ends, o.start))[:count] for each in options]
    best: list[DayOption] | None = None
    for chosen in _choices(soonest):
        if best is None or _ends(chosen) < _ends(best):
            best = chosen
    return best


def _choices(options: Sequence[Sequence[DayOption]], taken: Iterable[date] = ()) -> Iterator[list[DayOption]]:
    if not options:
        yield []
        return
    for option in options[0]:
        if option.day not in taken:
            for rest in _choices(options[1:], (*taken, option.day)):
                yield [option, *rest]


def _ends(chosen: Sequence[DayOption]) -> tuple[int, int]:
    return max(option.ends for option in chosen), sum(option.ends for option in chosen)
