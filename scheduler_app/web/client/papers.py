"""What to bring for several concerns."""

from collections.abc import Iterable, Sequence
from typing import Protocol


class _WithPapers(Protocol):
    @property
    def papers(self) -> Sequence[dict[str, str]]: ...


def papers_of(services: Iterable[_WithPapers]) -> list[dict[str, str]]:
    """The papers of all services, each once, as texts by language."""
    papers: list[dict[str, str]] = []
    for service in services:
        papers += [paper for paper in service.papers if paper not in papers]
    return papers
