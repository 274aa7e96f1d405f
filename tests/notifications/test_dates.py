"""Weekdays and dates in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from notifications.dates import UnknownLanguageError, appointment_words

WEDNESDAY = datetime(2026, 12, 2, 9, 5, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("language", "weekday", "date"),
    [
        ("de", "Mittwoch", "2.12."),
        ("en", "Wednesday", "2 Dec"),
        ("ar", "الأربعاء", "2/12"),
        ("uk", "середа", "02.12"),
        ("tr", "Çarşamba", "02.12"),
        ("fa", "چهارشنبه", "2/12"),
        ("prs", "چهارشنبه", "2/12"),
        ("ru", "среда", "02.12."),
        ("pt-BR", "quarta-feira", "02.12."),
    ],
)
def test_words(language: str, weekday: str, date: str) -> None:
    assert appointment_words(WEDNESDAY, language) == {"weekday": weekday, "date": date, "time": "09:05"}


@pytest.mark.parametrize("language", ["xx", "", "not a language"])
def test_unknown_language(language: str) -> None:
    with pytest.raises(UnknownLanguageError):
        appointment_words(WEDNESDAY, language)
