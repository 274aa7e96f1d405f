"""One appointment: each sees her part, and who may changes it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from scheduler_app.models import Appointment, AppointmentStatus, Municipality, Resource, Service, StaffMember
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import catalogue_by_id
from tests.support.builders import FIRST_SLOT, NOW
from tests.support.plans import desk_after_desk
from tests.web.staff.conftest import CLIENT, House

CALL = "Bitte wenden Sie sich an das Case Management"


def content(client: FlaskClient, number: str) -> str:
    answer = client.get(f"/staff/appointments/{number}")
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


def test_the_jobcenter_sees_its_part_and_that_others_are_there(house: House) -> None:
    page = content(house.browser("adviser0", "clerk"), house.book("titel", "beratung").number)
    assert CLIENT.name in page
    assert CLIENT.phone in page
    assert "beratung" in page
    assert "Adviser 0" in page
    assert "Weitere Beteiligte: belegt" in page
    assert CALL in page
    assert "+492841777" in page
    for hidden in ("titel", "Amt", "Clerk", "Arabisch", "Interpreter i0"):
        assert hidden not in page


def test_the_immigration_office_sees_no_sign_of_others(house: House) -> None:
    clerk = house.browser("clerk0", "clerk", "team_lead")
    joint = content(clerk, house.book("titel", "beratung").number)
    assert "titel" in joint
    for hidden in ("beratung", "Job", "Adviser", "Beteiligte", "Fall"):
        assert hidden not in joint
    assert CALL in joint


def test_the_immigration_office_is_told_the_same_when_it_is_alone(house: House) -> None:
    clerk = house.browser("clerk0", "clerk")
    number = house.book("titel").number
    assert CALL in content(clerk, number)
    assert clerk.get(f"/staff/appointments/{number}/move").status_code == 403
    assert clerk.post(f"/staff/appointments/{number}/cancel").status_code == 403


def test_the_case_manager_sees_all_parts(house: House) -> None:
    manager = house.browser("cm0", "case_manager")
    page = content(manager, house.book("titel", "beratung", case=house.case()).number)
    for shown in (
        "titel",
        "beratung",
        "Adviser 0",
        "Clerk 0",
        "Interpreter i0",
        "Wartet auf Antwort",
        "Arabisch",
    ):
        assert shown in page


def test_the_pool_sees_the_language_and_not_the_client(house: House) -> None:
    house.session.add(_pool_member(house))
    house.session.commit()
    page = content(house.browser("pool0", "pool_coordinator"), house.book("beratung").number)
    assert "Arabisch" in page
    assert "Interpreter i0" in page
    for hidden in ("Amal", CLIENT.phone, "beratung", "Adviser", CALL):
        assert hidden not in page


@pytest.mark.parametrize(
    ("key", "role"), [("adviser0", "clerk"), ("cm1", "case_manager"), ("clerk1", "municipal_admin")]
)
def test_who_has_no_part_in_it_does_not_find_it(house: House, key: str, role: str) -> None:
    browser = house.browser(key, role)
    number = house.book("titel").number
    for path in ("", "/move", "/cancel"):
        assert browser.get(f"/staff/appointments/{number}{path}").status_code == 404
    assert browser.post(f"/staff/appointments/{number}/cancel").status_code == 404


def test_another_municipality_does_not_find_it(house: House, elsewhere: House) -> None:
    browser = elsewhere.browser("adviser0", "clerk", "case_manager", "team_lead")
    number = house.book("beratung").number
    assert browser.get(f"/staff/appointments/{number}").status_code == 404
    assert browser.post(f"/staff/appointments/{number}/cancel").status_code == 404


def test_the_only_agency_cancels(house: House) -> None:
    adviser = house.browser("adviser0", "clerk")
    appointment = house.book("beratung")
    assert "Termin absagen" in adviser.get(f"/staff/appointments/{appointment.number}/cancel").text
    answer = adviser.post(f"/staff/appointments/{appointment.number}/cancel", follow_redirects=True)
    assert "Der Termin ist abgesagt." in answer.text
    house.session.rollback()
    assert appointment.status == AppointmentStatus.CANCELLED
    again = adviser.post(f"/staff/appointments/{appointment.number}/cancel", follow_redirects=True)
    assert "kann nicht mehr geändert werden" in again.text


def test_looking_at_the_questions_changes_nothing(house: House) -> None:
    adviser = house.browser("adviser0", "clerk")
    appointment = house.book("beratung")
    adviser.get(f"/staff/appointments/{appointment.number}/cancel")
    adviser.get(f"/staff/appointments/{appointment.number}/move")
    house.session.rollback()
    assert (appointment.status, appointment.sequence) == (AppointmentStatus.CONFIRMED, 0)


def test_the_case_manager_moves_for_everybody(house: House) -> None:
    manager = house.browser("cm0", "case_manager")
    appointment = house.book("titel", "beratung", case=house.case())
    address = f"/staff/appointments/{appointment.number}/move"
    assert 'value="2026-11-25T08:00Z"' in manager.get(address + "?from=2026-11-25").text
    answer = manager.post(address, data={"slot": "2026-11-25T08:00Z"}, follow_redirects=True)
    assert "verschoben auf Mittwoch, 25.11.2026, 09:00 Uhr" in answer.text
    house.session.rollback()
    assert house.session.get_one(Appointment, appointment.id).sequence == 1


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("", "Bitte wählen Sie eine Zeit."),
        ("morgen", "Bitte wählen Sie eine Zeit."),
        ("2026-11-25T08:00", "Bitte wählen Sie eine Zeit."),
        ("0001-01-01T00:00:00+14:00", "Bitte wählen Sie eine Zeit."),
        ("9999-12-31T23:59:59-14:00", "Bitte wählen Sie eine Zeit."),
        (NOW.isoformat(), "Zu dieser Zeit kann nicht gebucht werden."),
        ("2026-11-25T20:00Z", "inzwischen vergeben"),
    ],
)
def test_a_time_that_can_not_be_is_refused_in_words(house: House, slot: str, text: str) -> None:
    adviser = house.browser("adviser0", "clerk")
    appointment = house.book("beratung")
    answer = adviser.post(f"/staff/appointments/{appointment.number}/move", data={"slot": slot})
    assert answer.status_code == 409
    assert text in answer.text
    assert "tl-slot" in answer.text


@pytest.mark.parametrize(
    ("change", "words"),
    [({"is_joint": False}, "nicht mehr gemeinsam stattfinden"), ({"is_active": False}, "gibt es nicht mehr")],
)
def test_what_is_no_longer_offered_is_not_moved_but_told_in_words(
    house: House, change: dict[str, bool], words: str
) -> None:
    manager = house.browser("cm0", "case_manager")
    appointment = house.book("titel", "beratung", case=house.case())
    house.session.execute(update(Service).where(Service.key == "beratung").values(**change))
    house.session.execute(update(Municipality).values(catalogue_version=Municipality.catalogue_version + 1))
    house.session.commit()
    address = f"/staff/appointments/{appointment.number}/move"
    assert words in manager.get(address, follow_redirects=True).text
    answer = manager.post(address, data={"slot": "2026-11-25T08:00Z"}, follow_redirects=True)
    assert answer.status_code == 200
    assert words in answer.text
    house.session.rollback()
    assert house.session.get_one(Appointment, appointment.id).sequence == 0


def _pool_member(house: House) -> StaffMember:
    agency_id = house.town.agencies["pool"]
    municipality_id = house.town.municipality_id
    resource = Resource(municipality_id=municipality_id, kind="staff", agency_id=agency_id, changed_at=NOW)
    house.session.add(resource)
    house.session.flush()
    return StaffMember(
        municipality_id=municipality_id,
        resource_id=resource.id,
        agency_id=agency_id,
        key="pool0",
        name="Koordinatorin",
        desk="",
    )


def book_chain(house: House) -> Appointment:
    """Finger prints at 9, then advice at the job center; of a case of cm0, who has an account already."""
    catalogue = catalogue_by_id(house.session, house.town.municipality_id)
    case_id = house.case().id
    return book_appointment(
        house.session,
        catalogue,
        desk_after_desk(catalogue),
        FIRST_SLOT,
        CLIENT,
        now=NOW,
        actor="api",
        case_id=case_id,
    ).appointment


def test_of_a_chain_each_agency_sees_its_own_visit(house: House) -> None:
    cm = house.browser("cm0", "case_manager")
    number = book_chain(house).number
    clerk = content(house.browser("clerk0", "clerk"), number)
    assert "09:00" in clerk
    assert "finger" in clerk
    for hidden in ("beratung", "09:45", "10:45", "10:30", "Nacheinander", "Beteiligte"):
        assert hidden not in clerk
    adviser = content(house.browser("adviser0", "clerk"), number)
    assert "09:45" in adviser
    for hidden in ("finger", "09:00", "Nacheinander"):
        assert hidden not in adviser
    manager = content(cm, number)
    for shown in ("Nacheinander an 2 Plätzen", "finger", "beratung", "09:00", "09:45", "Clerk", "Adviser 0"):
        assert shown in manager


def test_a_chain_is_moved_and_cancelled_as_a_whole(house: House) -> None:
    manager = house.browser("cm0", "case_manager")
    number = book_chain(house).number
    page = manager.get(f"/staff/appointments/{number}/move").text
    assert "Alle 2 Termine des Tages verschieben sich zusammen." in page
    assert (
        "Damit sind alle 2 Termine des Tages abgesagt."
        in manager.get(f"/staff/appointments/{number}/cancel").text
    )
