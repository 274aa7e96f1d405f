"""The search for a joint slot: every role filled at the same time, by different people.

"Any of a team" is the union of its members' fitting starts, taken after the fitting and never before; a joint start
is the intersection over the roles. A role that nobody can fill means no start, never "no constraint".
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any, NamedTuple

from scheduler_app.domain.free_time import fitting


class Span(NamedTuple):
    """A time from ``offset`` cells after the start on, ``cells`` long, at a place (0: where does not matter)."""

    offset: int
    cells: int
    place: int = 0


class Need(NamedTuple):
    """When somebody is needed: spans, ascending and apart.

    ``before`` and ``after`` each span (cells) nothing else may be there either (preparing, airing a room), but that
    time may lie outside opening hours.
    """

    spans: tuple[Span, ...]
    before: int = 0
    after: int = 0

    @property
    def taken(self) -> list[Span]:
        """What is claimed, buffers included; may begin before the start."""
        claimed: list[Span] = []
        for offset, cells, place in self.spans:
            begins = offset - self.before
            if claimed:
                begins = max(begins, claimed[-1].offset + claimed[-1].cells)
            claimed.append(Span(begins, offset + cells + self.after - begins, place))
        return claimed

    @property
    def ends(self) -> int:
        """Cells from the start to the end of the last span."""
        return self.spans[-1].offset + self.spans[-1].cells


def for_cells(cells: int, place: int = 0) -> Need:
    """Needed from the start on, for this many cells."""
    return Need((Span(0, cells, place),))


def through(spans: Sequence[Span]) -> Need:
    """Needed at all these spans; those that touch at one place become one."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].place == span.place and joined[-1].offset + joined[-1].cells == span.offset:
            joined[-1] = joined[-1]._replace(cells=joined[-1].cells + span.cells)
        else:
            joined.append(span)
    return Need(tuple(joined))


StartsOf = Callable[[Need], Mapping[int, int]]
"""A need -> by resource id the mask of the appointment's starts at which that resource can meet it."""


@dataclass(frozen=True, slots=True)
class Role:
    """One of ``candidates`` (resource ids) is needed. An optional role is filled when somebody is free.

    ``visit``: roles of one visit are filled by different people; those of two visits may be the same person's; a role
    of visit 0 lasts through all and is nobody else's. ``not_before``: resources that can be asked only from a start on.
    """

    key: str
    candidates: tuple[int, ...]
    need: Need
    is_optional: bool = False
    visit: int = 0
    not_before: Mapping[int, int] = field(default_factory=dict)


def starts_needed(need: Need, free_at: Callable[[int], int], unclaimed: int) -> int:
    """The cells from which a need can be met: of the cells free to be at a place, and of those not claimed at all."""
    starts = -1
    for offset, cells, place in need.spans:
        fits = fitting(free_at(place), cells)
        if need.before or need.after:
            fits &= fitting(unclaimed, need.before + cells + need.after) << need.before
        starts &= fits >> offset
    return starts


def able_at(role: Role, candidate: int, starts_of: StartsOf) -> int:
    """The starts at which this candidate can fill the role."""
    starts = starts_of(role.need)[candidate]
    first = role.not_before.get(candidate)
    return starts if first is None else starts >> first << first


def role_starts(role: Role, starts_of: StartsOf) -> int:
    """The starts of the whole appointment at which somebody can fill this role."""
    masks = starts_of(role.need)
    starts = 0
    if role.not_before:
        for candidate in role.candidates:
            starts |= able_at(role, candidate, starts_of)
    else:
        for candidate in role.candidates:
            starts |= masks[candidate]
    return starts


def joint_starts(roles: Sequence[Role], starts_of: StartsOf, allowed: int) -> int:
    """The starts, among ``allowed``, at which all required roles can be filled, in each visit by different people."""
    starts = allowed
    for role in roles:
        if not role.is_optional:
            starts &= role_starts(role, starts_of)
            if not starts:
                return 0
    if _share(roles):
        return _by_different_people([role for role in roles if not role.is_optional], starts_of, starts)
    return starts


def assign(
    roles: Sequence[Role], starts_of: StartsOf, start: int, rank: Callable[[int], Any]
) -> dict[str, int] | None:
    """Who fills which role at a start: different people, those first whom ``rank`` puts first; None if impossible.

    Optional roles that nobody is left for are not in the answer.
    """
    able = {
        role.key: sorted((c for c in role.candidates if able_at(role, c, starts_of) >> start & 1), key=rank)
        for role in roles
    }
    if len({role.visit for role in roles}) < 2:
        return _matching(roles, able, ())
    through = [role for role in roles if role.visit == 0]
    by_visit = [
        [role for role in roles if role.visit == visit] for visit in sorted({r.visit for r in roles} - {0})
    ]
    for escorts in _distinct(through, able):
        chosen = dict(escorts)
        for group in by_visit:
            matched = _matching(group, able, escorts.values())
            if matched is None:
                break
            chosen |= matched
        else:
            return chosen
    return None


