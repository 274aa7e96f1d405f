"""What every client page knows: the municipality, its time zone, and her language, which all addresses carry on."""

from typing import Any

from flask import current_app, g, request

from scheduler_app.services.catalogue import Catalogue
from scheduler_app.web.page_language import LANGUAGE_PARAMETER, choose_language, page_language, page_languages


def enter(catalogue: Catalogue, known_language: str | None = None) -> None:
    """Build this page for a municipality, in the language asked for, else in the one she is known to read."""
    g.catalogue = catalogue
    g.time_zone = catalogue.timezone
    g.language = choose_language(request, known_language, catalogue.languages)


def municipality() -> Catalogue:
    """The municipality whose page is being built."""
    catalogue: Catalogue = g.catalogue
    return catalogue


def is_language_known() -> bool:
    """Whether she chose a language or her browser names one of ours; else she is asked first."""
    tags = [language.tag for language in page_languages(municipality().languages)]
    if request.args.get(LANGUAGE_PARAMETER) in tags or request.cookies.get(LANGUAGE_PARAMETER) in tags:
        return True
    return request.accept_languages.best_match(tags) is not None


def fill_address(endpoint: str, values: dict[str, Any]) -> None:
    """Before an address of these pages is written: the municipality and the language go on."""
    if "catalogue" in g and current_app.url_map.is_endpoint_expecting(endpoint, "municipality_slug"):
        values.setdefault("municipality_slug", municipality().slug)
    if "language" in g:
        values.setdefault(LANGUAGE_PARAMETER, page_language().tag)


def template_values() -> dict[str, Any]:
    """For the layout; a page without municipality (the list of them) has none."""
    return {"municipality": g.get("catalogue")}
