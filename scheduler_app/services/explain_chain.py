"""What would help where no chain is found: the same chain again with one thing changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ChainLength, NotTogether, UnknownThing
from scheduler_app.domain.joint_search import Role, for_cells
from scheduler_app.domain.opening_hours import from_epoch_minute
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import ServiceEntry
from scheduler_app.services.explain_search import Suggestion
from scheduler_app.services.find_chains import ChainSearch
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import ChainPlan, plan_chain
from scheduler_app.services.plan_variants import FREE, Change, ChangeCode, variants
from scheduler_app.services.slot_request import SlotRequest

LONGER_WAITS = (60, 90, 120, 180)


def explain_chain(
    session: Session,
    catalogue: Catalogue,
    request: SlotRequest,
    *,
    is_ordered: bool,
    longest_wait: int,
    client_resource_id: int | None,
    now: datetime,
    from_at: datetime | None = None,
) -> tuple[Suggestion, ...]:
    """For a chain that was not found: the single changes that open one, the best first, as ``explain_search`` ranks.

    Takes what ``plan_chain`` and ``find_chains`` take. Raises what ``plan_chain`` raises.
    """
    trial = _Trial(request, is_ordered, longest_wait, from_at)
    plan = plan_chain(catalogue, request, is_ordered=is_ordered, longest_wait=longest_wait)
    found: dict[object, Suggestion] = {}
    for change, other in (*_ways(trial), *_less(catalogue, plan, trial)):
        same = (change.code, change.is_rung or change.argument)
        if same not in found:
            starts = _chains(session, catalogue, other, client_resource_id, now=now)
            if starts:
                found[same] = Suggestion((change,), other.request, len(starts), from_epoch_minute(starts[0]))
    table = _at_table(session, catalogue, trial, client_resource_id, now=now)
    if table is not None:
        found[ChangeCode.TABLE] = table
    return tuple(sorted(found.values(), key=_rank))


@dataclass(frozen=True, slots=True)
class _Trial:
    """A chain to be searched for."""

    request: SlotRequest
    is_ordered: bool
    longest_wait: int
    from_at: datetime | None


@dataclass(frozen=True)
class _ChainRoles:
    """The roles of a chain, each once, whichever visits it is at."""

    request: SlotRequest
    roles: tuple[Role, ...]
    concerns: tuple[ServiceEntry, ...]
    level: str
    minutes: int = 0
    is_chain: bool = True


def _ways(trial: _Trial) -> Iterator[tuple[Change, _Trial]]:
    """What makes it a chain, less strictly."""
    if trial.is_ordered:
        yield Change(ChangeCode.ANY_ORDER, "", FREE), replace(trial, is_ordered=False)
    if trial.request.stays:
        request = replace(trial.request, stays=False)
        yield Change(ChangeCode.NOT_STAYING, "", FREE), replace(trial, request=request)
    for minutes in LONGER_WAITS:
        if minutes > trial.longest_wait:
            yield Change(ChangeCode.LONGER_WAIT, str(minutes), FREE), replace(trial, longest_wait=minutes)


def _less(catalogue: Catalogue, plan: ChainPlan, trial: _Trial) -> Iterator[tuple[Change, _Trial]]:
    """What was asked for, less strictly."""
    for variant in variants(catalogue, _roles(plan), has_dates=trial.from_at is not None):
        changed = replace(trial, request=variant.applied(trial.request))
        if variant.change.code is ChangeCode.ANY_DATE:
            changed = replace(changed, from_at=None)
        yield variant.change, changed


def _roles(plan: ChainPlan) -> _ChainRoles:
    roles: dict[str, Role] = {}
    for visit in plan.chain.visits:
        for role in visit.roles:
            key = role.key.partition("@")[0]
            roles.setdefault(key, replace(role, key=key))
    for escort in plan.chain.escorts:
        roles[escort.key] = Role(escort.key, escort.candidates, for_cells(1))
    concerns = tuple(concern for visit in plan.visits for concern in visit.concerns)
    return _ChainRoles(plan.request, tuple(roles.values()), concerns, plan.level)


def _chains(
    session: Session, catalogue: Catalogue, trial: _Trial, client_resource_id: int | None, *, now: datetime
) -> list[int]:
    """The starts (minutes) from which there is a chain."""
    try:
        plan = plan_chain(
            catalogue,
            trial.request,
            is_ordered=trial.is_ordered,
            longest_wait=trial.longest_wait,
            client_resource_id=client_resource_id,
        )
    except (ChainLength, NotTogether, UnknownThing):
        return []
    search = ChainSearch(session, catalogue, plan, now=now, from_at=trial.from_at)
    return [search.grid.minute_of(itinerary.starts[0]) for itinerary in search.best()]


def _at_table(
    session: Session, catalogue: Catalogue, trial: _Trial, client_resource_id: int | None, *, now: datetime
) -> Suggestion | None:
    try:
        plan = plan_appointment(catalogue, trial.request)
    except (NotTogether, UnknownThing):
        return None
    starts = find_slots(
        session, catalogue, plan, now=now, from_at=trial.from_at, client_resource_id=client_resource_id
    ).starts
    if not starts:
        return None
    return Suggestion((Change(ChangeCode.TABLE, "", FREE),), trial.request, len(starts), starts[0])


def _rank(suggestion: Suggestion) -> tuple[object, ...]:
    (change,) = suggestion.changes
    order = list(ChangeCode).index(change.code)
    return change.weight, suggestion.first_at, -suggestion.count, order, change.argument
