"""Whether the arrangement of a chain that somebody sends back is one that we would offer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from scheduler_app.domain.chain import MOST_VISITS
from scheduler_app.domain.errors import NotOffered
from scheduler_app.domain.free_time import CELL_MINUTES, cells_for
from scheduler_app.domain.opening_hours import DAY_MINUTES
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import LONGEST_MINUTES, MOST_SERVICES, Plan, visit_minutes
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.services.ways import way_cells


def read_arrangement(data: Mapping[str, Any]) -> SlotRequest:
    """The services, visits and times of a request that was sent back as JSON; nothing else in it is looked at.

    Raises ValueError for what can be no arrangement: more than six services or visits, a visit that is shorter than
    five minutes or longer than eight hours, or one that begins more than a day after the first.
    """
    try:
        services, groups, offsets, lengths = (
            tuple(data.get(name, ())) for name in ("services", "groups", "offsets", "lengths")
        )
    except (TypeError, AttributeError) as error:
        raise ValueError("no arrangement") from error
    numbers = (*groups, *offsets, *lengths)
    if not (
        1 <= len(services) <= MOST_SERVICES
        and all(isinstance(service, str) for service in services)
        and max(len(offsets), len(lengths)) <= MOST_VISITS
        and len(groups) in (0, len(services))
        and all(type(number) is int for number in numbers)
        and sorted(set(groups)) == list(range(len(set(groups))))
        and all(0 <= offset < DAY_MINUTES for offset in offsets)
        and all(CELL_MINUTES <= length <= LONGEST_MINUTES for length in lengths)
    ):
        raise ValueError("no arrangement")
    return SlotRequest(services, groups=groups, offsets=offsets, lengths=lengths)


def arranged_as(asked: SlotRequest, sent: SlotRequest) -> SlotRequest | None:
    """What was asked for, with its visits in the order and at the times of ``sent``; None if those are other visits."""
    left = list(enumerate(asked.by_visit))
    order = []
    for services in sent.by_visit:
        found = next(((place, visit) for place, visit in left if visit == services), None)
        if found is None:
            return None
        left.remove(found)
        order.append(found[0])
    if left or not len(order) == len(sent.offsets) == len(sent.lengths):
        return None
    return asked.arranged(order, sent.offsets, sent.lengths)


def refuse_unworkable_chain(
    catalogue: Catalogue, plan: Plan, starts_at: datetime, *, longest_wait: int | None = None
) -> None:
    """Raises NotOffered for a chain that leaves too little time for a visit or for the way to the next one, that does
    not begin on the grid or lie within one local day, or with more than ``longest_wait`` minutes beyond a way.

    Who is free is not looked at: that is settled when it is claimed.
    """
    way = way_cells(catalogue)
    if plan.visits[0].offset:
        raise NotOffered
    for visit in plan.visits:
        needed = visit_minutes(catalogue, visit.concerns, is_interpreted=bool(plan.level))
        if visit.offset % catalogue.start_every_minutes or visit.minutes != needed:
            raise NotOffered
    for before, visit in pairwise(plan.visits):
        gap = visit.offset // CELL_MINUTES - before.offset // CELL_MINUTES - cells_for(before.minutes)
        wait = (gap - way(before.place_id, visit.place_id)) * CELL_MINUTES
        if wait < 0 or (longest_wait is not None and wait > longest_wait):
            raise NotOffered
    zone = ZoneInfo(catalogue.timezone)
    days = {
        moment.astimezone(zone).date()
        for moment in (starts_at, starts_at + timedelta(minutes=plan.minutes - 1))
    }
    if len(days) > 1:
        raise NotOffered
