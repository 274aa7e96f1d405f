"""Why a search finds nothing (or little), and what would help: the same search again with one thing changed.

Free time is read once; each variant of the plan is then a few dozen microseconds of AND-ing masks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations

from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ChainLength, NotTogether, UnknownThing
from scheduler_app.domain.joint_search import role_starts
from scheduler_app.domain.opening_hours import from_epoch_minute
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.find_chains import ChainSearch
from scheduler_app.services.find_slots import JointSearch
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.plan_parts import apart, as_chain
from scheduler_app.services.plan_roles import CLIENT
from scheduler_app.services.plan_variants import (
    FREE,
    GIVEN_UP,
    OF_TIME,
    Change,
    ChangeCode,
    Variant,
    variants,
)
from scheduler_app.services.slot_request import SlotRequest

MOST_PAIRS = 5
"""Suggestions of two changes at once."""

FEW = 12
"""With more starts than this there is nothing to explain."""

TIME = "time"
"""Blocks where the dates, weekdays or times that were asked for leave nothing."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A changed request that opens ``count`` starts, more than there are; the first is at ``first_at``.

    ``changes`` are one or, where no single one helps, two. ``second`` is the other appointment of two.
    """

    changes: tuple[Change, ...]
    request: SlotRequest
    count: int
    first_at: datetime
    second: "Suggestion | None" = None

    @property
    def codes(self) -> tuple[ChangeCode, ...]:
        return tuple(change.code for change in self.changes)


@dataclass(frozen=True)
class Explanation:
    """``count`` is how many starts there are. ``suggestions``, where they are few: what gives more, the best first.

    ``blocking``, where there are none: the keys of roles without any one of which there would be some, or else of
    those that are never free; "time" if the times asked for prevent it. ``without``: by role key how many starts
    there would be without it.
    """

    count: int
    blocking: tuple[str, ...]
    without: Mapping[str, int]
    suggestions: tuple[Suggestion, ...]


def explain_search(
    session: Session,
    catalogue: Catalogue,
    plan: Plan,
    *,
    now: datetime,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    client_resource_id: int | None = None,
    lead_time: timedelta | None = None,
) -> Explanation:
    """What prevents a joint slot, and which changes of the request would open more; found by searching them.

    Takes what ``find_slots`` takes. The suggestions that nobody suffers from come first, then those that give up
    something asked for, then those without somebody who is needed; within these the soonest.
    """
    asking = _Asking(
        session,
        catalogue,
        plan,
        now=now,
        dates=(from_at, until_at),
        client_resource_id=client_resource_id,
        lead_time=lead_time,
    )
    single = variants(catalogue, plan, has_dates=asking.has_dates)
    without = {
        variant.change.argument: asking.answer((variant,)).count
        for variant in single
        if variant.change.code is ChangeCode.WITHOUT
    }
    if asking.count > FEW:
        return Explanation(asking.count, (), without, ())
    found = asking.better((variant,) for variant in single)
    blocking = () if asking.count else asking.blocking(without, found)
    if not found and not asking.count:
        found = sorted(asking.better(asking.hopeful_pairs(single)), key=_rank)[:MOST_PAIRS]
    found += asking.other_forms()
    return Explanation(asking.count, blocking, without, tuple(map(asking.spelled, sorted(found, key=_rank))))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a variant opens: ``first`` and ``last`` are minutes (0 if ``count`` is none)."""

    changes: tuple[Change, ...]
    request: SlotRequest
    count: int
    first: int = 0
    last: int = 0
    second: "_Answer | None" = None


def _rank(answer: _Answer) -> tuple[object, ...]:
    changes = answer.changes
    soonest = max(answer.first, answer.second.first if answer.second else 0)
    order = [list(ChangeCode).index(change.code) for change in changes]
    weight = max(change.weight for change in changes)
    return weight, soonest, -answer.count, order, [change.argument for change in changes]


