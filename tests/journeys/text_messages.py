"""The text messages of a telephone, as the demo shows them."""

from playwright.sync_api import Locator, Page

from tests.support.look import look_without_script
from tests.support.site import Site


def newest_message(page: Page, site: Site, phone: str) -> Locator:
    """Let the worker send what is due, open the demo's telephone, and return the newest text to ``phone`` (E.164)."""
    site.deliver()
    page.goto(f"{site.base_url}/demo/phone")
    look_without_script(page)
    return page.get_by_role("region", name=f"Telefon {phone}").locator("li.tl-panel > .tl-entry p").first
