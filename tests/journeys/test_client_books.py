"""A client alone with her phone: from the first page to the proof, by text message to another day, and off again."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys.client_visit import ClientVisit
from tests.journeys.text_messages import newest_message
from tests.support.look import look, look_without_script
from tests.support.site import Site
from tests.support.words import papers_of

pytestmark = pytest.mark.browser

CONCERNS = ("kita-beratung", "kurs-beratung", "wohnungssuche")
LEVANTINE_ARABIC = "apc"


def test_client_books_moves_and_cancels_in_arabic(phone: BrowserContext, site: Site, tmp_path: Path) -> None:
    visit = ClientVisit(phone.new_page(), site, "ar", look)
    book(visit, LEVANTINE_ARABIC, name="ياسمين الحلبي", mobile="0171 3920001", folder=tmp_path)
    change_by_text_message(visit, "+491713920001", direction="rtl")


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_client_goes_from_desk_to_desk_in_arabic(phone: BrowserContext, site: Site, tmp_path: Path) -> None:
    """Finger prints can not share a table, so all concerns are dealt with one after the other."""
    visit = ClientVisit(phone.new_page(), site, "ar", look)
    one_after_the_other = "Nacheinander an einem Tag"
    visit.come()
    visit.choose_concerns("karte-fingerabdruck", "wohnsitz-anmelden", leads_to="Das geht nicht zusammen")
    visit.follow(one_after_the_other)
    visit.arrive("Brauchen Sie einen Dolmetscher?")
    visit.choose_interpreter(LEVANTINE_ARABIC, leads_to=one_after_the_other)
    start = visit.hold(visit.slots().nth(2))
    assert visit.page.locator(".tl-itinerary__visit").count() == 2
    visit.fill_in("ياسمين الحلبي", "0171 3920003", button="Alle Termine verbindlich buchen")
    visit.arrive("Ihr Termin ist gebucht")
    assert visit.page.locator(".tl-itinerary__visit").count() == 2
    entry = visit.calendar_entry(tmp_path)
    assert entry.walk("VEVENT")[0].decoded("DTSTART") == start


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_client_needs_no_script(browser: Browser, site: Site, tmp_path: Path) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="de-DE"
    )
    visit = ClientVisit(context.new_page(), site, "de", look_without_script)
    book(visit, "ukr", name="Олена", mobile="0171 3920002", folder=tmp_path)
    change_by_text_message(visit, "+491713920002", direction="ltr")
    context.close()


def book(visit: ClientVisit, interpreter: str, *, name: str, mobile: str, folder: Path) -> None:
    visit.come()
    visit.choose_concerns(*CONCERNS)
    visit.choose_interpreter(interpreter)
    assert visit.page.locator("li.tl-day").count() > 1
    start = visit.hold(visit.slots().nth(2))
    day = visit.page.locator(".tl-appointment__when").inner_text()

    visit.fill_in(name, "0171 12")
    expect(visit.page.get_by_role("alert")).to_contain_text(visit.words("Bitte prüfen Sie Ihre Angaben"))
    visit.arrive("Wer kommt?")
    expect(visit.page.locator("input[name=name]")).to_have_value(name)
    assert visit.page.locator(".tl-appointment__when").inner_text() == day

    visit.fill_in(name, mobile)
    visit.arrive("Ihr Termin ist gebucht")
    check_proof(visit, day)
    check_file(visit, start, folder)


def check_proof(visit: ClientVisit, day: str) -> None:
    """Number, day, what to bring in both languages, and a code for others to check."""
    assert visit.number().startswith("KIM-")
    assert visit.page.locator(".tl-appointment__when").inner_text() == day
    code = visit.page.locator(".tl-qr svg").bounding_box()
    assert code is not None
    assert min(code["width"], code["height"]) > 100
    papers = visit.page.get_by_role("region", name=visit.words("Bitte bringen Sie mit"))
    for language in ("de", visit.language):
        for service in CONCERNS:
            for paper in papers_of(service, language):
                expect(papers).to_contain_text(paper)


def check_file(visit: ClientVisit, start: datetime, folder: Path) -> None:
    event = visit.calendar_entry(folder).events[0]
    assert event.start == start
    assert event.end > event.start + timedelta(minutes=30)
    assert visit.number() in event.summary


def change_by_text_message(visit: ClientVisit, phone: str, *, direction: str) -> None:
    """From the link in the text: later, then not at all."""
    page = visit.page
    number, before = visit.number(), page.locator(".tl-appointment__when").inner_text()
    text = newest_message(page, visit.site, phone)
    assert (text.get_attribute("lang"), text.get_attribute("dir")) == (visit.language, direction)
    text.get_by_role("link").click()
    visit.arrive("Ihr Termin ist gebucht")
    assert visit.number() == number

    visit.follow("Termin verschieben")
    visit.arrive("Wann möchten Sie kommen?")
    visit.slots().last.click()
    visit.arrive("Ihr Termin ist gebucht")
    visit.see("Dieser Termin wurde geändert.")
    assert visit.number() == number
    assert page.locator(".tl-appointment__when").inner_text() != before

    newest_message(page, visit.site, phone).get_by_role("link").click()
    visit.follow("Termin absagen")
    visit.arrive("Möchten Sie diesen Termin absagen?")
    visit.press("Ja, absagen")
    visit.arrive("Ihr Termin ist abgesagt")
    expect(newest_message(page, visit.site, phone)).to_be_visible()
