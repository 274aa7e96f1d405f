"""The diary: one's own and the agency's."""

import pytest
from sqlalchemy import event

from scheduler_app.models import db
from tests.support.builders import FIRST_SLOT as FIRST
from tests.support.builders import add_absence, contact
from tests.web.staff.conftest import House


def test_home_is_the_diary(house: House) -> None:
    assert house.browser("clerk0", "clerk").get("/staff/").headers["Location"] == "/staff/diary"


@pytest.mark.parametrize("view", ["day", "week"])
def test_own_appointments_stand_in_the_diary(house: House, view: str) -> None:
    joint = house.book("titel", "beratung")
    adviser = house.browser("adviser0", "clerk")
    page = adviser.get(f"/staff/diary?view={view}&day={FIRST.date()}").text
    assert joint.number in page
    assert "Sprachmittlung angefragt" in page
    assert "beratung" in page
    assert "titel" not in page.partition("<main")[2]
    assert "Amal" not in page


def test_a_day_without_appointments_is_empty(house: House) -> None:
    house.book("titel")
    page = house.browser("clerk0", "clerk").get("/staff/diary?view=day&day=2026-11-30").text
    assert "Nichts eingetragen" in page


def test_cancelled_ones_are_left_out(house: House) -> None:
    clerk = house.browser("clerk0", "clerk")
    adviser = house.browser("adviser0", "clerk")
    number = house.book("beratung").number
    assert adviser.post(f"/staff/appointments/{number}/cancel").status_code == 302
    assert number not in adviser.get(f"/staff/diary?day={FIRST.date()}").text
    assert number not in clerk.get(f"/staff/diary?day={FIRST.date()}").text


def test_absences_are_shown(house: House) -> None:
    add_absence(house.session, house.town, house.town.clerks[0], FIRST, FIRST.replace(hour=12))
    house.session.commit()
    assert "Abwesend" in house.browser("clerk0", "clerk").get(f"/staff/diary?day={FIRST.date()}").text


def test_the_agency_diary_shows_people_to_its_lead_only(house: House) -> None:
    number = house.book("titel").number
    address = f"/staff/diary?scope=agency&day={FIRST.date()}"
    clerk, lead = house.browser("clerk1", "clerk"), house.browser("clerk0", "clerk", "team_lead")
    assert number in clerk.get(address).text
    assert "Clerk 0" not in clerk.get(address).text
    assert "Clerk 0" in lead.get(address).text.partition("<main")[2]


def test_the_agency_diary_is_not_for_administrators(house: House) -> None:
    admin = house.browser("cm1", "municipal_admin")
    assert admin.get("/staff/diary?scope=agency").status_code == 403
    page = admin.get("/staff/diary").text
    assert "Meine Stelle" not in page
    assert 'href="/admin/"' in page


@pytest.mark.parametrize(
    "query", ["day=2026-02-30", "day=gestern", "view=year", "scope=everybody", "day=0001-01-01"]
)
def test_what_can_not_be_shown_is_said(house: House, query: str) -> None:
    answer = house.browser("clerk0", "clerk").get(f"/staff/diary?{query}")
    assert answer.status_code == 400
    assert "kern-alert--warning" in answer.text


def test_another_municipality_sees_nothing(house: House, elsewhere: House) -> None:
    number = house.book("titel").number
    page = elsewhere.browser("clerk0", "clerk", "team_lead").get(
        f"/staff/diary?scope=agency&day={FIRST.date()}"
    )
    assert page.status_code == 200
    assert number not in page.text


def test_the_number_of_queries_does_not_grow(house: House) -> None:
    lead = house.browser("clerk0", "clerk", "team_lead")
    counted: list[int] = []
    for number, service in enumerate(("titel", "finger", "titel")):
        house.book(service, language="", who=contact(number))
        statements: list[str] = []
        with house.app.app_context():
            engine = db.engine

        def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
            statements.append(statement)  # noqa: B023  # removed before the next round

        event.listen(engine, "before_cursor_execute", note)
        lead.get(f"/staff/diary?scope=agency&day={FIRST.date()}")
        event.remove(engine, "before_cursor_execute", note)
        counted.append(len(statements))
    assert counted[1] == counted[2]
    assert counted[2] <= 12
