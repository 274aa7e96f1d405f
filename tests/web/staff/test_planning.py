"""The planning page: its address holds everything, each line can be dropped, and what would help is one press away."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from scheduler_app.models import Appointment, Invitation, Service
from scheduler_app.services.catalogue import catalogue_by_id
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.staff.planning.picked import CHAIN, Picked
from scheduler_app.web.staff.planning.read_picked import read_picked
from tests.support.builders import NOW, add_absence, raise_catalogue_version
from tests.web.staff.conftest import House

JOINT = "planned=1&services=titel&services=beratung&language=apc"
IN_TURN = "planned=1&form=chain&services=titel&services=finger&services=beratung&language=apc"
WEDNESDAY = "Mittwoch, 25.11.2026: wer ist wann frei?"


@pytest.fixture
def manager(house: House) -> FlaskClient:
    return house.browser("cm0", "case_manager")


@pytest.fixture
def plan(house: House, manager: FlaskClient) -> str:
    return f"/staff/cases/{house.case().number}/plan?"


def text_of(page: str) -> str:
    """The words of a page, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))


def leave(house: House, *resources: int) -> None:
    for resource in resources:
        add_absence(house.session, house.town, resource, NOW, NOW + timedelta(weeks=9))
    house.session.commit()


def test_what_was_picked_is_in_the_address(house: House) -> None:
    town = house.town
    request = SlotRequest(
        services=("titel", "beratung"),
        language="ara",
        variety="apc",
        people=(town.clerks[0], town.advisers[0]),
        room=town.rooms[0],
        minutes=90,
        level="sworn",
        gender="female",
        is_gender_must=True,
        by_video=True,
        not_these=(town.interpreters[0],),
        seats=4,
        step_free=True,
        without=(town.role("clerk"),),
        optional=("room",),
        weekdays=(0, 4),
        earliest=9 * 60 + 30,
        latest=24 * 60,
        stays=True,
    )
    picked = Picked(request, CHAIN, date(2026, 12, 1), date(2026, 12, 2), is_ordered=True, longest_wait=0)
    offer = catalogue_by_id(house.session, town.municipality_id)
    query = MultiDict(
        (k, str(v)) for k, vs in picked.to_query().items() for v in (vs if isinstance(vs, list) else [vs])
    )
    read = read_picked(query, offer, language="", person=0)
    assert read.mistakes == ()
    assert replace(read, typed={}) == picked


def test_each_line_says_what_there_would_be_without_it(house: House, manager: FlaskClient, plan: str) -> None:
    role = house.town.role("clerk")
    page = manager.get(plan + JOINT).text
    here = int(re.search(r"(\d+) gemeinsame Zeiten", page)[1])  # type: ignore[index]
    without = re.findall(r"ohne: (\d+) statt (\d+)", page)
    assert {int(now) for _, now in without} <= {here}
    page = manager.get(f"{plan}{JOINT}&role.{role}=without").text
    assert re.search(rf'name="role\.{role}" value="without" checked', page)
    assert manager.get(f"{plan}{JOINT}&role.{role}=optional").status_code == 200


def test_what_would_help_is_applied_by_its_link(house: House, manager: FlaskClient, plan: str) -> None:
    leave(house, *house.town.rooms)
    page = manager.get(plan + JOINT).text
    assert "Es fehlt: Raum" in page
    words = text_of(page)
    assert "Nacheinander an einem Tag: " in words
    assert "In zwei Terminen: „titel“: " in words
    found = re.search(
        r'<a class="kern-link" href="([^"]+)"[^>]*><span>Ohne Raum</span></a>.*?und (\d+) weitere', page
    )
    assert found
    page = manager.get(unescape(found[1])).text
    assert f"{int(found[2]) + 1} gemeinsame Zeiten" in page


