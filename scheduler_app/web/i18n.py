"""Pages in the reader's language: German message ids, one `.po` file a language, no compile step.

`python -m scheduler_app.web.i18n update` keeps the `.po` files in step with the code (docs/translating.md).
"""

import sys
from gettext import NullTranslations

from flask import Flask

from scheduler_app.domain.languages import PAGE_LANGUAGES
from scheduler_app.web import local_dates, message_catalogues
from scheduler_app.web import page_language as page
from scheduler_app.web.page_language import (
    DEFAULT_LANGUAGE,
    LANGUAGE_PARAMETER,
    choose_language,
    gettext,
    lazy_gettext,
    localized,
    ngettext,
    page_language,
)

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGE_PARAMETER",
    "choose_language",
    "gettext",
    "init_i18n",
    "lazy_gettext",
    "localized",
    "ngettext",
    "page_language",
]


def init_i18n(app: Flask) -> None:
    """Read all message catalogues; give templates `_`, `ngettext`, `{% trans %}` and the filters of this package.

    Raises:
        MissingCatalogue: a page language has no `.po` file.
        BrokenCatalogue: a `.po` file cannot be read.
    """
    translated = (tag for tag in PAGE_LANGUAGES if tag != DEFAULT_LANGUAGE)
    app.extensions[page.CATALOGUES] = {
        DEFAULT_LANGUAGE: NullTranslations(),
        **{tag: message_catalogues.read_translations(tag) for tag in translated},
    }
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        page.translate, page.translate_plural, newstyle=True
    )
    environment.globals.update(
        html_attributes=page.html_attributes, language_links=page.language_links, page_language=page_language
    )
    environment.filters.update(
        bdi=page.bdi, localized=localized, language_name=page.language_name, **local_dates.FILTERS
    )


if __name__ == "__main__":
    sys.exit(message_catalogues.main(sys.argv[1:]))
