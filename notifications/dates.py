"""Weekday, date and time of an appointment as the reader of a language writes them."""

from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from notifications.direction import is_right_to_left

# Short on purpose: 134 units is all that two segments hold in most of these scripts. The year is left out
# because a message goes out weeks ahead at most and names the weekday.
_DATE_PATTERNS = {
    "de": "d.M.",
    "en": "d MMM",
    "tr": "dd.MM",
    "uk": "dd.MM",
}
_RIGHT_TO_LEFT = "d/M"  # a full stop at the end would change sides
_OTHER_LANGUAGES = "dd.MM."
# Languages that CLDR files under another name.
_CLDR_NAMES = {"prs": "fa_AF", "kmr": "ku"}


class UnknownLanguageError(LookupError):
    """CLDR has no weekday names for a language."""


def appointment_words(start: datetime, language: str) -> dict[str, str]:
    """The values of {weekday}, {date} and {time} for a text in ``language`` (BCP 47).

    ``start`` is the local time of the place, in its time zone; ``language`` the one that ``Texts.language_for``
    chose, or weekday and text differ. Raises UnknownLanguageError.
    """
    locale = _locale(language)
    otherwise = _RIGHT_TO_LEFT if is_right_to_left(language) else _OTHER_LANGUAGES
    pattern = _DATE_PATTERNS.get(language.split("-", maxsplit=1)[0], otherwise)
    return {
        "weekday": format_date(start, "EEEE", locale=locale),
        "date": format_date(start, pattern, locale=locale),
        "time": f"{start:%H:%M}",
    }


def _locale(language: str) -> Locale:
    name = _CLDR_NAMES.get(language, language)
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise UnknownLanguageError(f"no weekday names for the language {language!r}") from error
