"""The language of the page being built, and texts in it.

The view code sets `flask.g.language` to a BCP 47 tag (see `choose_language`); without it a page is German.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from urllib.parse import urlencode

from babel.support import LazyProxy
from flask import Request, current_app, g, has_app_context, request
from markupsafe import Markup, escape
from werkzeug.urls import iri_to_uri

from scheduler_app.domain.languages import PAGE_LANGUAGES, Language, find_language

DEFAULT_LANGUAGE = "de"
LANGUAGE_PARAMETER = "lang"
"""Name of the query parameter and of the cookie that carry a chosen page language."""

CATALOGUES = "terminlotse_catalogues"
"""Key in `app.extensions` of the translations by BCP 47 tag."""


def page_language() -> Language:
    """Return the language of the page being built; German when the view has not set `g.language`."""
    tag = g.get("language", DEFAULT_LANGUAGE) if has_app_context() else DEFAULT_LANGUAGE
    return find_language(tag)


def page_languages(offered: Iterable[str] = PAGE_LANGUAGES) -> list[Language]:
    """Return those of the offered BCP 47 tags that pages exist in, in the order of the language switch."""
    return [find_language(tag) for tag in offered if tag in PAGE_LANGUAGES]


def choose_language(
    request: Request, known: str | None = None, offered: Iterable[str] = PAGE_LANGUAGES
) -> str:
    """Return the page language for a request as a BCP 47 tag: the one asked for, else the one chosen before
    (cookie), else `known` (what is stored for the person), else the browser's, else German. Only `offered` ones.
    """
    tags = [language.tag for language in page_languages(offered)]
    for wanted in (request.args.get(LANGUAGE_PARAMETER), request.cookies.get(LANGUAGE_PARAMETER), known):
        if wanted in tags:
            return wanted
    return request.accept_languages.best_match(tags) or DEFAULT_LANGUAGE


def gettext(message: str, **values: object) -> str:
    """Return the message in the page language with `%(name)s` filled in; untranslated, it stays German."""
    translated = translate(message)
    return translated % values if values else translated


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """Return the right plural form for n in the page language; `%(num)s` is n."""
    return translate_plural(singular, plural, n) % {"num": n, **values}


def lazy_gettext(message: str, **values: object) -> LazyProxy:
    """Return a text that is translated only when it is shown: for labels of form classes."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


_ = gettext


def html_attributes(language: Language | None = None) -> Markup:
    """Return the `lang` and `dir` attributes of the page's language, or of another one."""
    shown = language or page_language()
    return Markup('lang="{}" dir="{}"').format(shown.tag, shown.direction)


def bdi(text: object, direction: str = "ltr") -> Markup:
    """Isolate a time, number, code or name, so that right-to-left text around it does not tear it apart."""
    return Markup('<bdi dir="{}">{}</bdi>').format(direction, text)


def language_name(code: str) -> str:
    """Return the German name of a language on German pages, else what it is called by those who speak it."""
    language = find_language(code)
    return language.german if page_language().tag == DEFAULT_LANGUAGE else language.autonym


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A text and the language it is really in, which may not be the page's."""

    text: str
    language: Language

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> Markup:
        if self.language == page_language():
            return escape(self.text)
        return Markup("<span {}>{}</span>").format(html_attributes(self.language), self.text)


def localized(texts: Mapping[str, str], language: str | None = None) -> LocalizedText:
    """Pick the text in the page's (or the given) language out of `{"de": …, "en": …}`, else the German one.

    Raises:
        LookupError: not even a German text is there.
    """
    for tag in (language or page_language().tag, DEFAULT_LANGUAGE):
        if texts.get(tag):
            return LocalizedText(texts[tag], find_language(tag))
    raise LookupError(f"no German text among {sorted(texts)}")


def language_links(offered: Iterable[str] = PAGE_LANGUAGES) -> list[tuple[Language, str]]:
    """Return every page language with the address of this page in it, for the language switch."""
    arguments = request.args.to_dict(flat=False)
    links = []
    for language in page_languages(offered):
        query = urlencode({**arguments, LANGUAGE_PARAMETER: [language.tag]}, doseq=True)
        links.append((language, f"{request.root_path}{iri_to_uri(request.path)}?{query}"))
    return links


def _catalogue() -> NullTranslations:
    if not has_app_context():
        return NullTranslations()
    catalogues: dict[str, NullTranslations] = current_app.extensions.get(CATALOGUES, {})
    return catalogues.get(page_language().tag) or NullTranslations()


def translate(message: str) -> str:
    """Return the message in the page language, placeholders and all: what Jinja's extension calls."""
    return _catalogue().gettext(message)


def translate_plural(singular: str, plural: str, n: int) -> str:
    """Return the plural form for n in the page language, placeholders and all."""
    return _catalogue().ngettext(singular, plural, n)