class _Asking:
    """A search that is asked again and again with something changed."""

    def __init__(
        self,
        session: Session,
        catalogue: Catalogue,
        plan: Plan,
        *,
        now: datetime,
        dates: tuple[datetime | None, datetime | None],
        client_resource_id: int | None,
        lead_time: timedelta | None,
    ) -> None:
        self._session, self._catalogue, self._now = session, catalogue, now
        self._dates, self._lead_time = dates, lead_time
        self._client = client_resource_id or _client_of(plan)
        self._plan = plan if self._client is None else plan.with_client(self._client)
        self._search = self._joint_search(*dates)
        self.has_dates = dates != (None, None)
        self._at_any_date = self._joint_search(None, None) if self.has_dates else self._search
        self._allowed = self._search.allowed(self._plan)
        self.count = self._search.starts(self._plan, self._allowed).bit_count()

    def _joint_search(self, from_at: datetime | None, until_at: datetime | None) -> JointSearch:
        return JointSearch(
            self._session,
            self._catalogue,
            self._plan,
            now=self._now,
            from_at=from_at,
            until_at=until_at,
            lead_time=self._lead_time,
        )

    def answer(self, made: Sequence[Variant]) -> _Answer:
        """What the request opens with these changes; nothing where they leave nobody."""
        request = self._plan.request
        for variant in made:
            request = variant.applied(request)
        changes = tuple(variant.change for variant in made)
        is_at_any_date = any(change.code is ChangeCode.ANY_DATE for change in changes)
        return self._asked(changes, request, is_at_any_date=is_at_any_date)

    def better(self, made: Iterable[Sequence[Variant]]) -> list[_Answer]:
        """What opens more than there is; of a shorter and a still shorter time only the first."""
        found: dict[tuple[object, ...], _Answer] = {}
        for some in made:
            same = tuple((v.change.code, v.change.is_rung or v.change.argument) for v in some)
            if same not in found:
                answer = self.answer(some)
                if answer.count > self.count:
                    found[same] = answer
        return list(found.values())

    def hopeful_pairs(self, single: Sequence[Variant]) -> Iterator[tuple[Variant, Variant]]:
        """Two changes that go together and touch every role that is never free; of steps only the last."""
        last = {v.change.code: v for v in single if v.change.is_rung}
        some = [v for v in single if not v.change.is_rung or last[v.change.code] is v]
        never = self._never_free()
        for one, other in combinations(some, 2):
            if one.goes_with(other) and all(one.touches(key) or other.touches(key) for key in never):
                yield one, other

    def _never_free(self) -> list[str]:
        roles = [role for role in self._search.asked_in_time(self._plan.roles) if not role.is_optional]
        starts_of = self._search.times.starts_of
        return [role.key for role in roles if not role_starts(role, starts_of) & self._allowed]

    def other_forms(self) -> list[_Answer]:
        """Desk after desk, and in two appointments, where that opens more."""
        if self._plan.is_chain or len(self._plan.concerns) < 2:
            return []
        forms = [self._chain(), self._apart()]
        return [form for form in forms if form is not None and form.count > self.count]

    def blocking(self, without: Mapping[str, int], helpful: Iterable[_Answer]) -> tuple[str, ...]:
        if not self._allowed:
            return (TIME,)
        alone = [key for key, count in without.items() if count]
        if self._client is not None:
            others = replace(self._plan, roles=tuple(r for r in self._plan.roles if r.key != CLIENT))
            alone += [CLIENT] if self._search.starts(others, self._allowed) else []
        if any(change.code in OF_TIME for answer in helpful for change in answer.changes):
            alone.append(TIME)
        never = alone or self._never_free()
        is_nobody_free = len(never) == sum(not role.is_optional for role in self._plan.roles)
        return (TIME,) if not alone and is_nobody_free and self._has_wished_times else tuple(never)

    @property
    def _has_wished_times(self) -> bool:
        request = self._plan.request
        return bool(request.weekdays) or (request.earliest, request.latest) != (None, None) or self.has_dates

    def spelled(self, answer: _Answer) -> Suggestion:
        second = self.spelled(answer.second) if answer.second is not None else None
        return Suggestion(
            answer.changes, answer.request, answer.count, from_epoch_minute(answer.first), second
        )

    def _asked(
        self, changes: tuple[Change, ...], request: SlotRequest, *, is_at_any_date: bool = False
    ) -> _Answer:
        try:
            plan = plan_appointment(self._catalogue, request)
        except UnknownThing:  # nobody is left, or a role went with another
            return _Answer(changes, request, 0)
        if self._client is not None:
            plan = plan.with_client(self._client)
        search = self._at_any_date if is_at_any_date else self._search
        starts = search.starts(plan, search.allowed(plan))
        if not starts:
            return _Answer(changes, request, 0)
        first = search.grid.minute_of((starts & -starts).bit_length() - 1)
        last = search.grid.minute_of(starts.bit_length() - 1)
        return _Answer(changes, request, starts.bit_count(), first, last)

    def _chain(self) -> _Answer | None:
        request = as_chain(self._catalogue, self._plan.request)
        try:
            plan = plan_chain(self._catalogue, request, client_resource_id=self._client)
        except (ChainLength, NotTogether, UnknownThing):
            return None
        search = ChainSearch(
            self._session,
            self._catalogue,
            plan,
            now=self._now,
            from_at=self._dates[0],
            until_at=self._dates[1],
            lead_time=self._lead_time,
        )
        found = search.best()
        if not found:
            return None
        change = Change(ChangeCode.CHAIN, "", FREE)
        return _Answer((change,), request, len(found), search.grid.minute_of(found[0].starts[0]))

    def _apart(self) -> _Answer | None:
        """The two appointments of which the later is soonest."""
        change = (Change(ChangeCode.APART, "", GIVEN_UP),)
        best: list[_Answer] = []
        for parts in apart(self._catalogue, self._plan):
            one, other = sorted((self._asked(change, part) for part in parts), key=lambda part: part.first)
            if one.count and other.count and self._is_room_for(one, other):
                best.append(replace(one, second=other))
        return min(best, key=_rank, default=None)

    def _is_room_for(self, *both: _Answer) -> bool:
        """Whether two appointments can be one after the other."""
        minutes = [plan_appointment(self._catalogue, answer.request).minutes for answer in both]
        return any(both[1 - place].last >= both[place].first + minutes[place] for place in range(len(both)))


def _client_of(plan: Plan) -> int | None:
    return next((role.candidates[0] for role in plan.roles if role.key == CLIENT), None)
