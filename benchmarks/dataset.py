"""The files of a data set: ``muni-NNN.json`` for each municipality, ``queries.json`` for the searches."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Municipality = dict[str, Any]
"""One municipality as its file has it (docs/benchmarks.md)."""

CHAINS = "Q5"


@dataclass(frozen=True, slots=True)
class Query:
    """One search. Minutes; ``gap``: the least and the most time between two visits of a chain; ``first`` None = all."""

    id: str
    kind: str
    municipality: int
    minutes: int
    teams: tuple[int, ...] = ()
    persons: tuple[str, ...] = ()
    language: str = ""
    capacity: int = 0
    gap: tuple[int, int] = (0, 0)
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Workload:
    """``window``: from, until (minutes since the Unix epoch); starts lie on multiples of ``grid`` minutes."""

    window: tuple[int, int]
    grid: int
    municipalities: int
    queries: tuple[Query, ...]

    def of_kind(self, kind: str) -> tuple[Query, ...]:
        return tuple(query for query in self.queries if query.kind == kind)


Chain = tuple[int, int, int, str]
"""Three visits: their starts in epoch minutes, and the order, which says whose team is visited when ("201")."""


def written(chains: Iterable[Chain]) -> list[str]:
    """Chains as answer files have them: ``start-start-start-order``."""
    return ["-".join(map(str, chain)) for chain in chains]


def read_workload(file: Path) -> Workload:
    data = json.loads(file.read_text())
    window = data["window"][0], data["window"][1]
    queries = tuple(_query(entry) for entry in data["queries"])
    return Workload(window, data["grid"], data["municipalities"], queries)


def read_municipalities(folder: Path, workload: Workload) -> Iterator[Municipality]:
    """The municipalities that the searches are about, one at a time: a land does not fit into memory well."""
    for number in range(workload.municipalities):
        yield json.loads((folder / f"muni-{number:03d}.json").read_text())


def _query(entry: dict[str, Any]) -> Query:
    gap = entry.get("gap", (0, 0))
    return Query(
        id=entry["id"],
        kind=entry["class"],
        municipality=entry["municipality"],
        minutes=entry["minutes"],
        teams=tuple(entry.get("teams", [entry["team"]] if "team" in entry else [])),
        persons=tuple(entry.get("persons", ())),
        language=entry.get("language", ""),
        capacity=entry.get("capacity", 0),
        gap=(gap[0], gap[1]),
        first=entry.get("first"),
    )