def blocking_roles(roles: Sequence[Role], starts_of: StartsOf, allowed: int) -> list[str]:
    """For a search without result: the roles without which there would be one (or, if none alone, those never free)."""
    needed = [role for role in roles if not role.is_optional]
    alone = [
        r.key
        for r in needed
        if joint_starts([other for other in needed if other is not r], starts_of, allowed)
    ]
    return alone or [role.key for role in needed if not role_starts(role, starts_of) & allowed]


def _share(roles: Sequence[Role]) -> bool:
    """Whether somebody could fill two of the required roles."""
    seen: set[int] = set()
    count = 0
    for role in roles:
        if not role.is_optional:
            seen.update(role.candidates)
            count += len(role.candidates)
    return len(seen) < count


def _by_different_people(roles: Sequence[Role], starts_of: StartsOf, starts: int) -> int:
    through = [role for role in roles if role.visit == 0]
    visits = sorted({role.visit for role in roles} - {0})
    if not visits or not through:
        for visit in visits or [0]:
            starts &= _matched([role for role in roles if role.visit == visit], starts_of)
        return starts
    found = 0
    for escorts in product(*(role.candidates for role in through)):
        if len(set(escorts)) == len(escorts):
            left = starts
            for role, escort in zip(through, escorts, strict=True):
                left &= able_at(role, escort, starts_of)
            for visit in visits:
                group = [role for role in roles if role.visit == visit]
                left &= _matched(
                    [
                        replace(r, candidates=tuple(c for c in r.candidates if c not in escorts))
                        for r in group
                    ],
                    starts_of,
                )
            found |= left
    return found


def _matched(roles: Sequence[Role], starts_of: StartsOf) -> int:
    """The starts at which these roles can be filled by different people, all at once for the whole mask.

    Hall's theorem (1935): any k of the roles must have k people between them. Roles that share nobody do not matter to
    each other, and those that share are few.
    """
    starts = -1
    for group in _that_share(roles):
        for size in range(1, len(group) + 1):
            for some in combinations(group, size):
                starts &= _at_least_as_many(some, starts_of)
                if not starts:
                    return 0
    return starts


def _at_least_as_many(roles: Sequence[Role], starts_of: StartsOf) -> int:
    """The starts at which as many people can fill some of these roles as there are roles."""
    at_least = [-1, *[0] * len(roles)]
    for person in dict.fromkeys(candidate for role in roles for candidate in role.candidates):
        able = 0
        for role in roles:
            if person in role.candidates:
                able |= able_at(role, person, starts_of)
        for people in range(len(roles), 0, -1):
            at_least[people] |= at_least[people - 1] & able
    return at_least[-1]


def _that_share(roles: Sequence[Role]) -> list[list[Role]]:
    """The roles in groups, so that nobody could fill roles of two groups."""
    groups: list[tuple[set[int], list[Role]]] = []
    for role in roles:
        people, joined = set(role.candidates), [role]
        apart = []
        for others, group in groups:
            if people.isdisjoint(others):
                apart.append((others, group))
            else:
                people |= others
                joined = [*group, *joined]
        groups = [*apart, (people, joined)]
    return [group for _, group in groups]


def _distinct(roles: Sequence[Role], able: Mapping[str, Sequence[int]]) -> Iterable[dict[str, int]]:
    """Every way to fill these roles with different people, the best first; optional ones are left empty last."""
    ordered = sorted(roles, key=lambda role: role.is_optional)
    for chosen in product(*((*able[role.key], *[None] * role.is_optional) for role in ordered)):
        filled = {role.key: who for role, who in zip(ordered, chosen, strict=True) if who is not None}
        if len(set(filled.values())) == len(filled):
            yield filled


def _matching(
    roles: Sequence[Role], able: Mapping[str, Sequence[int]], without: Collection[int]
) -> dict[str, int] | None:
    """Bipartite matching by augmenting paths (Kuhn 1955); the roles are few, so its cubic worst case is cheap."""
    taken: dict[int, Role] = {}

    def place(role: Role, tried: set[int]) -> bool:
        for candidate in able[role.key]:
            if candidate in tried or candidate in without:
                continue
            tried.add(candidate)
            holder = taken.get(candidate)
            if holder is None or place(holder, tried):
                taken[candidate] = role
                return True
        return False

    if not all(place(role, set()) for role in roles if not role.is_optional):
        return None
    for role in roles:
        if role.is_optional:
            place(role, set())  # whoever moves for it is still in a role of her own
    return {role.key: candidate for candidate, role in taken.items()}
