"""An interpreter sees her own assignments, says yes or no, and never learns who the client is."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from scheduler_app.models import Audience, PartStat
from scheduler_app.models.engine import begin_write
from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment
from tests.support.builders import NOW, Town
from tests.web.interpreter.conftest import Clock
from tests.web.interpreter.towns import book, job_of, sign_in

PAGES = ("/interpreter/", "/interpreter/assignments/{id}", "/interpreter/assignments/{id}/decline")


def test_pages_show_when_where_and_which_language(client: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town)
    for page in PAGES:
        answer = client.get(page.format(id=job_of(appointment).id))
        assert answer.status_code == 200
        for shown in ("Dienstag", "24.11.2026", "09:00", "09:30", "30 Minuten", "Markt 1", "Arabisch"):
            assert shown in answer.text
        assert appointment.number in answer.text


def test_pages_never_show_client_topic_or_agency(client: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town)
    client.post(f"/interpreter/assignments/{job_of(appointment).id}/accept")
    for page in PAGES:
        text = client.get(page.format(id=job_of(appointment).id)).text.lower()
        for secret in ("amal", "haddad", "1520", "titel", ">amt<", "clerk"):
            assert secret not in text


def test_a_new_request_can_be_accepted_once_or_twice(
    client: FlaskClient, session: Session, town: Town
) -> None:
    job = job_of(book(session, town))
    assert "Neue Anfragen (1)" in client.get("/interpreter/").text
    for _ in range(2):
        answer = client.post(f"/interpreter/assignments/{job.id}/accept", follow_redirects=True)
        assert "Sie haben den Einsatz zugesagt" in answer.text
    session.rollback()
    assert job.partstat == PartStat.ACCEPTED
    assert "Neue Anfragen (" not in client.get("/interpreter/").text


def test_a_look_at_the_question_declines_nothing(client: FlaskClient, session: Session, town: Town) -> None:
    job = job_of(book(session, town))
    answer = client.get(f"/interpreter/assignments/{job.id}/decline")
    assert "Wir fragen sofort jemand anderen" in answer.text
    session.rollback()
    assert (job.partstat, job.ended_at) == (PartStat.NEEDS_ACTION, None)


def test_after_a_decline_the_next_one_is_asked(
    client: FlaskClient, second: FlaskClient, session: Session, town: Town
) -> None:
    appointment = book(session, town)
    job = job_of(appointment)
    assert "Zurzeit fragt niemand an" in second.get("/interpreter/").text
    answer = client.post(f"/interpreter/assignments/{job.id}/decline", follow_redirects=True)
    assert "Danke, wir fragen jemand anderen." in answer.text
    assert "Von Ihnen abgesagt" in answer.text
    assert "Neue Anfragen (1)" in second.get("/interpreter/").text
    assert appointment.number in second.get("/interpreter/").text


def test_when_nobody_is_left_she_is_not_told_otherwise(
    client: FlaskClient, second: FlaskClient, session: Session, town: Town
) -> None:
    appointment = book(session, town)
    client.post(f"/interpreter/assignments/{job_of(appointment).id}/decline")
    session.rollback()
    answer = second.post(f"/interpreter/assignments/{job_of(appointment).id}/decline", follow_redirects=True)
    assert "Wir suchen jemand anderen" in answer.text


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_second_thought_is_told_in_words(
    client: FlaskClient, session: Session, town: Town, answer: str
) -> None:
    job = job_of(book(session, town))
    client.post(f"/interpreter/assignments/{job.id}/decline")
    page = client.post(f"/interpreter/assignments/{job.id}/{answer}", follow_redirects=True)
    assert page.status_code == 200
    assert "Diesen Einsatz haben Sie schon abgesagt." in page.text


def test_a_cancelled_appointment_can_not_be_answered(
    client: FlaskClient, session: Session, town: Town
) -> None:
    appointment = book(session, town)
    job = job_of(appointment)
    cancel_appointment(session, catalogue_of(session, town.slug), appointment.id, now=NOW, actor="client")
    assert "Termin abgesagt" in client.get("/interpreter/").text
    page = client.post(f"/interpreter/assignments/{job.id}/accept", follow_redirects=True)
    assert "Dieser Termin wurde abgesagt" in page.text


def test_what_has_begun_can_not_be_declined(
    client: FlaskClient, session: Session, town: Town, clock: Clock
) -> None:
    job = job_of(book(session, town))
    starts_at = job.starts_at
    client.post(f"/interpreter/assignments/{job.id}/accept")
    clock.now = starts_at + timedelta(minutes=1)
    sign_in(client, Audience.INTERPRETER, "first@example.org")  # the day before is over
    page = client.post(f"/interpreter/assignments/{job.id}/decline", follow_redirects=True)
    assert "Dieser Einsatz hat schon begonnen." in page.text
    assert "Doch absagen" not in page.text


def test_past_assignments_stand_below(client: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town)
    assert "Frühere Einsätze" not in client.get("/interpreter/").text
    client.post(f"/interpreter/assignments/{job_of(appointment).id}/accept")
    begin_write(session)
    for row in (appointment, job_of(appointment)):
        row.starts_at -= timedelta(days=7)
        row.ends_at -= timedelta(days=7)
    session.commit()
    page = client.get("/interpreter/").text
    assert page.index("Frühere Einsätze") < page.index(appointment.number)


def test_somebody_elses_assignment_is_not_there(
    client: FlaskClient, second: FlaskClient, foreign: FlaskClient, session: Session, town: Town
) -> None:
    job = job_of(book(session, town))
    for stranger in (second, foreign):
        assert stranger.get(f"/interpreter/assignments/{job.id}").status_code == 404
        assert stranger.get(f"/interpreter/assignments/{job.id}/decline").status_code == 404
        for answer in ("accept", "decline"):
            assert stranger.post(f"/interpreter/assignments/{job.id}/{answer}").status_code == 404
    session.rollback()
    assert (job.partstat, job.ended_at) == (PartStat.NEEDS_ACTION, None)


def test_a_clients_part_is_no_assignment(client: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town)
    others = [p.id for p in appointment.participations if p.role != "interpreter"]
    assert {client.get(f"/interpreter/assignments/{part}").status_code for part in others} == {404}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_answers_need_the_token_of_a_form(
    app: Flask, client: FlaskClient, session: Session, town: Town
) -> None:
    job = job_of(book(session, town))
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post(f"/interpreter/assignments/{job.id}/accept").status_code == 400
    session.rollback()
    assert job.partstat == PartStat.NEEDS_ACTION


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_nobody_enters_without_signing_in(app: Flask) -> None:
    answer = app.test_client().get("/interpreter/assignments/1")
    assert answer.status_code == 302
    assert answer.location == "/interpreter/sign-in?next=/interpreter/assignments/1"
