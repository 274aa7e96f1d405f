"""What is wrong with a municipality file: every mistake with its line, not only the first one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from scheduler_app.domain.errors import TerminlotseError


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """One mistake, in words for the person who wrote the file; lines count from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class MunicipalityFileRefused(TerminlotseError):
    """The file has mistakes, so nothing of it is used; `problems` are all of them in the order of the lines."""

    code = "municipality_file_refused"

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Problems:
    """Collects mistakes while a file is read."""

    found: list[FileProblem] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        self.found.append(FileProblem(line, message))

    def refuse_if_any(self) -> None:
        """Raises MunicipalityFileRefused when at least one mistake was found."""
        if self.found:
            raise MunicipalityFileRefused(self.found)


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: the nearest known one, else the known ones if they are few."""
    choices = sorted(known)
    near = get_close_matches(written, choices, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{near[0]}'?"
    if choices and len(choices) <= 15:
        return f"; known are {', '.join(choices)}"
    return ""
