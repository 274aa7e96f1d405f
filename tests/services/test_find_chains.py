"""Chains over real tables: against trying every order and every wait with the plain oracle, and against booking them."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations, product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import ChainLength, NotTogether
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.find_chains import FoundChain, find_chains
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import ChainPlan, plan_chain
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.services.ways import ways
from tests.support.builders import NOW, Town, contact
from tests.support.consistency import mistakes_in
from tests.support.oracle import Oracle
from tests.support.random_requests import random_chain
from tests.support.scattered import scattered_town

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = (datetime(2026, 10, 19, 9, 3, 20, tzinfo=UTC), datetime(2027, 3, 22, 8, 0, tzinfo=UTC))


def by_hand(
    session: Session, catalogue: Catalogue, plan: ChainPlan, longest_wait: int, now: datetime, *, is_ordered: bool
) -> dict[datetime, datetime]:
    """By start, when the soonest chain is over: every order and every wait tried as an arranged request."""
    way, grid = ways(catalogue), catalogue.start_every_minutes
    oracle = Oracle(session, catalogue.municipality_id, now)
    soonest: dict[datetime, datetime] = {}
    numbers = range(len(plan.visits))
    for order in [tuple(numbers)] if is_ordered else permutations(numbers):
        visits = [plan.visits[number] for number in order]
        gaps = []
        for one, other in pairwise(visits):
            least = one.minutes_of_cells + way(one.place_id, other.place_id)
            gaps.append([m for m in range(0, 480, grid) if least <= m <= least + longest_wait])
        for chosen in product(*gaps):
            offsets = [sum(chosen[:number]) for number in range(len(visits))]
            request = plan.request.arranged(order, offsets, [visit.minutes for visit in visits])
            lasts = timedelta(minutes=offsets[-1] + visits[-1].minutes)
            for start in oracle.starts_for(request):
                if start.astimezone(BERLIN).date() == (start + lasts).astimezone(BERLIN).date():
                    soonest[start] = min(soonest.get(start, start + lasts), start + lasts)
    return soonest
