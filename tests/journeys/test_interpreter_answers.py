"""An interpreter is asked by text message, and says yes or no on the phone; after a no somebody else is asked."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.case_work import CASE_MANAGER, Newcomer, book, open_case, plan, slots
from tests.journeys.conftest import SignIn
from tests.journeys.text_messages import newest_message
from tests.support.look import look
from tests.support.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]

CONCERNS = (("Fachdienst Soziales", "bildung-teilhabe"),)
ALBANIAN = Newcomer("Drita Gashi", "0171 3920030", "de", "sqi")
SORANI = Newcomer("Hiwa Aziz", "0171 3920031", "en", "ckb")
SPEAKS_ALBANIAN = ("arben.krasniqi@sprachmittlung.example", "+4917604069026")
SPEAK_SORANI = {
    "Hassan Jabbar": "hassan.jabbar@sprachmittlung.example",
    "Shilan Karim": "shilan.karim@sprachmittlung.example",
}


def test_interpreter_accepts_on_the_phone(sign_in: SignIn, site: Site) -> None:
    manager = sign_in("staff", CASE_MANAGER)
    number = book_for(manager, ALBANIAN)
    email, mobile = SPEAKS_ALBANIAN

    page = sign_in("interpreter", email)
    text = newest_message(page, site, mobile)
    expect(text).to_contain_text(number)
    text.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    look(page)
    page.get_by_role("button", name="Zusagen").click()
    expect(page.get_by_text("Sie haben zugesagt.")).to_be_visible()
    look(page)
    assert ALBANIAN.name not in page.content()

    manager.reload()
    expect(manager.get_by_role("row", name="Arben Krasniqi")).to_contain_text("Zugesagt")
    page.get_by_role("link", name="Alle Einsätze").click()
    expect(page.locator("main")).to_contain_text(number)
    look(page)


def test_next_interpreter_is_asked_until_nobody_is_left(sign_in: SignIn) -> None:
    manager = sign_in("staff", CASE_MANAGER)
    number = book_for(manager, SORANI)
    appointment = manager.url
    asked = []
    for _ in SPEAK_SORANI:
        manager.goto(appointment)
        people = manager.get_by_role("table").inner_text()
        (name,) = (name for name in SPEAK_SORANI if name in people)
        asked.append(name)
        decline(sign_in("interpreter", SPEAK_SORANI[name]), number)
    assert sorted(asked) == sorted(SPEAK_SORANI)

    manager.get_by_role("link", name="Offene Punkte").click()
    expect(manager.get_by_role("row", name=number)).to_contain_text("Sorani")
    look(manager)
    manager.get_by_role("link", name=number).click()
    expect(manager.locator("main")).to_contain_text("offen")
    look(manager)


def book_for(manager: Page, client: Newcomer) -> str:
    open_case(manager, client)
    plan(manager, CONCERNS)
    return book(manager, slots(manager).nth(3))


def decline(page: Page, number: str) -> None:
    page.get_by_role("region", name=number).get_by_role("link", name="Absagen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("absagen")
    look(page)
    page.get_by_role("button", name="Ja, absagen").click()
    expect(page.get_by_role("status")).to_contain_text("Danke")
    look(page)
