"""Desk after desk over the API: searching, booking what was found, and refusing what nobody would offer."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler_app.models import Appointment, ParticipationRole, db
from tests.support.consistency import mistakes_in
from tests.web.api.described import checked
from tests.web.api.test_booking import appointments, person, post

SLOTS = "/api/v1/moers/services/karte-fingerabdruck/slots"
THREE = {"with": "wohnsitz-anmelden,wohnungssuche", "chain": "1", "language": "ar"}

SEVEN = "karte-abholen,wohnsitz-anmelden,kita-beratung,wohnungssuche,schuluntersuchung,kurs-beratung,titel-verlaengern"


def found(client: FlaskClient, **query: str) -> list[dict[str, Any]]:
    chains: list[dict[str, Any]] = checked(
        client.get(SLOTS, query_string={**THREE, "limit": "20", **query}), 200
    )["chains"]
    return chains


def chain_body(chain: dict[str, Any], number: int = 0, **more: Any) -> dict[str, Any]:
    visits = [{"services": visit["services"], "start": visit["start"]} for visit in chain["visits"]]
    return {"visits": visits, "language": "ar", "client": person(number), **more}


def test_chains_go_from_desk_to_desk_on_one_day(reader: FlaskClient) -> None:
    chains = found(reader)
    assert len(chains) == 20
    for chain in chains:
        assert (chain["start"], chain["end"]) == (chain["visits"][0]["start"], chain["visits"][-1]["end"])
        assert {key for visit in chain["visits"] for key in visit["services"]} == {
            "karte-fingerabdruck", "wohnsitz-anmelden", "wohnungssuche",
        }  # fmt: skip
        for before, visit in pairwise(chain["visits"]):
            wait = datetime.fromisoformat(visit["start"]) - datetime.fromisoformat(before["end"])
            assert timedelta(minutes=visit["way_minutes"]) <= wait


def test_the_order_and_the_waits_can_be_asked_for(reader: FlaskClient) -> None:
    given = found(reader, order="given")
    assert given
    assert {chain["visits"][0]["services"][0] for chain in given} == {"karte-fingerabdruck"}
    for chain in found(reader, longest_wait="0"):
        for before, visit in pairwise(chain["visits"]):
            wait = datetime.fromisoformat(visit["start"]) - datetime.fromisoformat(before["end"])
            assert wait < timedelta(minutes=visit["way_minutes"] + 15)  # starts lie on a grid


def test_times_and_days_hold_for_chains(reader: FlaskClient) -> None:
    for chain in found(reader, weekdays="TH", earliest="08:00", latest="12:00"):
        starts_at = datetime.fromisoformat(chain["start"])
        assert starts_at.weekday() == 3
        ends_at = datetime.fromisoformat(chain["end"])
        assert (starts_at.hour, starts_at.minute) >= (8, 0)
        assert (ends_at.hour, ends_at.minute) <= (12, 0)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"chain": "yes"}, "chain"),
        ({"chain": "0", "stays": "1", "with": "wohnungssuche"}, "stays"),
        ({"order": "random"}, "order"),
        ({"longest_wait": "91"}, "longest_wait"),
        ({"with": ""}, "with"),
        ({"with": "gibt-es-nicht"}, "with"),
        ({"with": ",".join(["wohnungssuche"] * 6)}, "with"),
        ({"with": SEVEN, "chain": "0"}, "with"),
    ],
)
def test_mistakes_name_their_parameter(reader: FlaskClient, query: dict[str, str], parameter: str) -> None:
    answer = checked(reader.get(SLOTS, query_string={**THREE, **query}), 400)
    assert parameter in [error["parameter"] for error in answer["errors"]]


def test_without_a_chain_it_says_which_visit_or_person_is_missing(reader: FlaskClient) -> None:
    answer = checked(reader.get(SLOTS, query_string={**THREE, "language": "zza"}), 200)
    assert (answer["chains"], answer["blocking"]) == ([], [{"role": "interpreter"}])


def test_a_chain_that_was_found_can_be_booked(app: Flask, client: FlaskClient) -> None:
    chain = found(client)[3]
    answer = checked(post(client, chain_body(chain)), 201)
    assert (answer["start"], answer["end"]) == (chain["start"], chain["end"])
    assert [visit["start"] for visit in answer["visits"]] == [visit["start"] for visit in chain["visits"]]
    with app.app_context():
        appointment = db.session.scalars(select(Appointment)).one()
        starts = {c.service.key: c.starts_at for c in appointment.concerns}
        assert len(set(starts.values())) == 3
        interpreters = [p for p in appointment.participations if p.role == ParticipationRole.INTERPRETER]
        assert [(p.starts_at, p.ends_at) for p in interpreters] == [
            (appointment.starts_at, appointment.ends_at)
        ]
        assert mistakes_in(db.session()) == []


def test_the_same_key_books_a_chain_once(app: Flask, client: FlaskClient) -> None:
    body = chain_body(found(client)[0])
    assert checked(post(client, body, "k-1"), 201) == checked(post(client, body, "k-1"), 201)
    assert appointments(app) == 1


def test_who_comes_too_late_gets_other_chains(client: FlaskClient) -> None:
    chain = found(client)[0]
    statuses = [post(client, chain_body(chain, number)).status_code for number in range(5)]
    assert 409 in statuses
    answer = checked(post(client, chain_body(chain, 6)), 409)
    assert answer["type"].endswith("/slot-taken")
    assert chain not in answer["next_chains"]
    checked(post(client, chain_body(answer["next_chains"][0], 6)), 201)


def shifted(text: str, minutes: int) -> str:
    return (datetime.fromisoformat(text) + timedelta(minutes=minutes)).isoformat()


def test_what_nobody_would_offer_is_refused(app: Flask, client: FlaskClient) -> None:
    chain = found(client, order="given")[0]
    for place, minutes in ((1, -15), (1, 5), (0, 15), (2, 24 * 60), (2, 10 * 60), (2, 3 * 60)):
        body = chain_body(chain)
        visit = body["visits"][place]
        visit["start"] = shifted(visit["start"], minutes)
        answer = checked(post(client, body), 400)
        assert [error["pointer"] for error in answer["errors"]] == ["#/visits"], (place, minutes)
    assert appointments(app) == 0


def test_a_long_wait_that_was_asked_for_can_be_booked(client: FlaskClient) -> None:
    chain = max(found(client, longest_wait="90", limit="1000"), key=length_of)
    checked(post(client, chain_body(chain)), 201)


def length_of(chain: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(chain["end"]) - datetime.fromisoformat(chain["start"])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"visits": []}, "#/visits"),
        ({"visits": ["wohnungssuche", "x"]}, "#/visits"),
        ({"visits": [{"service": "wohnungssuche"}, {"service": "x", "start": "2026-11-25T10:00"}]}, "#/visits/0/start"),
        ({"visits": [{"start": "2026-11-25T09:00"}, {"start": "2026-11-25T10:00"}]}, "#/visits/0/service"),
        (
            {"visits": [
                {"service": "wohnungssuche", "start": "2026-11-25T09:00"},
                {"service": "x", "start": "2026-11-25T10:00"},
            ]},
            "#/visits/1/service",
        ),
        ({"visits": [{"service": "x", "start": "2026-11-25T10:00"}] * 7}, "#/visits"),
        ({"visits": [{"services": ["x"] * 7, "start": "2026-11-25T10:00"}] * 2}, "#/visits/0/services"),
        (
            {"visits": [
                {"service": "wohnungssuche", "start": "9999-12-31T23:00Z"},
                {"service": "wohnsitz-anmelden", "start": "9999-12-31T23:45Z"},
            ]},
            "#/visits/1/start",
        ),
        ({"start": "2026-11-25T09:00"}, "#/start"),
        ({"video": "yes"}, "#/video"),
        ({"gender": "x"}, "#/gender"),
    ],
)  # fmt: skip
def test_mistakes_have_their_place(client: FlaskClient, changes: dict[str, Any], pointer: str) -> None:
    two = [
        {"service": "wohnungssuche", "start": "2026-11-25T09:00"},
        {"service": "wohnsitz-anmelden", "start": "2026-11-25T11:00"},
    ]
    answer = checked(post(client, {"visits": two, "language": "de", "client": person(0), **changes}), 400)
    assert pointer in [error["pointer"] for error in answer["errors"]]
