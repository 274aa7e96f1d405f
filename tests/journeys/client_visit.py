"""What a client does on the pages, in any language: the journeys say in which order."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from scheduler_app.domain.languages import find_language
from tests.support.site import Site
from tests.support.words import Words, service_names, words_of

Look = Callable[[Page, str], None]

_ISOLATES = re.compile("[\u2066-\u2069\u200e\u200f]")


class ClientVisit:
    """A client at the pages of her municipality. Each step looks closely at the page that it leads to."""

    def __init__(self, page: Page, site: Site, language: str, look: Look) -> None:
        self.page = page
        self.site = site
        self.language = language
        self._look = look
        self.words: Words = words_of(language)

    def come(self) -> None:
        """Open the town's page and choose the language there, by its own name."""
        self.page.goto(f"{self.site.base_url}/moers/")
        self._look(self.page, "de")
        self.page.locator(f"nav.tl-languages a[hreflang={self.language}]").click()
        self.arrive("Worum geht es?")

    def choose_concerns(self, *services: str, leads_to: str = "Brauchen Sie einen Dolmetscher?") -> None:
        names = service_names(self.language)
        for service in services:
            self._tap("checkbox", names[service])
        self.press("Weiter")
        self.arrive(leads_to)

    def choose_interpreter(self, code: str, leads_to: str = "Wann möchten Sie kommen?") -> None:
        """``code``: ISO 639-3 of a language or variety."""
        language = find_language(code)
        name = language.german if self.language == "de" else language.autonym
        if not self.page.get_by_role("radio", name=name, exact=True).is_visible():
            self.page.locator("details > summary").click()
        self._tap("radio", name)
        self.press("Weiter")
        self.arrive(leads_to)

    def slots(self) -> Locator:
        return self.page.locator("button[name=start]")

    def hold(self, slot: Locator) -> datetime:
        """Take a slot; returns its start."""
        start = datetime.fromisoformat(slot.get_attribute("value") or "")
        slot.click()
        self.arrive("Wer kommt?")
        return start

    def fill_in(self, name: str, phone: str, button: str = "Termin verbindlich buchen") -> None:
        self.page.locator("input[name=name]").fill(name)
        self.page.locator("input[name=phone]").fill(phone)
        self.press(button)

    def number(self) -> str:
        """The number of the appointment that the page shows."""
        shown = self.page.locator(".tl-appointment__facts strong").last
        return _ISOLATES.sub("", shown.inner_text()).strip()

    def calendar_entry(self, folder: Path) -> Calendar:
        """Download the appointment as a file and read it."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=self.words("In meinen Kalender")).click()
        file = folder / download.value.suggested_filename
        download.value.save_as(file)
        assert file.suffix == ".ics"
        return Calendar.from_ical(file.read_bytes())

    def _tap(self, role: Literal["checkbox", "radio"], name: str) -> None:
        """Tap on the words beside a box, which are what a finger hits."""
        box = self.page.get_by_role(role, name=name, exact=True)
        self.page.locator(f"label[for={box.get_attribute('id')}]").click()
        expect(box).to_be_checked()

    def press(self, german: str) -> None:
        self.page.get_by_role("button", name=self.words(german), exact=True).click()

    def follow(self, german: str) -> None:
        self.page.get_by_role("link", name=self.words(german), exact=True).click()

    def arrive(self, german: str) -> None:
        """Be on the page with this heading, and look at it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words(german))
        self._look(self.page, self.language)

    def see(self, german: str) -> None:
        self.see_text(self.words(german))

    def see_text(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()
