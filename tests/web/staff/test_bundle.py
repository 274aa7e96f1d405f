"""The planning page's third way: all in the fewest visits, booked with one press."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler_app.models import Appointment, AppointmentStatus
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import catalogue_by_id
from scheduler_app.services.contact import Contact
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import FIRST_SLOT, NOW, add_absence
from tests.support.consistency import mistakes_in
from tests.web.staff.conftest import House

ALL = "planned=1&form=bundle&services=titel&services=finger&services=beratung"


@pytest.fixture
def manager(house: House) -> FlaskClient:
    return house.browser("cm0", "case_manager")


@pytest.fixture
def plan(house: House, manager: FlaskClient) -> str:
    return f"/staff/cases/{house.case().number}/plan?"


def button(page: str) -> str:
    found = re.search(r'name="bundle" value="([^"]+)"', page)
    assert found is not None
    return unescape(found.group(1))


def post(browser: FlaskClient, address: str, value: str) -> tuple[int, str]:
    page = browser.get(address).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    answer = browser.post(
        address, data={"bundle": value, "key": "k" * 22, "csrf_token": token.group(1)}, follow_redirects=True
    )
    return answer.status_code, answer.get_data(as_text=True)


def test_the_fewest_visits_are_shown_with_what_they_save_and_booked(
    house: House, manager: FlaskClient, plan: str
) -> None:
    page = manager.get(plan + ALL).get_data(as_text=True)
    assert "2 Wege und 1 Gespräch weniger" in page
    value = button(page)
    assert len(json.loads(value)["book"]) == 1
    status, after = post(manager, plan + ALL, value)
    assert (status, "Gebucht: Ein Termin" in after) == (200, True)
    house.session.rollback()
    booked = house.session.scalars(select(Appointment)).one()
    assert {concern.service.key for concern in booked.concerns} == {"titel", "finger", "beratung"}
    assert booked.case_id == house.case().id
    assert mistakes_in(house.session) == []


def test_an_appointment_of_the_case_is_taken_along(house: House, manager: FlaskClient, plan: str) -> None:
    of_case = house.case()
    offer = catalogue_by_id(house.session, house.town.municipality_id)
    before = book_appointment(
        house.session,
        offer,
        plan_appointment(offer, SlotRequest(("titel",))),
        FIRST_SLOT + timedelta(days=1),
        Contact(of_case.client.name, of_case.client.phone, "de"),
        now=NOW,
        actor="staff:1",
        case_id=of_case.id,
    ).appointment
    address = plan + "planned=1&form=bundle&services=beratung"
    page = manager.get(address).get_data(as_text=True)
    assert "Ersetzt und sagt ab" in page
    assert before.number in page
    status, _ = post(manager, address, button(page))
    assert status == 200
    house.session.rollback()
    assert house.session.get_one(Appointment, before.id).status == AppointmentStatus.CANCELLED
    (left,) = house.session.scalars(select(Appointment).where(Appointment.status == "confirmed"))
    assert {concern.service.key for concern in left.concerns} == {"titel", "beratung"}


def test_a_second_click_books_nothing_more(house: House, manager: FlaskClient, plan: str) -> None:
    address = plan + "planned=1&form=bundle&services=titel&services=finger"
    value = button(manager.get(address).get_data(as_text=True))
    for _ in range(2):
        status, page = post(manager, address, value)
        assert (status, "Gebucht: Ein Termin" in page) == (200, True)
    house.session.rollback()
    assert len(house.session.scalars(select(Appointment)).all()) == 1


@pytest.mark.parametrize(
    "value", ["null", "{", '{"book": 1}', '{"book": [[1, 2]]}', '{"book": [["x", {}]]}', '{"book": []}']
)
def test_a_tampered_button_books_nothing(house: House, manager: FlaskClient, plan: str, value: str) -> None:
    assert post(manager, plan + ALL, value)[0] == 409
    house.session.rollback()
    assert not house.session.scalars(select(Appointment)).all()


def test_a_plan_that_is_no_longer_offered_is_not_booked(
    house: House, manager: FlaskClient, plan: str
) -> None:
    value = button(manager.get(plan + ALL).get_data(as_text=True))
    for clerk in house.town.clerks:
        add_absence(house.session, house.town, clerk, NOW, FIRST_SLOT + timedelta(days=1))
    house.session.commit()
    status, page = post(manager, plan + ALL, value)
    assert (status, "inzwischen vergeben" in page) == (409, True)
    assert not house.session.scalars(select(Appointment)).all()


def test_too_much_nothing_and_nobody_are_said_in_words(house: House, manager: FlaskClient, plan: str) -> None:
    nothing = manager.get(plan + "planned=1&form=bundle")
    assert (nothing.status_code, "Bitte wählen Sie Anliegen" in nothing.get_data(as_text=True)) == (200, True)
    for adviser in house.town.advisers:
        add_absence(house.session, house.town, adviser, NOW, NOW + timedelta(weeks=9))
    house.session.commit()
    nobody = manager.get(plan + ALL).get_data(as_text=True)
    assert "nicht für alle Anliegen einen Termin" in nobody
