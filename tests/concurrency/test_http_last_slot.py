"""50 clients want the same last slot at once, over HTTP, with several worker processes, on both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler_app.models import Appointment, Claim, Client, Hold, HoldStatus, Notification, Participation
from tests.support.builders import Town, add_town
from tests.support.server import running_server

RIVALS = 50
SERVICES = ["titel", "beratung"]
BUNDLE = 5  # a clerk, an adviser, an interpreter, the room, and the client herself


@dataclass(frozen=True)
class Site:
    """A served town in which every role of the bundle can be filled by one resource only."""

    base_url: str
    town: Town
    session: Session

    @property
    def pages(self) -> str:
        return f"{self.base_url}/{self.town.slug}"

    @property
    def api(self) -> str:
        return f"{self.base_url}/api/v1/{self.town.slug}"


@pytest.fixture
def site(database_url: str, session: Session, tmp_path: Path) -> Iterator[Site]:
    town = add_town(session, clerks=1, advisers=1, interpreters=1, rooms=1)
    with running_server(database_url, tmp_path, workers=3) as base_url:
        yield Site(base_url, town, session)


def test_one_of_fifty_api_clients_gets_the_last_slot(site: Site) -> None:
    start = _first_start(site)

    answers = _at_once(lambda rival: _book(site, start, rival))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * (RIVALS - 1)
    for answer in answers:
        if answer.status_code == 409:
            problem = answer.json()
            assert problem["next_slots"], "the others are shown the next best slots"
            assert all(slot["start"] != start for slot in problem["next_slots"])
    _assert_one_whole_bundle(site.session)


def test_one_of_fifty_browsers_holds_the_last_slot_and_books_it_once(site: Site) -> None:
    start = _first_start(site)
    address = f"{site.pages}/slots?lang=de&interpreter=apc" + "".join(f"&service={key}" for key in SERVICES)

    answers = _at_once(
        lambda _: requests.post(address, data={"start": start}, allow_redirects=False, timeout=60)
    )

    winners = [answer for answer in answers if answer.status_code == 303]
    assert len(winners) == 1
    losers = [answer for answer in answers if answer.status_code == 409]
    assert len(losers) == RIVALS - 1
    assert all('name="start"' in answer.text for answer in losers), "the others are shown the next best slots"
    assert site.session.scalar(select(func.count()).select_from(Hold)) == 1

    hold = site.base_url + winners[0].headers["Location"]
    details = {"name": "Amal Haddad", "phone": "0152 28817386"}
    confirmed = _at_once(lambda _: requests.post(hold, data=details, allow_redirects=False, timeout=60))

    assert {answer.status_code for answer in confirmed} == {303}
    site.session.rollback()
    assert site.session.scalars(select(Hold.status)).all() == [HoldStatus.CONFIRMED]
    _assert_one_whole_bundle(site.session)


def test_the_same_request_fifty_times_books_once(site: Site) -> None:
    start = _first_start(site)

    answers = _at_once(lambda _: _book(site, start, 0, key="pressed many times"))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1, "the same answer, with the same link"
    _assert_one_whole_bundle(site.session)


def _first_start(site: Site) -> str:
    """A start that the whole bundle can have, and that does not become too soon while the rivals line up."""
    from_at = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="seconds")  # noqa: TID251  # the server's
    found = requests.get(
        f"{site.api}/services/{SERVICES[1]}/slots",
        params={"language": "apc", "limit": "1", "from": from_at},
        timeout=60,
    )
    return str(found.json()["slots"][0]["start"])


def _book(site: Site, start: str, rival: int, key: str = "") -> requests.Response:
    body: dict[str, Any] = {
        "services": SERVICES,
        "start": start,
        "language": "ar",
        "interpreter": "apc",
        "client": {"name": f"Rival {'ABCDEFGHIJ'[rival % 10]}{rival}", "phone": f"0152288{17300 + rival}"},
    }
    headers = {"Idempotency-Key": key or f"rival {rival}"}
    return requests.post(f"{site.api}/appointments", json=body, headers=headers, timeout=60)


def _at_once(request: Callable[[int], requests.Response]) -> list[requests.Response]:
    barrier = Barrier(RIVALS)

    def run(rival: int) -> requests.Response:
        barrier.wait()
        return request(rival)

    with ThreadPoolExecutor(RIVALS) as pool:
        return list(pool.map(run, range(RIVALS)))


def _assert_one_whole_bundle(session: Session) -> None:
    """One appointment with all its parts, and nothing else: no half-booked bundle, no message to a loser."""
    session.rollback()
    (appointment,) = session.scalars(select(Appointment)).all()
    claims = session.scalars(select(Claim).order_by(Claim.resource_id, Claim.starts_minute)).all()
    assert len(claims) == BUNDLE
    assert {claim.appointment_id for claim in claims} == {appointment.id}
    assert all(claim.expires_at is None for claim in claims)
    assert not any(a.resource_id == b.resource_id for a, b in pairwise(claims))
    parts = session.scalars(select(Participation).where(Participation.ended_at.is_(None))).all()
    assert {part.resource_id for part in parts} == {claim.resource_id for claim in claims}
    assert session.scalar(select(func.count()).select_from(Client)) == 1
    told = session.scalars(select(Notification.recipient_id)).all()
    assert set(told) <= {part.resource_id for part in parts}
