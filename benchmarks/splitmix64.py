"""SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).

Not Python's own generator: a benchmark's data must not change with the version of Python.
"""

from collections.abc import MutableSequence, Sequence
from typing import TypeVar

T = TypeVar("T")

_ALL_64 = (1 << 64) - 1


class SplitMix64:
    """A stream of draws; equal seeds give equal streams, and every further seed another one."""

    def __init__(self, *seeds: int) -> None:
        self._state = 0
        for seed in seeds:
            self._state = (self._state ^ seed) & _ALL_64
            self._state = self.draw()

    def draw(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _ALL_64
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _ALL_64
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _ALL_64
        return mixed ^ (mixed >> 31)

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound`` - 1; for bounds this small the remainder has no bias to speak of."""
        return self.draw() % bound

    def fraction(self) -> float:
        """At least 0, below 1."""
        return (self.draw() >> 11) / (1 << 53)

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def choice(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        """Fisher and Yates, in place."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
