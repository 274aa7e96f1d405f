"""One running municipality per kind of database for all journeys; they book different people, so they share it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.databases import Databases
from tests.support.look import look
from tests.support.site import PASSWORD, Site, running_site

DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 360, "height": 740}

SignIn = Callable[[Literal["staff", "interpreter"], str], Page]


@pytest.fixture(scope="session")
def site_on(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Site]]:
    with ExitStack() as running:

        @cache
        def start(kind: str) -> Site:
            database_url = running.enter_context(databases.fresh(kind))
            return running.enter_context(running_site(database_url, tmp_path_factory.mktemp(kind)))

        yield start


@pytest.fixture
def site(site_on: Callable[[str], Site], database_kind: str) -> Site:
    return site_on(database_kind)


@pytest.fixture
def sign_in(browser: Browser, site: Site) -> Iterator[SignIn]:
    """``sign_in("staff", e-mail)``: a browser of her own, on a desk or, for an interpreter, a phone."""
    with ExitStack() as opened:

        def enter(audience: Literal["staff", "interpreter"], email: str) -> Page:
            is_phone = audience == "interpreter"
            context = opened.enter_context(
                browser.new_context(viewport=PHONE if is_phone else DESK, is_mobile=is_phone, locale="de-DE")
            )
            page = context.new_page()
            page.goto(f"{site.base_url}/{audience}/")
            look(page)
            page.get_by_label("E-Mail-Adresse").fill(email)
            page.get_by_label("Passwort").fill(PASSWORD)
            page.get_by_role("button", name="Anmelden").click()
            expect(page.get_by_role("button", name="Abmelden")).to_be_visible()
            look(page)
            return page

        yield enter