def test_the_day_shows_who_is_free_and_when_but_not_why(
    house: House, manager: FlaskClient, plan: str
) -> None:
    booked = house.book("titel", language="")
    page = manager.get(f"{plan}{JOINT}&day=2026-11-25").text
    words = text_of(page)
    assert WEDNESDAY in words
    assert "Adviser 0 frei 8:00–16:00 Uhr" in words
    assert booked.number not in page
    assert "&amp;day=2026-11-24" in page
    assert "&amp;day=2026-11-26" in page
    picture = page[page.index('id="day"') :]
    assert "Clerk 0" not in picture  # of the Ausländerbehörde only that somebody is free
    assert re.search(r'name="slot" value="2026-11-25T07:00Z"', picture)


def test_wishes_narrow_the_search(house: House, manager: FlaskClient, plan: str) -> None:
    page = manager.get(f"{plan}{JOINT}&weekdays=2&earliest=13:00&latest=15:00").text
    starts = set(re.findall(r'name="slot" value="([^"]+)"', page))
    assert starts
    assert {start.partition("T")[0] for start in starts} <= {"2026-11-25", "2026-12-02"}
    assert all("T12:00Z" <= start[10:] <= "T12:45Z" for start in starts)
    page = manager.get(f"{plan}{JOINT}&gender=female&gender_must=1").text
    assert "Nicht nur mit einer Frau als Sprachmittlung" in page


@pytest.mark.parametrize(
    ("query", "text", "kept"),
    [
        ("earliest=mittags", "Bitte geben Sie die Uhrzeit so ein: 9:30", 'value="mittags"'),
        ("earliest=14:00&latest=9:00", "muss nach der Zeit „von“ liegen", 'value="14:00"'),
        ("seats=viele", "Die Plätze müssen zwischen 1 und 500 liegen.", 'value="viele"'),
        ("minutes=abc", "Die Länge muss", 'value="abc"'),
        ("longest_wait=-1&form=chain", "Die Wartezeit muss", 'value="-1"'),
        ("weekdays=9", "Diesen Wochentag gibt es nicht.", ""),
        ("level=best", "Diese Stufe gibt es nicht.", ""),
        ("gender=x", "Diese Angabe zum Geschlecht gibt es nicht.", ""),
        ("form=zirkus", "Diese Art zu planen gibt es nicht.", ""),
        ("not_these=77777", "Eine Person, die nicht kommen soll, gibt es nicht (mehr).", ""),
        ("role.room=vielleicht", "Bitte wählen Sie: nötig, wenn möglich oder ohne.", ""),
        ("day=morgen", "Das Datum ist nicht gültig.", ""),
    ],
)
def test_a_mistake_is_said_and_nothing_is_lost(
    manager: FlaskClient, plan: str, query: str, text: str, kept: str
) -> None:
    answer = manager.get(f"{plan}{JOINT}&{query}")
    assert answer.status_code == 400
    assert text in answer.text
    assert kept in answer.text
    assert 'value="titel" id="service-titel" checked' in answer.text


def test_wishes_for_a_role_go_with_its_service(house: House, manager: FlaskClient, plan: str) -> None:
    gone = f"planned=1&services=beratung&role.{house.town.role('clerk')}=without&role.nobody=optional"
    assert manager.get(plan + gone).status_code == 200
    last = f"planned=1&services=beratung&role.{house.town.role('adviser')}=without&language="
    assert "So ist niemand mehr dabei." in manager.get(plan + last).text


def test_a_room_can_be_asked_for_and_more_people_added(house: House, manager: FlaskClient, plan: str) -> None:
    one = "planned=1&services=beratung&language="
    assert re.search(r'name="role\.room" value="" checked', manager.get(plan + one).text)
    page = manager.get(f"{plan}{one}&role.room=needed&people={house.town.clerks[0]}").text
    assert "Wünsche zum Raum" in page
    assert "Clerk 0" in page
    leave(house, *house.town.rooms)
    assert "Es fehlt: Raum" in manager.get(f"{plan}{one}&role.room=needed").text


