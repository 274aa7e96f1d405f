"""The calendar subscription of an interpreter."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.support.builders import Town
from tests.web.interpreter.towns import book

ADDRESS = re.compile(r'href="webcal://[^/"]+(/calendars/[^"]+\.ics)"')


def subscribe(client: FlaskClient) -> str:
    page = client.post("/interpreter/calendar").text
    found = ADDRESS.search(page)
    assert found is not None
    return found[1]


def test_the_address_is_shown_once_and_works(client: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town)
    assert "Kalender-Adresse erstellen" in client.get("/interpreter/calendar").text
    path = subscribe(client)
    assert f"Einsatz {appointment.number}" in client.application.test_client().get(path).text
    page = client.get("/interpreter/calendar").text
    assert path not in page
    assert "Abo beenden" in page


def test_a_new_address_replaces_the_old_one(client: FlaskClient) -> None:
    old, new = subscribe(client), subscribe(client)
    assert old != new
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200


def test_an_ended_subscription_is_gone(client: FlaskClient) -> None:
    path = subscribe(client)
    answer = client.post("/interpreter/calendar/revoke", follow_redirects=True)
    assert "Das Kalender-Abo ist beendet" in answer.text
    assert client.get(path).status_code == 410
