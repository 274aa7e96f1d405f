"""The staff's pages in a real browser: slots refresh by themselves, small screens, accessibility."""

import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from scheduler_app.models import Account
from scheduler_app.services.sign_in import set_password
from tests.support.builders import FIRST_SLOT
from tests.web.staff.conftest import House

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
PASSWORD = "richtig langes Passwort"


@pytest.fixture
def base_url(app: Flask) -> Iterator[str]:
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def manager(house: House, base_url: str) -> House:
    """The municipality with a case manager who can sign in, a case and a joint appointment."""
    account = house.session.get_one(Account, house.account("cm0", "case_manager", "team_lead"))
    set_password(house.session, account, PASSWORD)
    house.session.commit()
    house.book("titel", "beratung", case=house.case())
    house.session.rollback()
    return house


def sign_in(context: BrowserContext, base_url: str) -> Page:
    page = context.new_page()
    page.goto(f"{base_url}/staff/cases")
    page.get_by_label("E-Mail-Adresse").fill("cm0@lotsenau.example")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", name="Meine Fälle")).to_be_visible()
    return page


def accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], page.url


def test_slots_follow_what_is_picked_until_one_is_booked(
    manager: House, browser: Browser, base_url: str
) -> None:
    context = browser.new_context(locale="de-DE")
    page = sign_in(context, base_url)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.get_by_role("link", name="F-").click()
    page.get_by_role("link", name="Termin planen").click()
    page.wait_for_url("**/plan")  # loaded, script and all: nobody chooses before she sees the page
    page.get_by_label("Anliegen hinzufügen").select_option(value="beratung")
    expect(page.locator("#slots .tl-slot").first).to_be_visible()
    page.get_by_label("Anliegen hinzufügen").select_option(value="finger")
    expect(page.locator("#slots")).to_contain_text("geht nicht am gemeinsamen Tisch")
    page.get_by_role("link", name="Nacheinander an einem Tag").click()
    expect(page.get_by_role("button", name="Buchen").first).to_be_visible()
    page.get_by_role("link", name="An einem Tisch").click()
    expect(page.locator("#slots")).to_contain_text("geht nicht am gemeinsamen Tisch")
    page.get_by_label("finger").uncheck()
    page.get_by_label("Weitere Person hinzufügen").select_option(label="Managerin 1")
    expect(page.get_by_role("group", name="Wie nötig: Managerin 1")).to_be_visible()
    page.get_by_role("group", name="Wie nötig: Ich selbst").get_by_label("ohne").check()
    expect(page.locator(".tl-times")).not_to_contain_text("Managerin 0")
    day = page.locator("#day-title").inner_text()
    page.get_by_role("link", name="Tag danach").click()
    expect(page.locator("#day-title")).not_to_have_text(day)
    page.locator("#slots .tl-slot").first.click()
    expect(page.get_by_text("Gebucht:")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Managerin 1")
    assert problems == []
    context.close()


def test_planning_works_without_scripts(manager: House, browser: Browser, base_url: str) -> None:
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = sign_in(context, base_url)
    page.get_by_role("link", name="F-").click()
    page.get_by_role("link", name="Termin planen").click()
    page.wait_for_url("**/plan")  # loaded, script and all: nobody chooses before she sees the page
    page.get_by_label("Anliegen hinzufügen").select_option(value="beratung")
    page.get_by_role("button", name="Vorschläge anzeigen").click()
    page.locator("#slots .tl-slot").first.click()
    expect(page.get_by_text("Gebucht:")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_are_accessible_and_fit_the_screen(
    manager: House, browser: Browser, base_url: str, width: int
) -> None:
    context = browser.new_context(locale="de-DE", viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{base_url}/staff/sign-in")
    accessible(page)
    page.close()
    page = sign_in(context, base_url)
    accessible(page)
    day = FIRST_SLOT.date()
    for path in (
        f"diary?day={day}", f"diary?day={day}&view=day", f"diary?day={day}&scope=agency", "diary?day=x",
        "cases/new", "open-points", "calendar",
    ):  # fmt: skip
        page.goto(f"{base_url}/staff/{path}")
        accessible(page)
    page.get_by_role("button", name="Kalender abonnieren").click()
    accessible(page)
    page.goto(f"{base_url}/staff/cases")
    page.get_by_role("link", name="F-").click()
    case = page.url
    accessible(page)
    for query in (
        "services=titel&services=beratung&language=apc", "services=titel&room=1x",
        "services=titel&services=beratung&weekdays=6", "form=chain&services=titel&services=finger&language=apc",
        "services=beratung",
    ):  # fmt: skip
        page.goto(f"{case}/plan?planned=1&{query}")
        page.eval_on_selector_all("main details", "all => all.forEach(one => { one.open = true })")
        accessible(page)
    page.get_by_role("button", name="Link senden").click()
    accessible(page)
    page.get_by_role("link", name="LO-").click()
    appointment = page.url
    for path in ("", "/move", "/cancel"):
        page.goto(appointment + path)
        accessible(page)
    context.close()
