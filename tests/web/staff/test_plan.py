"""A case manager opens a case, plans, books, or sends the link."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scheduler_app.models import Appointment, Case, Invitation, Notification
from tests.support.builders import NOW, add_absence
from tests.web.staff.conftest import House

FORM = {"name": "Olha Kravchuk", "phone": "01520 5550123", "language": "ar", "interpreter_language": "apc"}


@pytest.fixture
def manager(house: House) -> FlaskClient:
    return house.browser("cm0", "case_manager")


def count(house: House, table: type[Appointment] | type[Invitation] | type[Case]) -> int:
    house.session.rollback()
    return house.session.scalar(select(func.count()).select_from(table)) or 0


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_case_is_opened_once(house: House, manager: FlaskClient) -> None:
    assert "Sie haben noch keinen Fall." in manager.get("/staff/cases").text
    answer = manager.post("/staff/cases/new", data=FORM, follow_redirects=True)
    assert "Olha Kravchuk" in answer.text
    assert "Arabisch (Syrien, Libanon, Palästina)" in answer.text
    manager.post("/staff/cases/new", data=FORM)
    assert count(house, Case) == 1
    assert "Olha Kravchuk" in manager.get("/staff/cases").text


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", "", "Bitte geben Sie den Namen ein."),
        ("name", "123", "Bitte geben Sie den Namen ein."),
        ("phone", "12", "Diese Handynummer ist nicht gültig."),
        ("phone", "02841 91234", "Das ist eine Festnetznummer."),
        ("language", "xx", "kern-error"),
        ("interpreter_language", "klingon", "kern-error"),
    ],
)
def test_a_case_that_can_not_be_opened_says_why(
    house: House, manager: FlaskClient, field: str, value: str, text: str
) -> None:
    answer = manager.post("/staff/cases/new", data={**FORM, field: value})
    assert answer.status_code == 422
    assert text in answer.text
    assert count(house, Case) == 0


def test_cases_are_their_case_managers_own(house: House, elsewhere: House, manager: FlaskClient) -> None:
    number = house.case().number
    for other in (house.browser("cm1", "case_manager"), elsewhere.browser("cm0", "case_manager")):
        for path in ("", "/plan"):
            assert other.get(f"/staff/cases/{number}{path}").status_code == 404
        assert other.post(f"/staff/cases/{number}/plan?planned=1&services=titel").status_code == 404
        assert number not in other.get("/staff/cases").text
    clerk = house.browser("clerk0", "clerk")
    assert clerk.get("/staff/cases").status_code == 403


def test_planning_begins_with_herself_and_the_clients_language(house: House, manager: FlaskClient) -> None:
    page = manager.get(f"/staff/cases/{house.case().number}/plan").text
    assert "Ich selbst (Managerin 0)" in page
    assert '<option value="apc" selected>' in page
    assert "Bitte wählen Sie mindestens ein Anliegen." in page


def test_joint_slots_are_booked_once(house: House, manager: FlaskClient) -> None:
    address = (
        f"/staff/cases/{house.case().number}/plan?planned=1&services=titel&services=beratung&language=apc"
    )
    page = manager.get(address).text
    assert "gemeinsame Zeiten, je 75 Minuten" in page
    data = {"key": key_of(page), "slot": "2026-11-25T08:00Z"}
    answer = manager.post(address, data=data, follow_redirects=True)
    assert "Gebucht: Mittwoch, 25.11.2026, 09:00 Uhr." in answer.text
    assert manager.post(address, data=data).status_code == 302
    assert count(house, Appointment) == 1
    other = manager.post(address, data={**data, "slot": "2026-11-26T08:00Z"})
    assert other.status_code == 409
    assert "haben Sie schon einen Termin gebucht" in other.text
    appointment = house.session.scalars(select(Appointment)).one()
    assert appointment.case_id is not None
    assert (appointment.interpreter_language, appointment.interpreter_variety) == ("ara", "apc")


def test_particular_people_take_the_place_of_their_team(house: House, manager: FlaskClient) -> None:
    clerk, manager_resource = house.town.clerks[1], house.members["cm0"]
    address = f"/staff/cases/{house.case().number}/plan?planned=1&services=titel&people={clerk}"
    page = manager.get(address).text
    assert f'<option value="{clerk}" selected>Clerk 1' in page
    manager.post(address, data={"key": key_of(page), "slot": "2026-11-25T08:00Z"})
    house.session.rollback()
    appointment = house.session.scalars(select(Appointment)).one()
    staff = [p.resource_id for p in appointment.participations if p.role == "staff"]
    assert staff == [clerk]
    assert manager_resource not in staff


def test_the_link_is_sent_and_shown_once(house: House, manager: FlaskClient) -> None:
    number = house.case().number
    address = f"/staff/cases/{number}/plan?planned=1&services=titel"
    answer = manager.post(address, data={"key": "k", "invite": "1"}, follow_redirects=True)
    shown = re.sub(r"<wbr>", "", answer.text)
    assert re.search(r"http://127.0.0.1:8000/t/\w{22}", shown)
    assert "Wartet auf Auswahl" in answer.text
    assert "/t/" not in manager.get(f"/staff/cases/{number}").text
    assert count(house, Invitation) == 1
    assert [n.kind for n in house.session.scalars(select(Notification))] == ["invitation"]


def test_the_link_is_taken_back(house: House, manager: FlaskClient) -> None:
    number = house.case().number
    address = f"/staff/cases/{number}/plan?planned=1&services=titel"
    page = manager.post(address, data={"key": "k", "invite": "1"}, follow_redirects=True).text
    link = re.search(r"/t/\w{22}", page.replace("<wbr>", ""))
    taking_back = re.search(r'action="(/staff/cases/[^"]+/withdraw)"', page)
    assert link
    assert taking_back
    house.session.rollback()
    other = house.browser("cm1", "case_manager")
    foreign = house.case("cm1").number
    assert other.post(taking_back[1]).status_code == 404
    assert other.post(taking_back[1].replace(number, foreign)).status_code == 404
    assert manager.get(link[0]).status_code == 200
    page = manager.post(taking_back[1], follow_redirects=True).text
    assert "Die Einladung ist zurückgezogen." in page
    assert "Zurückgezogen" in page
    assert taking_back[1] not in page
    answer = manager.get(f"{link[0]}?lang=de")
    assert answer.status_code == 404
    assert "Dieser Link gilt nicht" in answer.text


def test_a_link_that_was_used_can_not_be_taken_back(house: House, manager: FlaskClient) -> None:
    number = house.case().number
    manager.post(f"/staff/cases/{number}/plan?planned=1&services=titel", data={"key": "k", "invite": "1"})
    house.session.rollback()
    invitation = house.session.scalars(select(Invitation)).one()
    invitation.status = "booked"
    house.session.commit()
    page = manager.get(f"/staff/cases/{number}").text
    assert "Einladung zurückziehen" not in page
    answer = manager.post(
        f"/staff/cases/{number}/invitations/{invitation.id}/withdraw", follow_redirects=True
    )
    assert "Die Klient*in hat schon gebucht." in answer.text


def test_what_is_missing_is_named(house: House, manager: FlaskClient) -> None:
    plan = f"/staff/cases/{house.case().number}/plan?planned=1"
    page = manager.get(f"{plan}&services=titel&services=beratung&minutes=481").text
    assert "Die Länge muss zwischen 5 und 480 Minuten liegen." in page
    for member in house.town.advisers:
        _on_leave(house, member)
    page = manager.get(f"{plan}&services=titel&services=beratung").text
    assert "Keine gemeinsame Zeit gefunden" in page
    assert "Es fehlt: Job: Adviser" in page or "Es fehlt: Adviser 0" in page


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("services=titel&services=finger", "„finger“ geht nicht am gemeinsamen Tisch."),
        ("services=weg", "Ein gewähltes Anliegen gibt es nicht (mehr)."),
        ("services=titel&people=99999", "Eine gewählte Person gibt es nicht (mehr)."),
        ("services=titel&people=abc", "Eine gewählte Person gibt es nicht (mehr)."),
        ("services=titel&room=1x", "Den gewählten Raum gibt es nicht (mehr)."),
        ("services=titel&minutes=-5", "Die Länge muss"),
        ("services=titel&language=xxx", "Diese Sprache ist nicht bekannt."),
        ("services=titel&language=ku", "Diese Sprache ist nicht bekannt."),
        ("services=titel&from=gestern", "Das Datum ist nicht gültig."),
        ("services=titel&from=9999-12-31", "Das Datum ist nicht gültig."),
        ("services=titel&from=2100-01-01", "Keine gemeinsame Zeit gefunden"),
    ],
)
def test_a_choice_that_can_not_be_is_refused_in_words(
    house: House, manager: FlaskClient, query: str, text: str
) -> None:
    address = f"/staff/cases/{house.case().number}/plan?planned=1&{query}"
    answer = manager.get(address)
    assert answer.status_code in (200, 400)
    assert text in answer.text
    if "tl-slot" not in answer.text:
        assert manager.post(address, data={"key": "k", "slot": "2026-11-25T20:00Z"}).status_code in (409, 422)
        assert count(house, Appointment) == 0


def test_a_slot_that_is_gone_is_refused_with_others(house: House, manager: FlaskClient) -> None:
    address = f"/staff/cases/{house.case().number}/plan?planned=1&services=beratung&language="
    data = {"key": "k", "slot": "2026-11-24T08:00Z"}
    house.book("beratung", language="")
    answer = manager.post(address, data=data)
    assert answer.status_code == 409
    assert "Die Person hat zu dieser Zeit schon einen anderen Termin." in answer.text
    assert "tl-slot" in answer.text


def _on_leave(house: House, resource_id: int) -> None:
    add_absence(house.session, house.town, resource_id, NOW, NOW + timedelta(weeks=9))
    house.session.commit()
