"""The base of all forms: WTForms' own messages come in the page language."""

from gettext import NullTranslations

from flask_wtf import FlaskForm
from wtforms.i18n import get_translations

from scheduler_app.web.page_language import DEFAULT_LANGUAGE, page_language


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form with a CSRF token whose built-in error messages speak the page language, else German."""

    class Meta:
        def get_translations(self, _form: object) -> NullTranslations:
            tag = page_language().tag.replace("-", "_")
            translations: NullTranslations = get_translations([tag, DEFAULT_LANGUAGE])
            return translations
