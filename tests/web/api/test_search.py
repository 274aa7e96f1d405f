"""What there is to book, and when."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from scheduler_app.models import db
from tests.web.api.described import checked

SLOTS = "/api/v1/moers/services/kita-beratung/slots"


def test_services_are_those_that_clients_may_book(reader: FlaskClient) -> None:
    answer = checked(reader.get("/api/v1/moers/services"), 200)
    services = {service["key"]: service for service in answer["services"]}
    assert services["kita-beratung"]["interpreter"] is True
    assert services["kita-beratung"]["name"]["uk"]
    assert "jugendhilfe-minderjaehrige" not in services  # staff only
    assert {"ara", "apc", "ukr"} <= set(answer["municipality"]["interpreted_languages"])


def test_slots_have_local_times_and_an_interpreter_of_the_clients_language(reader: FlaskClient) -> None:
    german = checked(reader.get(SLOTS, query_string={"language": "de", "limit": 3}), 200)
    arabic = checked(reader.get(SLOTS, query_string={"language": "ar", "limit": 3}), 200)
    assert (german["interpreter"], german["minutes"]) == (None, 30)
    assert (arabic["interpreter"], arabic["language"], arabic["minutes"]) == ("ara", "ar", 45)
    assert len(german["slots"]) == len(arabic["slots"]) == 3
    assert german["slots"][0] == {"start": "2026-11-24T08:00:00+01:00", "end": "2026-11-24T08:30:00+01:00"}


@pytest.mark.parametrize(
    ("query", "interpreter"),
    [
        ({}, None),
        ({"language": "apc"}, "apc"),
        ({"language": "de-AT"}, None),
        ({"language": "ar", "interpreter": "none"}, None),
        ({"language": "bg", "interpreter": "tr"}, "tur"),
        ({"interpreter": "uk"}, "ukr"),
    ],
)
def test_who_interprets(reader: FlaskClient, query: dict[str, str], interpreter: str | None) -> None:
    answer = checked(reader.get(SLOTS, query_string={**query, "limit": 1}), 200)
    assert answer["interpreter"] == interpreter
    assert answer["slots"]


def test_several_services_at_one_table(reader: FlaskClient) -> None:
    query = {"with": "kurs-beratung,wohnungssuche", "language": "ar", "limit": 2}
    answer = checked(reader.get(SLOTS, query_string=query), 200)
    assert answer["services"] == ["kita-beratung", "kurs-beratung", "wohnungssuche"]
    assert answer["slots"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01T00:00:00+01:00", "2026-12-02T00:00:00+01:00"),
        ("2026-12-01T00:00", "2026-12-01T23:59"),
        ("2026-11-30T23:00:00Z", "2026-12-01T23:00:00Z"),
    ],
)
def test_days_and_moments_bound_the_search(reader: FlaskClient, first: str, last: str) -> None:
    answer = checked(reader.get(SLOTS, query_string={"from": first, "to": last}), 200)
    starts = [datetime.fromisoformat(slot["start"]) for slot in answer["slots"]]
    assert starts
    assert starts == sorted(starts)
    assert {start.date().isoformat() for start in starts} == {"2026-12-01"}


def test_a_plus_that_was_not_encoded_is_understood(reader: FlaskClient) -> None:
    address = f"{SLOTS}?from=2026-12-01T10:00:00+01:00&to=2026-12-01&limit=1"
    answer = checked(reader.get(address), 200)
    assert answer["slots"][0]["start"] == "2026-12-01T10:00:00+01:00"


def test_without_slots_it_says_what_is_missing(reader: FlaskClient) -> None:
    query = {"language": "zza", "from": "2026-12-01", "to": "2026-12-20"}
    answer = checked(reader.get(SLOTS, query_string=query), 200)
    assert answer["slots"] == []
    assert answer["blocking"] == [{"role": "interpreter"}]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("language", "xx"),
        ("language", "ku"),
        ("interpreter", "yes"),
        ("from", "morgen"),
        ("from", "2026-02-30"),
        ("from", "0001-01-01T00:00:00+14:00"),
        ("to", "9999-12-31"),
        ("to", "20261201"),
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "-1"),
        ("limit", "٣"),
        ("limit", "9" * 5000),
        ("with", "gibt-es-nicht"),
        ("with", "karte-fingerabdruck"),
        ("lang", "ar"),
        ("gender", "weiblich"),
        ("video", "ja"),
        ("step_free", "2"),
        ("weekdays", "MO,XX"),
        ("earliest", "8 Uhr"),
        ("latest", "24:01"),
        ("stays", "1"),
    ],
)
def test_what_can_not_be_read_is_a_400_that_names_the_parameter(
    reader: FlaskClient, parameter: str, value: str
) -> None:
    answer = checked(reader.get(SLOTS, query_string={parameter: value}), 400)
    assert [error["parameter"] for error in answer["errors"]] == [parameter]


def test_all_mistakes_are_told_at_once(reader: FlaskClient) -> None:
    query = {"from": "2026-12-02", "to": "2026-12-01", "language": "xx"}
    answer = checked(reader.get(SLOTS, query_string=query), 400)
    assert {error["parameter"] for error in answer["errors"]} == {"to", "language"}


def test_wishes_narrow_the_search(reader: FlaskClient) -> None:
    def starts(**query: str) -> list[datetime]:
        answer = checked(reader.get(SLOTS, query_string={"language": "ar", "limit": "1000", **query}), 200)
        return [datetime.fromisoformat(slot["start"]) for slot in answer["slots"]]

    every = starts()
    assert {start.weekday() for start in starts(weekdays="mo,We")} == {0, 2}
    mornings = starts(earliest="08:30", latest="12:00")
    assert mornings == [s for s in every if (8, 30) <= (s.hour, s.minute) <= (11, 15)]
    for wish in ({"gender": "female"}, {"video": "1"}, {"step_free": "1"}):
        assert starts(**wish)
    assert set(starts(gender="female")) <= set(every)


def test_without_slots_it_says_what_would_help(reader: FlaskClient) -> None:
    query = {"language": "ar", "from": "2026-12-05", "to": "2026-12-06", "latest": "12:00"}
    short = checked(reader.get(SLOTS, query_string=query), 200)
    assert (short["slots"], short["blocking"]) == ([], [{"role": "time"}])
    assert "would_help" not in short
    answer = checked(reader.get(SLOTS, query_string={**query, "why": "1"}), 200)
    assert answer["slots"] == []
    assert answer["blocking"] == [{"role": "time"}]
    helps = {tuple(one["changes"]): one for one in answer["would_help"]}
    assert helps["any-date",]["count"] > 100
    assert helps["any-date",]["first"].startswith("2026-11-24T")


def test_a_search_takes_two_queries(shared_app: Flask, reader: FlaskClient) -> None:
    """The catalogue's version, and the sum of the versions of everybody's time."""
    reader.get(SLOTS, query_string={"language": "ar"})
    statements: list[str] = []
    with shared_app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    checked(reader.get(SLOTS, query_string={"language": "uk"}), 200)
    asked = [text for text in statements if not text.startswith("BEGIN")]
    assert len(asked) == 2, asked
