"""The worklist of appointments that lack an interpreter."""

from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler_app.models import Appointment, Participation
from scheduler_app.services.answer_assignment import decline_assignment
from tests.support.builders import NOW, contact
from tests.web.staff.conftest import House


def leave_without_interpreter(house: House, appointment: Appointment) -> None:
    part = house.session.scalars(
        select(Participation).where(
            Participation.appointment_id == appointment.id, Participation.role == "interpreter"
        )
    ).one()
    assert (
        decline_assignment(
            house.session, part.id, resource_id=part.resource_id, sequence=part.sequence, now=NOW
        )
        is None
    )


def listed(manager: FlaskClient) -> str:
    answer = manager.get("/staff/open-points")
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


def test_nothing_is_open_at_first(house: House) -> None:
    manager = house.browser("cm0", "case_manager")
    house.book("beratung")
    assert "Alle Termine haben die Sprachmittlung" in listed(manager)
    assert "Offene Punkte (0)" in manager.get("/staff/cases").text


def test_own_cases_come_first_and_others_without_topic(house: House) -> None:
    manager = house.browser("cm0", "case_manager")
    foreign = house.book("titel", who=contact(2))
    leave_without_interpreter(house, foreign)
    own = house.book("beratung", case=house.case())
    leave_without_interpreter(house, own)
    page = listed(manager)
    assert 0 < page.index(own.number) < page.index(foreign.number)
    assert "Arabisch" in page
    assert "nicht Ihr Fall" in page
    for hidden in ("titel", "Amal", "Amt"):
        assert hidden not in page
    assert f"/staff/appointments/{foreign.number}" not in page
    assert "Offene Punkte (2)" in manager.get("/staff/cases").text


def test_it_is_not_for_clerks_nor_for_other_municipalities(house: House, elsewhere: House) -> None:
    appointment = house.book("beratung")
    leave_without_interpreter(house, appointment)
    assert house.browser("clerk0", "clerk").get("/staff/open-points").status_code == 403
    other = elsewhere.browser("cm0", "case_manager")
    assert appointment.number not in listed(other)
    assert "Offene Punkte (0)" in other.get("/staff/cases").text


def test_in_the_immigration_office_the_list_ends_with_its_own(house: House) -> None:
    """Whatever roles an account has: that somebody is at the Jobcenter is none of its business."""
    own = house.book("titel")
    leave_without_interpreter(house, own)
    for who in (2, 3):
        foreign = house.book("beratung", who=contact(who))
        leave_without_interpreter(house, foreign)
        clerk = house.browser(f"clerk{who - 2}", "clerk", "case_manager")
        page = listed(clerk)
        assert own.number in page
        assert f"/staff/appointments/{own.number}" in page
        assert foreign.number not in page
        assert "Offene Punkte (1)" in clerk.get("/staff/diary").text
