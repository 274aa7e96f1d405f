"""Chains over real tables: against every order and every wait with the plain oracle, and against booking them."""

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
    session: Session,
    catalogue: Catalogue,
    plan: ChainPlan,
    longest_wait: int,
    now: datetime,
    *,
    is_ordered: bool,
) -> dict[datetime, int]:
    """By start, how long the soonest chain lasts: every order and every wait tried as an arranged request."""
    way, grid = ways(catalogue), catalogue.start_every_minutes
    oracle = Oracle(session, catalogue.municipality_id, now)
    soonest: dict[datetime, int] = {}
    numbers = range(len(plan.visits))
    for order in [tuple(numbers)] if is_ordered else permutations(numbers):
        visits = [plan.visits[number] for number in order]
        gaps = []
        for one, other in pairwise(visits):
            least = -(-one.minutes // 5) * 5 + way(one.place_id, other.place_id)
            gaps.append([m for m in range(0, 480, grid) if least <= m <= least + longest_wait])
        for chosen in product(*gaps):
            offsets = [sum(chosen[:number]) for number in range(len(visits))]
            request = plan.request.arranged(order, offsets, [visit.minutes for visit in visits])
            lasts = offsets[-1] + visits[-1].minutes
            for start in oracle.starts_for(request):
                over = start + timedelta(minutes=lasts - 1)
                if start.astimezone(BERLIN).date() == over.astimezone(BERLIN).date():
                    soonest[start] = min(soonest.get(start, lasts), lasts)
    return soonest


def lasts(chain: FoundChain) -> int:
    return (chain.ends_at - chain.starts_at) // timedelta(minutes=1)


@pytest.mark.parametrize("seed", range(6))
def test_from_each_start_the_chain_that_is_over_soonest(session: Session, seed: int) -> None:
    rng, now = random.Random(seed), MOMENTS[seed % 2]  # noqa: S311  # the same every time
    made = scattered_town(session, now, seed, busy=0.5)
    catalogue = catalogue_of(session, made.town.slug)
    found_some = 0
    for number in range(4):
        visits = 3 if number == 3 and catalogue.start_every_minutes >= 15 else 2
        request, longest_wait = random_chain(rng, made, visits), rng.choice((0, 15, 40))
        is_ordered = visits == 3 or rng.random() < 0.3
        plan = plan_chain(catalogue, request, is_ordered=is_ordered, longest_wait=longest_wait)
        found = find_chains(session, catalogue, plan, now=now).chains
        expected = by_hand(session, catalogue, plan, longest_wait, now, is_ordered=is_ordered)
        assert {c.starts_at: lasts(c) for c in found} == expected, (seed, request, longest_wait, is_ordered)
        found_some += bool(found)
    assert found_some, "the test should have something to find"


@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_can_be_booked_moved_and_cancelled(session: Session, seed: int) -> None:
    rng, now = random.Random(seed), MOMENTS[seed % 2]  # noqa: S311  # the same every time
    made = scattered_town(session, now, seed, busy=0.4)
    catalogue = catalogue_of(session, made.town.slug)
    before, booked = mistakes_in(session), 0
    for number in range(6):
        plan = plan_chain(catalogue, random_chain(rng, made, rng.choice((2, 3, 4))))
        chains = find_chains(session, catalogue, plan, now=now).chains
        for chain in rng.sample(chains, min(2, len(chains))):
            again = plan_appointment(catalogue, chain.request)
            offered = find_slots(session, catalogue, again, now=now).starts
            assert chain.starts_at in offered, (seed, chain.request)
            appointment = book_appointment(
                session, catalogue, again, chain.starts_at, contact(number), now=now, actor="api"
            ).appointment
            booked += 1
            assert mistakes_in(session) == before, (seed, chain.request)
            times = {(c.starts_at, c.ends_at) for c in appointment.concerns}
            assert times == {(visit.starts_at, visit.ends_at) for visit in chain.visits}
            elsewhere = find_slots(
                session, catalogue, again, now=now, without_appointment=appointment.id,
                client_resource_id=appointment.client.resource_id,
            ).starts  # fmt: skip
            assert set(offered) == set(elsewhere), "what it takes itself does not count"
            move_appointment(
                session, catalogue, appointment.id, rng.choice(elsewhere), now=now, actor="client"
            )
            assert mistakes_in(session) == before, (seed, chain.request)
            cancel_appointment(session, catalogue, appointment.id, now=now, actor="client")
            assert find_slots(session, catalogue, again, now=now).starts == offered
    assert booked


CHAIN = SlotRequest(("titel", "beratung"))


def test_every_visit_ends_by_the_latest_time_that_was_wished(session: Session, catalogue: Catalogue) -> None:
    """Also the longer one, if it comes last."""
    request = SlotRequest(("titel", "beratung"), earliest=9 * 60, latest=12 * 60, weekdays=(1, 3))
    plan = plan_chain(catalogue, request, is_ordered=True)
    chains = find_chains(session, catalogue, plan, now=NOW).chains
    assert chains
    for chain in chains:
        first, last = chain.starts_at.astimezone(BERLIN), chain.ends_at.astimezone(BERLIN)
        assert first.hour >= 9
        assert last.hour * 60 + last.minute <= 12 * 60, chain
        assert first.weekday() in {1, 3}
        again = plan_appointment(catalogue, chain.request)
        assert chain.starts_at in find_slots(session, catalogue, again, now=NOW).starts


def test_the_first_chains_are_a_prefix_of_all(session: Session, catalogue: Catalogue) -> None:
    plan = plan_chain(catalogue, CHAIN)
    everything = find_chains(session, catalogue, plan, now=NOW).chains
    assert find_chains(session, catalogue, plan, now=NOW, limit=3).chains == everything[:3]
    first, last = everything[4].starts_at, everything[9].starts_at
    some = find_chains(session, catalogue, plan, now=NOW, from_at=first, until_at=last).chains
    assert some[0] == everything[4]
    assert all(chain in everything[4:9] for chain in some)


def test_without_any_chain_whoever_prevents_it_is_named(
    session: Session, town: Town, catalogue: Catalogue
) -> None:
    plan = plan_chain(catalogue, SlotRequest(("titel", "beratung"), "ukr"))
    found = find_chains(session, catalogue, plan, now=NOW)
    assert (found.chains, found.blocking) == ((), ("interpreter",))


@pytest.mark.parametrize("visits", [1, 7])
def test_a_chain_of_one_or_of_too_many_is_refused(catalogue: Catalogue, visits: int) -> None:
    with pytest.raises(ChainLength):
        plan_chain(catalogue, SlotRequest(("titel",) * visits))


def test_what_can_not_share_a_table_is_not_one_visit(catalogue: Catalogue) -> None:
    with pytest.raises(NotTogether):
        plan_chain(catalogue, SlotRequest(("titel", "finger", "beratung"), groups=(0, 0, 1)))
