"""The search for a joint slot: every role filled at the same time, by different people.

"Any of a team" is the union of its members' fitting starts, taken after the fitting and never before; a joint start
is the intersection over the roles. A role that nobody can fill means no start, never "no constraint".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Fits = Callable[[int, int], int]
"""(resource id, length in cells) -> the mask of starts at which that resource is free for that long."""


@dataclass(frozen=True, slots=True)
class Role:
    """One of ``candidates`` (resource ids) is needed for ``cells`` cells, ``offset`` cells after the start."""

    key: str
    candidates: tuple[int, ...]
    cells: int
    offset: int = 0


def role_starts(role: Role, fits: Fits) -> int:
    """The starts of the whole appointment at which somebody can fill this role."""
    starts = 0
    for candidate in role.candidates:
        starts |= fits(candidate, role.cells)
    return starts >> role.offset


def joint_starts(roles: Sequence[Role], fits: Fits, allowed: int) -> int:
    """The starts, among ``allowed``, at which all roles can be filled by different resources."""
    starts = allowed
    for role in sorted(roles, key=lambda role: len(role.candidates)):
        starts &= role_starts(role, fits)
        if not starts:
            return 0
    rivals = _roles_that_share(roles)
    return _matched(rivals, fits, starts) if rivals else starts


def assign(
    roles: Sequence[Role], fits: Fits, start: int, rank: Callable[[int], Any]
) -> dict[str, int] | None:
    """Who fills which role at a start cell: different people, those first whom ``rank`` puts first; None if impossible.

    Bipartite matching by augmenting paths (Kuhn 1955); the roles are few, so the cubic worst case does not matter.
    """
    taken: dict[int, Role] = {}
    able = {
        role.key: sorted(
            (c for c in role.candidates if fits(c, role.cells) >> start + role.offset & 1), key=rank
        )
        for role in roles
    }

    def place(role: Role, tried: set[int]) -> bool:
        for candidate in able[role.key]:
            if candidate in tried:
                continue
            tried.add(candidate)
            holder = taken.get(candidate)
            if holder is None or place(holder, tried):
                taken[candidate] = role
                return True
        return False

    if not all(place(role, set()) for role in roles):
        return None
    return {role.key: candidate for candidate, role in taken.items()}


def blocking_roles(roles: Sequence[Role], fits: Fits, allowed: int) -> list[str]:
    """For a search without result: the roles without which there would be one (or, if none alone, those never free)."""
    alone = [role.key for role in roles if joint_starts([r for r in roles if r is not role], fits, allowed)]
    return alone or [role.key for role in roles if not role_starts(role, fits) & allowed]


def restricted(roles: Iterable[Role], only: Mapping[str, Sequence[int]]) -> list[Role]:
    """The same roles with fewer candidates."""
    return [replace(role, candidates=tuple(only[role.key])) for role in roles]


def _roles_that_share(roles: Sequence[Role]) -> list[Role]:
    """The roles whose candidates another role could take from them."""
    counts: dict[int, int] = {}
    for role in roles:
        for candidate in set(role.candidates):
            counts[candidate] = counts.get(candidate, 0) + 1
    return [role for role in roles if any(counts[candidate] > 1 for candidate in role.candidates)]


def _matched(rivals: Sequence[Role], fits: Fits, starts: int) -> int:
    kept = 0
    remaining = starts
    while remaining:
        lowest = remaining & -remaining
        if assign(rivals, fits, lowest.bit_length() - 1, rank=lambda _: 0) is not None:
            kept |= lowest
        remaining ^= lowest
    return kept
