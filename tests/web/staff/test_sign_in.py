"""Signing in and out."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler_app.models import Account
from scheduler_app.services.sign_in import set_password
from scheduler_app.web.sign_in_page import is_local_path
from tests.web.staff.conftest import House

PASSWORD = "richtig langes Passwort"


@pytest.fixture
def client(app: Flask, house: House) -> FlaskClient:
    account = house.session.get_one(Account, house.account("clerk0", "clerk"))
    set_password(house.session, account, PASSWORD)
    house.session.commit()
    return app.test_client()


def post(client: FlaskClient, password: str, address: str = "/staff/sign-in") -> tuple[int, str, str]:
    answer = client.post(address, data={"email": "Clerk0@lotsenau.example ", "password": password})
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def test_who_is_not_signed_in_is_led_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/staff/diary?view=day")
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert address.startswith("/staff/sign-in?next=")
    assert post(client, PASSWORD, address)[:2] == (302, "/staff/diary?view=day")
    assert client.get("/staff/diary?view=day").status_code == 200
    assert client.get("/staff/sign-in").headers["Location"] == "/staff/diary"


def test_a_wrong_password_is_refused_in_words(client: FlaskClient) -> None:
    status, _, text = post(client, "falsch")
    assert status == 422
    assert "E-Mail-Adresse oder Passwort stimmt nicht." in text
    assert "falsch" not in text
    assert client.get("/staff/diary").status_code == 302


def test_nothing_entered_is_named(client: FlaskClient) -> None:
    answer = client.post("/staff/sign-in", data={})
    assert answer.status_code == 422
    assert "Bitte geben Sie Ihre E-Mail-Adresse ein." in answer.text


def test_tries_are_limited(client: FlaskClient) -> None:
    for _ in range(5):
        post(client, "falsch")
    status, _, text = post(client, PASSWORD)
    assert status == 429
    assert "warten Sie 15 Minuten" in text


def test_signing_out_ends_the_session(client: FlaskClient) -> None:
    post(client, PASSWORD)
    answer = client.post("/staff/sign-out", follow_redirects=True)
    assert "Sie sind abgemeldet." in answer.text
    assert client.get("/staff/diary").status_code == 302
    assert client.get("/staff/sign-out").status_code == 405


def test_forms_need_their_token(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert post(client, PASSWORD)[0] == 400
    page = client.get("/staff/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    data = {"email": "clerk0@lotsenau.example", "password": PASSWORD, "csrf_token": token[1]}
    assert client.post("/staff/sign-in", data=data).status_code == 302
    assert client.post("/staff/sign-out").status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "https://boese.example/",
        "//boese.example",
        "/\\boese.example",
        "/\t/boese.example",
        "boese",
        "",
        "javascript:1",
    ],
)
def test_sign_in_never_leads_away(client: FlaskClient, target: str) -> None:
    assert not is_local_path(target)
    answer = client.post(
        "/staff/sign-in",
        query_string={"next": target},
        data={"email": "clerk0@lotsenau.example", "password": PASSWORD},
    )
    assert answer.headers["Location"] == "/staff/diary"
