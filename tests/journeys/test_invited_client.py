"""The case manager decides who is needed, the client decides when: by a link in a text message."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.case_work import CASE_MANAGER, Newcomer, open_case, plan
from tests.journeys.client_visit import ClientVisit
from tests.journeys.conftest import SignIn
from tests.journeys.text_messages import newest_message
from tests.support.look import look
from tests.support.site import Site
from tests.support.words import service_names

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]

CONCERNS = (
    ("Fachdienst Soziales", "leistung-gefluechtete"),
    ("Jobcenter Kreis Wesel", "jobcenter-erstgespraech"),
)
CLIENT = Newcomer("Олена Гончаренко", "0171 3920020", "uk", "ukr")


def test_invited_client_chooses_from_the_text_message(
    sign_in: SignIn, phone: BrowserContext, site: Site
) -> None:
    manager = sign_in("staff", CASE_MANAGER)
    open_case(manager, CLIENT)
    plan(manager, CONCERNS)
    manager.get_by_role("button", name="Link senden").click()
    expect(manager.get_by_text("Der Link ist unterwegs")).to_be_visible()
    look(manager)
    expect(manager.locator("main")).to_contain_text("Wartet auf Auswahl")

    visit = ClientVisit(phone.new_page(), site, CLIENT.language, look)
    text = newest_message(visit.page, site, "+491713920020")
    assert (text.get_attribute("lang"), text.get_attribute("dir")) == ("uk", "ltr")
    text.get_by_role("link").click()
    visit.arrive("Bitte wählen Sie eine Zeit")
    for _, service in CONCERNS:
        visit.see_text(service_names(CLIENT.language)[service])
    visit.slots().nth(1).click()
    visit.arrive("Ihr Termin ist gebucht")
    number = visit.number()

    manager.reload()
    expect(manager.get_by_role("link", name=number)).to_be_visible()
    expect(manager.locator("main")).not_to_contain_text("Wartet auf Auswahl")
    look(manager)
    text = newest_message(visit.page, site, "+491713920020")
    text.get_by_role("link").click()
    visit.arrive("Ihr Termin ist gebucht")
    assert visit.number() == number