def test_desk_after_desk_is_offered_and_booked(house: House, manager: FlaskClient, plan: str) -> None:
    page = manager.get(plan + IN_TURN).text
    values = [unescape(value) for value in re.findall(r'name="chain" value="([^"]+)"', page)]
    assert values
    assert len({json.loads(value)["start"] for value in values}) == len(values)
    data = {"key": "one", "chain": values[0]}
    assert "Gebucht:" in manager.post(plan + IN_TURN, data=data, follow_redirects=True).text
    again = manager.post(plan + IN_TURN, data=data)
    house.session.rollback()
    appointment = house.session.scalars(select(Appointment)).one()
    assert len({concern.starts_at for concern in appointment.concerns}) == 3
    assert SlotRequest.from_json(appointment.request).is_chain
    assert (again.status_code, appointment.number in again.headers["Location"]) == (302, True)
    other = manager.post(plan + IN_TURN, data={"key": "one", "chain": values[-1]})
    assert (other.status_code, "haben Sie schon einen Termin gebucht" in other.text) == (409, True)


def test_wishes_for_the_one_table_do_not_hinder_desk_after_desk(
    house: House, manager: FlaskClient, plan: str
) -> None:
    both = "planned=1&services=titel&services=beratung&role.room=without&minutes=90"
    assert 'name="slot"' in manager.get(plan + both).text
    page = manager.get(f"{plan}{both}&form=chain").text
    assert "So ist niemand mehr dabei" not in page
    found = re.search(r'name="chain" value="([^"]+)"', page)
    assert found
    answer = manager.post(f"{plan}{both}&form=chain", data={"key": "k", "chain": unescape(found[1])})
    assert answer.status_code == 302


def test_too_many_at_once_is_said_in_words(house: House, manager: FlaskClient, plan: str) -> None:
    known = house.session.scalars(select(Service).where(Service.key == "titel")).one()
    columns = {c.key: getattr(known, c.key) for c in Service.__table__.columns if c.key != "id"}
    house.session.add_all(Service(**{**columns, "key": f"mehr{number}"}) for number in range(6))
    raise_catalogue_version(house.session, house.town)
    house.session.commit()
    seven = "planned=1&services=titel&" + "&".join(f"services=mehr{number}" for number in range(6))
    assert "Auf einmal gehen höchstens 6 Anliegen" in manager.get(plan + seven).text
    assert "Nacheinander geht mit zwei bis 6" in manager.get(f"{plan}{seven}&form=chain").text


def test_only_chains_that_are_offered_can_be_booked(house: House, manager: FlaskClient, plan: str) -> None:
    page = manager.get(plan + IN_TURN).text
    found = re.search(r'name="chain" value="([^"]+)"', page)
    assert found
    value = json.loads(unescape(found[1]))
    value["request"]["lengths"] = [5, 5, 5]
    for wrong in (json.dumps(value, sort_keys=True), "{}", "keins", "[1"):
        assert manager.post(plan + IN_TURN, data={"key": "k", "chain": wrong}).status_code == 409
    assert manager.post(plan + IN_TURN, data={"key": "k"}).status_code == 302
    house.session.rollback()
    assert house.session.scalars(select(Appointment)).all() == []


def test_a_chain_is_offered_to_the_client(house: House, manager: FlaskClient, plan: str) -> None:
    page = manager.get(plan + IN_TURN).text
    found = re.search(r'name="invite_chain" value="([^"]+)"', page)
    assert found
    data = {"key": "k", "invite_chain": unescape(found[1])}
    assert manager.post(plan + IN_TURN, data=data).status_code == 302
    house.session.rollback()
    invitation = house.session.scalars(select(Invitation)).one()
    assert SlotRequest.from_json(invitation.request).is_chain


def test_a_chain_that_can_not_be_says_why(house: House, manager: FlaskClient, plan: str) -> None:
    assert "Nacheinander geht mit zwei bis" in manager.get(f"{plan}planned=1&form=chain&services=titel").text
    leave(house, *house.town.interpreters)
    page = manager.get(plan + IN_TURN).text
    helpful = re.search(r'href="([^"]+)"[^>]*><span>Ohne Sprachmittlung Arabisch', page)
    assert helpful
    assert 'name="chain"' in manager.get(unescape(helpful[1])).text
    assert "Kein Ablauf an einem Tag gefunden" in page
    assert "Ohne eines davon ginge es: Sprachmittlung Arabisch" in page
