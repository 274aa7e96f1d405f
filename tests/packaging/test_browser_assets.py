"""The style sheets and fonts that the build makes, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from tests.support.project import ROOT

VENDOR = ROOT / "scheduler_app/static/vendor"
HOST = "http://assets.example"
PAGE = """<!doctype html><html lang="{language}" dir="{direction}"><title>.</title>
<link rel="stylesheet" href="/{sheet}"><link rel="stylesheet" href="/fonts.css">
<body class="kern-body"><p>{text}</p><div class="kern-form-check"><input class="kern-form-check__radio" type="radio">
<label class="kern-label">{text}</label></div></body></html>"""

pytestmark = pytest.mark.browser


def open_page(phone: BrowserContext, language: str, text: str) -> Page:
    right_to_left = language == "ar"
    page = phone.new_page()

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(f"{HOST}/")
        if name == "":
            direction, sheet = ("rtl", "kern.rtl.css") if right_to_left else ("ltr", "kern.min.css")
            body = PAGE.format(language=language, direction=direction, sheet=sheet, text=text)
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(path=VENDOR / name)

    page.route("**/*", answer)
    page.goto(f"{HOST}/")
    page.evaluate("document.fonts.ready")
    return page


def loaded_fonts(page: Page) -> set[str]:
    names: list[str] = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    return {Path(name).name for name in names if name.endswith(".woff2")}


@pytest.mark.parametrize(
    ("language", "text", "font"),
    [
        ("de", "Bitte bringen Sie Ihren Pass mit.", "fira-sans-latin-400-normal.woff2"),
        ("uk", "Візьміть із собою паспорт", "fira-sans-cyrillic-400-normal.woff2"),
        ("ar", "يرجى إحضار جواز السفر", "noto-sans-arabic-arabic-400-normal.woff2"),
    ],
)
def test_a_page_loads_the_font_of_its_script_and_not_the_others(
    phone: BrowserContext, language: str, text: str, font: str
) -> None:
    fonts = loaded_fonts(open_page(phone, language, text))
    assert font in fonts
    assert not any("arabic" in name for name in fonts) or language == "ar"


def test_the_mirrored_sheet_puts_the_gap_on_the_other_side(phone: BrowserContext) -> None:
    gap = "getComputedStyle(document.querySelector('.kern-form-check .kern-label'))"
    left_to_right = open_page(phone, "de", "Ja").evaluate(f"[{gap}.paddingLeft, {gap}.paddingRight]")
    right_to_left = open_page(phone, "ar", "نعم").evaluate(f"[{gap}.paddingLeft, {gap}.paddingRight]")
    assert left_to_right == right_to_left[::-1]
    assert left_to_right[0] != left_to_right[1]


def test_every_font_that_the_sheet_names_is_there() -> None:
    sheet = (VENDOR / "fonts.css").read_text()
    named = {part.partition('")')[0] for part in sheet.split('url("')[1:]}
    assert named == {path.relative_to(VENDOR).as_posix() for path in (VENDOR / "fonts").iterdir()}
