"""Booking through the API: once, all of it, and with errors that say what to do."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from notifications.fictional_numbers import FICTIONAL_MOBILES
from scheduler_app.domain.numbers import token_hash
from scheduler_app.models import Appointment, Client, IdempotencyKey, Notification, db
from tests.web.api.described import checked

ADDRESS = "/api/v1/moers/appointments"
START = "2026-11-25T10:00:00+01:00"


def booking(**changes: Any) -> dict[str, Any]:
    client = {"name": "Yasmin Al-Halabi", "phone": FICTIONAL_MOBILES[0]}
    wanted = {"service": "kita-beratung", "start": START, "language": "ar", "client": client}
    return {name: value for name, value in {**wanted, **changes}.items() if value is not None}


def person(number: int) -> dict[str, str]:
    return {"name": f"Person {'ABCDEFGH'[number]}", "phone": FICTIONAL_MOBILES[number]}


def post(client: FlaskClient, body: Any, key: str = "") -> Any:
    return client.post(ADDRESS, json=body, headers={"Idempotency-Key": key} if key else {})


def appointments(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Appointment)) or 0


def test_a_slot_is_booked_with_its_interpreter_and_the_messages(app: Flask, client: FlaskClient) -> None:
    response = post(client, booking())
    answer = checked(response, 201)
    assert (answer["start"], answer["end"]) == (START, "2026-11-25T10:45:00+01:00")
    assert answer["number"].startswith("KIM-")
    assert response.headers["Location"] == answer["manage_url"]
    with app.app_context():
        appointment = db.session.scalars(select(Appointment)).one()
        assert appointment.interpreter_language == "ara"
        kinds = set(db.session.scalars(select(Notification.kind)))
    assert kinds == {"confirmation", "reminder", "interpreter-assigned"}


def test_a_speaker_of_a_variety_is_written_to_in_its_language(app: Flask, client: FlaskClient) -> None:
    checked(post(client, booking(language="apc")), 201)
    with app.app_context():
        known = db.session.scalars(select(Client)).one()
        assert (known.language, known.interpreter_language) == ("ar", "apc")


def test_a_joint_appointment(client: FlaskClient) -> None:
    slots = client.get("/api/v1/moers/services/kita-beratung/slots?with=kurs-beratung&language=uk&limit=1")
    slot = slots.get_json()["slots"][0]
    body = booking(
        service=None, services=["kita-beratung", "kurs-beratung"], language="uk", start=slot["start"]
    )
    answer = checked(post(client, body), 201)
    assert {name: answer[name] for name in slot} == slot


def test_the_same_key_gives_the_same_answer_and_books_once(app: Flask, client: FlaskClient) -> None:
    first = post(client, booking(), "6f1c1e0a")
    again = post(client, booking(), "6f1c1e0a")
    assert checked(first, 201) == checked(again, 201)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert appointments(app) == 1


def test_a_key_with_another_body_is_refused(app: Flask, client: FlaskClient) -> None:
    checked(post(client, booking(), "6f1c1e0a"), 201)
    answer = checked(post(client, booking(client=person(1)), "6f1c1e0a"), 422)
    assert answer["type"].endswith("/idempotency-key-reused")
    assert appointments(app) == 1


def test_who_comes_too_late_gets_other_slots(app: Flask, client: FlaskClient) -> None:
    """Two people give this advice, so the third is one too many."""
    for number in (1, 2):
        checked(post(client, booking(language="de", client=person(number))), 201)
    answer = checked(post(client, booking(language="de", client=person(3))), 409)
    assert answer["type"].endswith("/slot-taken")
    assert answer["next_slots"]
    assert START not in [slot["start"] for slot in answer["next_slots"]]
    booked = checked(
        post(client, booking(language="de", client=person(3), start=answer["next_slots"][0]["start"])), 201
    )
    assert booked["start"] == answer["next_slots"][0]["start"]
    assert appointments(app) == 3


def test_who_is_busy_is_answered_as_who_comes_too_late(client: FlaskClient) -> None:
    """Name and number are not verified: the answer must not tell that she has an appointment."""
    checked(post(client, booking()), 201)
    checked(post(client, booking(service="wohnungssuche", start="2026-11-26T10:00:00+01:00")), 201)
    answer = checked(post(client, booking(service="kurs-beratung", start="2026-11-26T10:15:00+01:00")), 409)
    assert set(answer) == {"type", "title", "status", "detail", "next_slots"}
    assert answer["type"].endswith("/slot-taken")
    starts = [slot["start"] for slot in answer["next_slots"]]
    assert len(starts) == 6
    assert "2026-11-26T10:15:00+01:00" not in starts
    assert "2026-11-26T10:00:00+01:00" in starts  # she is busy then, others are not


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"service": "gibt-es-nicht"}, "#/service"),
        ({"service": "jugendhilfe-minderjaehrige"}, "#/service"),
        ({"service": 7}, "#/service"),
        ({"service": None}, "#/service"),
        ({"services": ["kita-beratung"]}, "#/service"),
        ({"service": None, "services": []}, "#/services"),
        ({"service": None, "services": ["kita-beratung", "schuluntersuchung"]}, "#/services"),
        ({"start": None}, "#/start"),
        ({"start": "2026-11-25"}, "#/start"),
        ({"start": "2026-11-25T10:05:00+01:00"}, "#/start"),
        ({"start": "2026-11-23T10:00:00+01:00"}, "#/start"),
        ({"start": "2027-11-23T10:00:00+01:00"}, "#/start"),
        ({"start": "9999-12-31T23:59:59-14:00"}, "#/start"),
        ({"language": "xx"}, "#/language"),
        ({"language": None}, "#/language"),
        ({"interpreter": "immer"}, "#/interpreter"),
        ({"client": None}, "#/client"),
        ({"client": {"name": " ", "phone": FICTIONAL_MOBILES[0]}}, "#/client/name"),
        ({"client": {"name": "Yasmin", "phone": "110"}}, "#/client/phone"),
        ({"client": {"name": "Yasmin", "phone": None}}, "#/client/phone"),
        ({"client": {**person(0), "email": "y@example.org"}}, "#/client/email"),
        ({"note": "bitte leise"}, "#/note"),
    ],
)
def test_mistakes_are_named_with_their_place(
    shared_app: Flask, reader: FlaskClient, changes: dict[str, Any], pointer: str
) -> None:
    answer = checked(post(reader, booking(**changes)), 400)
    assert [error["pointer"] for error in answer["errors"]] == [pointer]
    assert appointments(shared_app) == 0


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "[" * 100_000])
def test_a_body_that_is_no_object(reader: FlaskClient, body: str) -> None:
    checked(reader.post(ADDRESS, data=body, content_type="application/json"), 400)


def test_a_key_that_nobody_can_have_meant(reader: FlaskClient) -> None:
    answer = checked(post(reader, booking(), "k" * 256), 400)
    assert answer["errors"][0]["parameter"] == "Idempotency-Key"


def test_the_apis_keys_are_a_name_space_of_their_own(app: Flask, client: FlaskClient) -> None:
    """Else a stranger could take the key of somebody's invitation."""
    checked(post(client, booking(), "invitation:1"), 201)
    with app.app_context():
        assert db.session.scalars(select(IdempotencyKey.key_hash)).all() == [token_hash("api:invitation:1")]
