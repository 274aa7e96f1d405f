"""What a case manager does: open a case, plan who comes together, book or send the link."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.support.look import look
from tests.support.words import service_names

CASE_MANAGER = "miriam.hoffmann@moers.example"


@dataclass(frozen=True)
class Newcomer:
    """``phone`` as she says it; ``language`` is the BCP 47 tag of her pages, ``interpreter`` an ISO 639-3 code."""

    name: str
    phone: str
    language: str
    interpreter: str


def open_case(page: Page, client: Newcomer) -> None:
    """From any page to the planning page of a new case."""
    page.get_by_role("link", name="Fälle", exact=True).click()
    look(page)
    page.get_by_role("link", name="Neuer Fall").click()
    look(page)
    page.get_by_label("Name", exact=True).fill(client.name)
    page.get_by_label("Handynummer").fill(client.phone)
    page.get_by_label("Sprache der Seiten und SMS").select_option(value=client.language)
    page.get_by_label("Sprachmittlung").select_option(value=client.interpreter)
    page.get_by_role("button", name="Fall eröffnen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(client.name)
    look(page)
    page.get_by_role("link", name="Termin planen").click()
    page.wait_for_url("**/plan")  # loaded, script and all: nobody chooses before she sees the page
    look(page)


def plan(page: Page, concerns: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]] = ()) -> None:
    """``concerns`` are pairs of agency and service key, ``people`` pairs of team label and person."""
    names = service_names("de")
    for agency, service in concerns:
        with searched(page):
            page.get_by_label("Anliegen hinzufügen").select_option(value=service)
        expect(page.get_by_role("checkbox", name=f"{names[service]} – {agency}")).to_be_checked()
    for team, person in people:
        with searched(page):
            page.get_by_label(team).select_option(label=person)
        expect(page.locator("#slots")).to_contain_text("je ")
    look(page)


def choose_room(page: Page, name: str) -> None:
    room = page.get_by_label("Raum", exact=True)
    label = room.locator("option", has_text=name).inner_text()
    with searched(page):
        room.select_option(label=label)


@contextmanager
def searched(page: Page) -> Iterator[None]:
    """Change the plan and wait until the page shows what it leads to."""
    with page.expect_response(re.compile("/plan[?]")):
        yield
    expect(page.locator(".htmx-request")).to_have_count(0)


def slots(page: Page) -> Locator:
    return page.locator("button[name=slot]")


def book(page: Page, slot: Locator) -> str:
    """Book a slot of the planning page; returns the number of the appointment."""
    slot.click()
    expect(page.get_by_text("Gebucht:")).to_be_visible()
    look(page)
    return number_of(page)


def number_of(page: Page) -> str:
    found = re.search(r"KIM-[0-9A-Z-]+", page.get_by_role("heading", level=1).inner_text())
    assert found is not None
    return found[0]
