"""The pool's coordinator sees her interpreters' assignments and what nobody does yet."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from scheduler_app.services.answer_assignment import decline_assignment
from tests.support.builders import NOW, Town, add_town, lend_pool
from tests.web.interpreter.towns import book, job_of


def decline(session: Session, town: Town) -> None:
    """One appointment, declined by everybody."""
    appointment = book(session, town)
    for _ in town.interpreters:
        job = job_of(appointment)
        decline_assignment(session, job.id, resource_id=job.resource_id, sequence=job.sequence, now=NOW)
        session.rollback()


def test_assignments_stand_by_day_with_their_state(
    coordinator: FlaskClient, session: Session, town: Town
) -> None:
    appointment = book(session, town)
    page = coordinator.get("/admin/pool").text
    for shown in ("Dienstag", "24.11.2026", "09:00–09:30", "Wartet auf Antwort", appointment.number, "(0)"):
        assert shown in page
    assert "Amal" not in page


def test_what_everybody_declined_is_open(coordinator: FlaskClient, session: Session, town: Town) -> None:
    decline(session, town)
    page = coordinator.get("/admin/pool").text
    assert "niemand dolmetscht (1)" in page
    assert page.count("Abgelehnt") == len(town.interpreters)


def test_another_towns_pool_is_not_shown(
    coordinator: FlaskClient, session: Session, other_town: Town
) -> None:
    appointment = book(session, other_town)
    job = job_of(appointment)
    assert appointment.number not in coordinator.get("/admin/pool").text
    decline_assignment(session, job.id, resource_id=job.resource_id, sequence=job.sequence, now=NOW)
    assert appointment.number not in coordinator.get("/admin/pool").text


def test_a_pool_that_serves_another_town_sees_its_assignments(
    coordinator: FlaskClient, session: Session, town: Town
) -> None:
    borrower = add_town(session, "leihstadt", interpreters=0)
    lend_pool(session, town, borrower)
    book(session, town, number=2)
    appointment = book(session, borrower)
    page = coordinator.get("/admin/pool").text
    assert appointment.number in page
    assert "Leihstadt" in page


def test_other_weeks(coordinator: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town)
    assert appointment.number not in coordinator.get("/admin/pool?from=2026-11-25").text
    assert appointment.number in coordinator.get("/admin/pool?from=2026-11-18").text


@pytest.mark.parametrize("day", ["abc", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_date_that_is_none_is_told(coordinator: FlaskClient, day: str) -> None:
    answer = coordinator.get("/admin/pool", query_string={"from": day})
    assert answer.status_code == 400
    assert "Dieses Datum gibt es nicht" in answer.text


def test_only_a_coordinator_enters(clerk: FlaskClient, admin: FlaskClient) -> None:
    assert clerk.get("/admin/pool").status_code == 403
    assert admin.get("/admin/pool").status_code == 403
