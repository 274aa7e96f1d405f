"""What every page has to be: accessible, no wider than the screen, free of errors, in the right language."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
LEAST_TARGET_PIXELS = 24
RIGHT_TO_LEFT = ("ar",)

_SMALL_TARGETS = """least => {
  const named = [];
  for (const target of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")) {
    const box = target.getBoundingClientRect();
    const isInSentence = target.matches("p a, li a, dd a, td a, address a, figcaption a")
      && getComputedStyle(target).display === "inline";
    const isSeen = box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && target.checkVisibility();
    if (isSeen && !isInSentence && Math.min(box.width, box.height) < least) {
      named.push(`${target.outerHTML.slice(0, 120)} ${box.width} x ${box.height}`);
    }
  }
  return named;
}"""


def look(page: Page, language: str = "de") -> None:
    """Look closely at the page that is open now; ``language`` is the BCP 47 tag it should be in.

    Axe (WCAG 2.2 A and AA, best practice), no scrolling sideways, targets of at least 24 pixels (WCAG 2.5.8; links
    within sentences may be smaller), no error of script, resource or Content-Security-Policy.
    """
    look_without_script(page, language)
    found = Axe().run(page, options=AXE_OPTIONS)
    assert not found.violations_count, f"{page.url}\n{found.generate_report()}"


def look_without_script(page: Page, language: str = "de") -> None:
    """As ``look``, but for what needs the page's own script to run: axe waits for it."""
    page.wait_for_load_state()
    html = page.locator("html")
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (language, direction), page.url
    width, screen = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert width <= screen, f"{page.url} is {width} pixels wide on a screen of {screen}"
    small = page.evaluate(_SMALL_TARGETS, LEAST_TARGET_PIXELS)
    assert not small, f"{page.url} {small}"
    errors = [message.text for message in page.console_messages() if _is_error(message, page.url)]
    errors += [str(error) for error in page.page_errors()]
    assert not errors, f"{page.url} {errors}"


def _is_error(message: ConsoleMessage, address: str) -> bool:
    """A form that comes back to be mended is a 4xx, which the browser mentions too."""
    is_sent_back = "status of 4" in message.text and message.location["url"] == address
    return message.type in {"error", "warning"} and not is_sent_back
