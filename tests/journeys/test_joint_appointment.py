"""Two agencies, an interpreter and a room at one table: each agency sees its own part, and its calendar follows."""

import pytest
import requests
from icalendar import Calendar, Event
from playwright.sync_api import Page, expect

from tests.journeys.case_work import (
    CASE_MANAGER,
    Newcomer,
    book,
    choose_room,
    open_case,
    plan,
    searched,
    slots,
)
from tests.journeys.conftest import SignIn
from tests.support.look import look
from tests.support.words import service_names

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]

IMMIGRATION, JOBCENTER = "Ausländerbehörde Moers", "Jobcenter Kreis Wesel"
CONCERNS = ((IMMIGRATION, "titel-verlaengern"), (JOBCENTER, "jobcenter-erstgespraech"))
CLERKS = {
    IMMIGRATION: ("Kemal Yılmaz", "kemal.yilmaz@moers.example"),
    JOBCENTER: ("Aylin Demir", "aylin.demir@jobcenter-wesel.example"),
}
TEAMS = ((f"{IMMIGRATION}: Aufenthaltstitel", "Kemal Yılmaz"), (f"{JOBCENTER}: Leistung", "Aylin Demir"))
ROOM = "Familienzimmer"
CLIENT = Newcomer("Rojda Demirtaş", "0171 3920010", "tr", "kmr")


def test_each_agency_sees_its_own_part_and_its_calendar_follows(sign_in: SignIn) -> None:
    manager = sign_in("staff", CASE_MANAGER)
    open_case(manager, CLIENT)
    plan(manager, CONCERNS, TEAMS)
    choose_room(manager, ROOM)
    day = (slots(manager).nth(3).get_attribute("value") or "").partition("T")[0]
    number = book(manager, slots(manager).nth(3))
    for shown in (IMMIGRATION, JOBCENTER, "Kemal Yılmaz", "Aylin Demir", ROOM):
        expect(manager.locator("main")).to_contain_text(shown)

    see_only_own_part(sign_in("staff", CLERKS[IMMIGRATION][1]), number, day, IMMIGRATION)
    clerk = sign_in("staff", CLERKS[JOBCENTER][1])
    see_only_own_part(clerk, number, day, JOBCENTER)
    follow_the_calendar(manager, Subscription(subscribe(clerk)), number)


def test_what_is_missing_is_helped_and_desk_after_desk_is_booked(sign_in: SignIn) -> None:
    manager = sign_in("staff", CASE_MANAGER)
    open_case(manager, Newcomer("Hatice Aksoy", "0171 3920011", "tr", "tur"))
    plan(manager, CONCERNS)
    manager.get_by_text("Wünsche zum Raum").click()
    with searched(manager):
        manager.get_by_label("Plätze mindestens").fill("400")
        manager.get_by_label("Plätze mindestens").blur()
    expect(manager.locator("#slots")).to_contain_text("Es fehlt: Raum")
    look(manager)
    with searched(manager):
        manager.get_by_role("link", name="In einem Raum mit weniger Plätzen").click()
    expect(slots(manager).first).to_be_visible()
    manager.get_by_text("zur Auswahl").first.click()
    look(manager)
    with searched(manager):
        manager.get_by_role("link", name="Nacheinander an einem Tag").click()
    look(manager)
    book(manager, manager.get_by_role("button", name="Buchen").nth(2))
    for agency, service in CONCERNS:
        expect(manager.locator("main")).to_contain_text(agency)
        expect(manager.locator("main")).to_contain_text(service_names("de")[service])


def see_only_own_part(page: Page, number: str, day: str, own: str) -> None:
    """Week, day, agency and the appointment itself: nothing of the other agency on any of them."""
    page.get_by_text("Anderer Tag").click()
    page.get_by_label("Tag", exact=True).fill(day)
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.locator(".tl-entry", has_text=number)).to_contain_text(own_service(own))
    check_source(page, own)
    for view in ("Tag", "Meine Stelle"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.get_by_role("link", name=view, exact=True)).to_have_attribute("aria-current", "true")
        expect(page.locator("main")).to_contain_text(number)
        check_source(page, own)
    page.get_by_role("link", name=number).click()
    for shown in (number, own_service(own), CLIENT.name):
        expect(page.locator("main")).to_contain_text(shown)
    check_source(page, own)


def check_source(page: Page, own: str) -> None:
    look(page)
    source = page.content()
    for agency, service in CONCERNS:
        if agency != own:
            for secret in (agency, service_names("de")[service], CLERKS[agency][0]):
                assert secret not in source, page.url
    if own == IMMIGRATION:
        for hint in ("Weitere Beteiligte", "Miriam Hoffmann"):
            assert hint not in source, page.url


def own_service(agency: str) -> str:
    return service_names("de")[dict(CONCERNS)[agency]]


def subscribe(page: Page) -> str:
    """The secret address of the clerk's calendar, as her page shows it once."""
    page.get_by_role("link", name="Kalender-Abo").click()
    look(page)
    page.get_by_role("button", name="Kalender abonnieren").click()
    look(page)
    return page.locator("#feed-address").inner_text().strip()


class Subscription:
    """A calendar program that asks politely: only for what it has not yet."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._etag = ""

    def fetch(self) -> list[Event] | None:
        """The events; None if nothing has changed."""
        answer = requests.get(self._address, headers={"If-None-Match": self._etag}, timeout=20)
        if answer.status_code == requests.codes.not_modified:
            return None
        assert answer.status_code == requests.codes.ok, answer.text
        self._etag = answer.headers["ETag"]
        return list(Calendar.from_ical(answer.content).events)


def follow_the_calendar(manager: Page, calendar: Subscription, number: str) -> None:
    event = the_event(calendar, number)
    assert calendar.fetch() is None

    manager.get_by_role("link", name="Verschieben").click()
    look(manager)
    manager.locator("button[name=slot]").last.click()
    expect(manager.get_by_role("link", name="Verschieben")).to_be_visible()
    look(manager)
    moved = the_event(calendar, number)
    assert moved.uid == event.uid
    assert moved.start > event.start
    assert moved.sequence > event.sequence
    assert calendar.fetch() is None

    manager.get_by_role("link", name="Absagen").click()
    look(manager)
    manager.get_by_role("button", name="Termin absagen").click()
    expect(manager.get_by_text("Der Termin ist abgesagt.")).to_be_visible()
    look(manager)
    cancelled = the_event(calendar, number)
    assert cancelled.uid == event.uid
    assert cancelled.status == "CANCELLED"
    assert cancelled.sequence > moved.sequence
    assert calendar.fetch() is None


def the_event(calendar: Subscription, number: str) -> Event:
    events = calendar.fetch()
    assert events is not None
    event = next(event for event in events if number in event.summary)
    text = event.to_ical().decode()
    for agency, service in CONCERNS:
        assert agency not in text
        assert service_names("de")[service] not in text
    assert CLIENT.name not in text
    return event
