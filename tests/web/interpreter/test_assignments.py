"""An interpreter sees her own assignments, says yes or no, and never learns who the client is."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from scheduler_app.models import Audience, PartStat
from scheduler_app.models.engine import begin_write
from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from tests.support.builders import NOW, Town, add_absence
from tests.support.plans import desk_after_desk
from tests.web.interpreter.conftest import Clock
from tests.web.interpreter.towns import book, job_of, sign_in

PAGES = ("/interpreter/", "/interpreter/assignments/{id}", "/interpreter/assignments/{id}/decline")

SEEN = {"sequence": "0"}
"""What the form of an assignment that has not changed yet sends."""


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
    client.post(f"/interpreter/assignments/{job_of(appointment).id}/accept", data=SEEN)
    for page in PAGES:
        text = client.get(page.format(id=job_of(appointment).id)).text.lower()
        for secret in ("amal", "haddad", "1520", "titel", ">amt<", "clerk"):
            assert secret not in text


def test_a_chain_is_one_job_with_all_its_places(client: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town, plan=desk_after_desk)
    page = client.get(f"/interpreter/assignments/{job_of(appointment).id}").text
    assert "Ein Einsatz an 2 Plätzen" in page
    for concern in appointment.concerns:
        for at in (concern.starts_at, concern.ends_at):
            assert f"{at + timedelta(hours=1):%H:%M}" in page
    client.post(f"/interpreter/assignments/{job_of(appointment).id}/accept", data=SEEN)
    assert "danach ein weiterer Platz" in client.get("/interpreter/").text
    for secret in ("finger", "beratung", ">amt<", ">job<"):
        assert secret not in page.lower()


def test_a_new_request_can_be_accepted_once_or_twice(
    client: FlaskClient, session: Session, town: Town
) -> None:
    job = job_of(book(session, town))
    assert "Neue Anfragen (1)" in client.get("/interpreter/").text
    for _ in range(2):
        answer = client.post(f"/interpreter/assignments/{job.id}/accept", data=SEEN, follow_redirects=True)
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
    answer = client.post(f"/interpreter/assignments/{job.id}/decline", data=SEEN, follow_redirects=True)
    assert "Danke, wir fragen jemand anderen." in answer.text
    assert "Von Ihnen abgesagt" in answer.text
    assert "Neue Anfragen (1)" in second.get("/interpreter/").text
    assert appointment.number in second.get("/interpreter/").text


def test_when_nobody_is_left_she_is_not_told_otherwise(
    client: FlaskClient, second: FlaskClient, session: Session, town: Town
) -> None:
    appointment = book(session, town)
    client.post(f"/interpreter/assignments/{job_of(appointment).id}/decline", data=SEEN)
    session.rollback()
    answer = second.post(
        f"/interpreter/assignments/{job_of(appointment).id}/decline", data=SEEN, follow_redirects=True
    )
    assert "Wir suchen jemand anderen" in answer.text


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_second_thought_is_told_in_words(
    client: FlaskClient, session: Session, town: Town, answer: str
) -> None:
    job = job_of(book(session, town))
    client.post(f"/interpreter/assignments/{job.id}/decline", data=SEEN)
    page = client.post(f"/interpreter/assignments/{job.id}/{answer}", data=SEEN, follow_redirects=True)
    assert page.status_code == 200
    assert "Diesen Einsatz haben Sie schon abgesagt." in page.text


def test_a_cancelled_appointment_can_not_be_answered(
    client: FlaskClient, session: Session, town: Town
) -> None:
    appointment = book(session, town)
    job = job_of(appointment)
    cancel_appointment(session, catalogue_of(session, town.slug), appointment.id, now=NOW, actor="client")
    assert "Termin abgesagt" in client.get("/interpreter/").text
    page = client.post(f"/interpreter/assignments/{job.id}/accept", data=SEEN, follow_redirects=True)
    assert "Dieser Termin wurde abgesagt" in page.text


def test_what_has_begun_can_not_be_declined(
    client: FlaskClient, session: Session, town: Town, clock: Clock
) -> None:
    job = job_of(book(session, town))
    starts_at = job.starts_at
    client.post(f"/interpreter/assignments/{job.id}/accept", data=SEEN)
    clock.now = starts_at + timedelta(minutes=1)
    sign_in(client, Audience.INTERPRETER, "first@example.org")  # the day before is over
    page = client.post(f"/interpreter/assignments/{job.id}/decline", data=SEEN, follow_redirects=True)
    assert "Dieser Einsatz hat schon begonnen." in page.text
    assert "Doch absagen" not in page.text


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_time_she_never_saw_is_not_answered(
    client: FlaskClient, session: Session, town: Town, answer: str
) -> None:
    job = job_of(book(session, town))
    address = f"/interpreter/assignments/{job.id}"
    shown = 'name="sequence" value="0"'
    assert shown in client.get("/interpreter/").text
    assert shown in client.get(f"{address}/decline").text
    later = job.starts_at + timedelta(hours=1)
    move_appointment(
        session, catalogue_of(session, town.slug), job.appointment_id, later, now=NOW, actor="client"
    )
    page = client.post(f"{address}/{answer}", data=SEEN, follow_redirects=True).text
    assert "Dieser Einsatz hat sich inzwischen geändert." in page
    assert "10:00" in page
    session.rollback()
    assert (job.partstat, job.ended_at) == (PartStat.NEEDS_ACTION, None)
    client.post(f"{address}/{answer}", data={"sequence": "1"})
    session.rollback()
    assert job.partstat == {"accept": PartStat.ACCEPTED, "decline": PartStat.DECLINED}[answer]


@pytest.mark.parametrize("data", [{}, {"sequence": "x"}, {"sequence": str(2**80)}])
def test_an_answer_to_nothing_is_none(
    client: FlaskClient, session: Session, town: Town, data: dict[str, str]
) -> None:
    job = job_of(book(session, town))
    page = client.post(f"/interpreter/assignments/{job.id}/accept", data=data, follow_redirects=True)
    assert "Bitte prüfen Sie Tag, Zeit und Ort" in page.text
    session.rollback()
    assert job.partstat == PartStat.NEEDS_ACTION


def test_who_is_released_does_not_learn_what_becomes_of_it(
    client: FlaskClient, second: FlaskClient, session: Session, town: Town
) -> None:
    appointment = book(session, town)
    job, later = job_of(appointment), appointment.starts_at + timedelta(hours=1)
    add_absence(session, town, town.interpreters[0], later, later + timedelta(hours=1))
    session.commit()
    catalogue = catalogue_of(session, town.slug)
    move_appointment(session, catalogue, appointment.id, later, now=NOW, actor="client")
    begin_write(session)
    appointment.place = "Ort von heute"
    session.commit()
    for _ in range(2):
        page = client.get(f"/interpreter/assignments/{job.id}").text
        assert "Nicht mehr eingeplant" in page
        assert "09:00" in page
        assert "Markt 1" in page
        for hidden in ("10:00", "Ort von heute", "Termin abgesagt"):
            assert hidden not in page
        cancel_appointment(session, catalogue, appointment.id, now=NOW, actor="client")
    assert "10:00" in second.get("/interpreter/").text


def test_shortly_before_she_is_told_that_nobody_is_asked(
    client: FlaskClient, session: Session, town: Town, clock: Clock
) -> None:
    job = job_of(book(session, town))
    clock.now = job.starts_at - timedelta(hours=1, minutes=59)
    sign_in(client, Audience.INTERPRETER, "first@example.org")
    page = client.get(f"/interpreter/assignments/{job.id}/decline").text
    assert "Bitte rufen Sie auch Ihren Pool an." in page
    assert "sofort jemand anderen" not in page
    answer = client.post(f"/interpreter/assignments/{job.id}/decline", data=SEEN, follow_redirects=True)
    assert "Wir suchen jemand anderen" in answer.text


def test_past_assignments_stand_below(client: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town)
    assert "Frühere Einsätze" not in client.get("/interpreter/").text
    client.post(f"/interpreter/assignments/{job_of(appointment).id}/accept", data=SEEN)
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
            assert stranger.post(f"/interpreter/assignments/{job.id}/{answer}", data=SEEN).status_code == 404
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
    assert client.post(f"/interpreter/assignments/{job.id}/accept", data=SEEN).status_code == 400
    session.rollback()
    assert job.partstat == PartStat.NEEDS_ACTION


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_nobody_enters_without_signing_in(app: Flask) -> None:
    answer = app.test_client().get("/interpreter/assignments/1")
    assert answer.status_code == 302
    assert answer.location == "/interpreter/sign-in?next=/interpreter/assignments/1"
