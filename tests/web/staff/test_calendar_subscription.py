"""Subscribing to one's own appointments."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler_app.domain.numbers import token_hash
from scheduler_app.models import Feed
from tests.web.staff.conftest import House


def subscribe(clerk: FlaskClient) -> str:
    page = clerk.post("/staff/calendar/subscribe", follow_redirects=True).text
    shown = re.search(r"http://127\.0\.0\.1:8000/calendars/(\w+)\.ics", page.replace("<wbr>", ""))
    assert shown
    assert "<svg" in page
    assert f"webcal://127.0.0.1:8000/calendars/{shown[1]}.ics" in page
    return shown[1]


def test_the_address_is_shown_once(house: House) -> None:
    clerk = house.browser("clerk0", "clerk")
    assert "Kalender abonnieren" in clerk.get("/staff/calendar").text
    token = subscribe(clerk)
    again = clerk.get("/staff/calendar").text
    assert token not in again.replace("<wbr>", "")
    assert "noch nie" in again
    feed = house.session.scalars(select(Feed)).one()
    assert feed.token_hash == token_hash(token)
    assert feed.resource_id == house.town.clerks[0]


def test_renewing_ends_the_old_address(house: House) -> None:
    clerk = house.browser("clerk0", "clerk")
    old, new = subscribe(clerk), subscribe(clerk)
    feeds = {feed.token_hash: feed.revoked_at for feed in house.session.scalars(select(Feed))}
    assert feeds[token_hash(old)] is not None
    assert feeds[token_hash(new)] is None


def test_revoking_leaves_none(house: House) -> None:
    clerk = house.browser("clerk0", "clerk")
    subscribe(clerk)
    page = clerk.post("/staff/calendar/revoke", follow_redirects=True).text
    assert "Ihr Kalender-Abo ist beendet." in page
    assert "Kalender abonnieren" in page
    assert clerk.get("/staff/calendar/revoke").status_code == 405
