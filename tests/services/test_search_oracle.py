"""The search over real tables, with every wish and every kind of busy time, against the plain oracle."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from tests.support.oracle import Oracle
from tests.support.random_requests import random_request
from tests.support.scattered import scattered_town

WINTER_TIME = datetime(2026, 10, 19, 9, 3, 20, tzinfo=UTC)  # clocks go back on 25 October
CHRISTMAS = datetime(2026, 12, 17, 7, 52, 30, tzinfo=UTC)
SUMMER_TIME = datetime(2027, 3, 22, 22, 30, tzinfo=UTC)  # clocks go forward on 28 March, Easter Sunday
EARLIER_SUMMER_TIME = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
MOMENTS = (WINTER_TIME, CHRISTMAS, SUMMER_TIME, EARLIER_SUMMER_TIME)
REQUESTS = 25


@pytest.mark.parametrize("seed", range(8))
def test_the_search_offers_what_the_tables_allow_and_nothing_else(session: Session, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # the same every time
    now = MOMENTS[seed % len(MOMENTS)]
    made = scattered_town(session, now, seed, busy=rng.choice((0.4, 1.0)))
    catalogue = catalogue_of(session, made.town.slug)
    found_some = 0
    for _ in range(REQUESTS):
        request = random_request(rng, made)
        client = rng.choice((None, None, made.client))
        lead_time = rng.choice((None, None, timedelta(0), timedelta(hours=2)))
        plan = plan_appointment(catalogue, request)
        found = find_slots(session, catalogue, plan, now=now, client_resource_id=client, lead_time=lead_time)
        expected = Oracle(session, made.town.municipality_id, now).starts_for(
            request, clients=[client] if client else [], lead_time=lead_time
        )
        assert list(found.starts) == expected, (seed, request, client, lead_time)
        found_some += bool(expected)
    assert found_some > REQUESTS / 3, "the test should have something to find"
