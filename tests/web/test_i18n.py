"""Pages speak the reader's language: catalogues are complete, dates readable, directions kept apart."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g, render_template_string

from scheduler_app.domain.languages import PAGE_LANGUAGES
from scheduler_app.web import message_catalogues
from scheduler_app.web.i18n import (
    choose_language,
    gettext,
    init_i18n,
    lazy_gettext,
    localized,
    ngettext,
    page_language,
)
from scheduler_app.web.local_dates import day_and_time, day_text, month_text, time_range, time_text, weekday
from scheduler_app.web.page_language import bdi, html_attributes, language_links, language_name

TRANSLATED = [tag for tag in PAGE_LANGUAGES if tag != "de"]
START = datetime(2027, 1, 12, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    init_i18n(app)
    return app


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_message_of_the_client_pages_is_translated(tag: str) -> None:
    assert message_catalogues.problems(tag, message_catalogues.used_messages()) == []


def test_a_language_is_offered_when_its_catalogue_is_there() -> None:
    catalogues = {path.stem for path in message_catalogues.TRANSLATIONS.glob("*.po")}
    assert catalogues == set(TRANSLATED)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_catalogue_has_nothing_fuzzy(tag: str) -> None:
    catalogue = message_catalogues.read_catalogue(message_catalogues.catalogue_path(tag))
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_update_keeps_translations_and_changes_nothing_the_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_catalogues, "TRANSLATIONS", tmp_path)
    path = message_catalogues.catalogue_path("uk")
    path.write_text(
        'msgid ""\nmsgstr ""\n"Language: uk\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Sprache"\nmsgstr "Мова"\n\nmsgid "Längst entfernt"\nmsgstr "Видалено"\n',
        encoding="utf-8",
    )
    message_catalogues.update(["uk"])
    first = path.read_bytes()
    catalogue = message_catalogues.read_catalogue(path)
    language, back = catalogue.get("Sprache"), catalogue.get("Zurück")
    assert (language and language.string, back and back.string) == ("Мова", "")
    assert "Längst entfernt" in catalogue.obsolete
    message_catalogues.update(["uk"])
    assert path.read_bytes() == first


def test_wrong_placeholders_and_missing_texts_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_catalogues, "TRANSLATIONS", tmp_path)
    message_catalogues.update(["tr"])
    path = message_catalogues.catalogue_path("tr")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('msgid "Raum %(room)s"\nmsgstr ""', 'msgid "Raum %(room)s"\nmsgstr "Oda %(oda)s"'),
        encoding="utf-8",
    )
    found = message_catalogues.problems("tr", message_catalogues.used_messages())
    assert "tr: other placeholders: 'Raum %(room)s'" in found
    assert "tr: not translated: 'Zurück'" in found


def test_broken_and_missing_catalogues_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "ar.po"
    broken.write_text('msgid "a"\nmsgstr "b\nnonsense', encoding="utf-8")
    with pytest.raises(message_catalogues.BrokenCatalogue, match=r"ar\.po"):
        message_catalogues.read_catalogue(broken)
    with pytest.raises(message_catalogues.MissingCatalogue, match=r"uk\.po"):
        message_catalogues.read_catalogue(tmp_path / "uk.po")


@pytest.mark.parametrize("arguments", [[], ["upgrade"], ["update", "klingon"]])
def test_wrong_command_ends_with_a_message(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert message_catalogues.main(arguments) == 2
    assert capsys.readouterr().err


def test_texts_follow_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context():
        assert page_language().code == "deu"
        assert gettext("Zurück") == "Zurück"
        label = lazy_gettext("Zurück")
        g.language = "tr"
        assert gettext("Zurück") == str(label) == "Geri"
        assert gettext("Raum %(room)s", room="112") == "Oda 112"
        assert gettext("Gibt es nicht") == "Gibt es nicht"
        assert ngettext("%(num)s Tag", "%(num)s Tage", 2) == "2 Tage"


def test_texts_outside_a_request_are_german() -> None:
    assert gettext("Zurück") == "Zurück"
    assert page_language().tag == "de"


@pytest.mark.parametrize(
    ("url", "cookie", "accepts", "known", "chosen"),
    [
        ("/moers/?lang=ar", "tr", "uk", "en", "ar"),
        ("/moers/?lang=xx", "tr", "uk", "en", "tr"),
        ("/moers/", None, "uk", "en", "en"),
        ("/moers/", None, "uk-UA,ru;q=0.8", None, "uk"),
        ("/moers/", None, "ja", None, "de"),
        ("/moers/", None, None, "kmr", "de"),
    ],
)
def test_page_language_is_chosen_by_the_nearest_wish(
    app: Flask, url: str, cookie: str | None, accepts: str | None, known: str | None, chosen: str
) -> None:
    headers = {"Accept-Language": accepts or "", "Cookie": f"lang={cookie}" if cookie else ""}
    with app.test_request_context(url, headers=headers) as context:
        assert choose_language(context.request, known) == chosen


def test_only_offered_languages_are_chosen(app: Flask) -> None:
    with app.test_request_context("/?lang=ar") as context:
        assert choose_language(context.request, offered=["de", "uk"]) == "de"


def test_language_links_keep_the_rest_of_the_address(app: Flask) -> None:
    with app.test_request_context("/moers/termine?service=a&service=b&lang=ar"):
        links = {language.tag: address for language, address in language_links(["de", "tr", "xx"])}
    assert links == {
        "de": "/moers/termine?service=a&service=b&lang=de",
        "tr": "/moers/termine?service=a&service=b&lang=tr",
    }


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("de", "Dienstag, 12.01.2027, 09:30 Uhr"),
        ("en", "Tuesday, 12.01.2027, 09:30"),
        ("uk", "Вівторок, 12.01.2027, 09:30"),
        ("ar", "الثلاثاء، 12.01.2027، الساعة 09:30"),
        ("tr", "Salı, 12.01.2027, saat 09:30"),
    ],
)
def test_day_and_time_have_the_weekday_in_words_and_western_digits(app: Flask, tag: str, text: str) -> None:
    with app.test_request_context():
        g.language = tag
        shown = day_and_time(START)
    assert shown.startswith('<time datetime="2027-01-12T09:30+01:00">')
    assert shown.striptags() == text
    assert '<bdi dir="ltr">09:30</bdi>' in shown


def test_times_are_in_the_zone_of_the_municipality(app: Flask) -> None:
    with app.test_request_context():
        assert time_text(START).striptags() == "09:30 Uhr"
        assert time_text(START.replace(month=7)).striptags() == "10:30 Uhr"
        assert time_range(START, START.replace(hour=9)).striptags() == "09:30 bis 10:30 Uhr"
        g.time_zone = "Europe/Lisbon"
        assert time_text(START).striptags() == "08:30 Uhr"
        assert time_text(START, ZoneInfo("Europe/Athens")).striptags() == "10:30 Uhr"
        late = datetime(2027, 1, 12, 23, 30, tzinfo=UTC)
        assert weekday(late, ZoneInfo("Europe/Berlin")) == "Mittwoch"
        assert day_text(date(2027, 1, 12)).striptags() == "Dienstag, 12.01.2027"
        assert month_text(date(2027, 1, 12)) == "Januar 2027"


def test_a_time_without_zone_is_refused(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match="no time zone"):
        time_text(datetime(2027, 1, 12, 8, 30))


def test_localized_says_in_which_language_the_text_is(app: Flask) -> None:
    texts = {"de": "Pass <b>", "ar": "جواز السفر"}
    with app.test_request_context():
        g.language = "ar"
        assert localized(texts).__html__() == "جواز السفر"
        g.language = "uk"
        assert str(localized(texts)) == "Pass <b>"
        assert localized(texts).__html__() == '<span lang="de" dir="ltr">Pass &lt;b&gt;</span>'
        assert localized(texts, "ar").language.direction == "rtl"
        with pytest.raises(LookupError, match="no German text"):
            localized({"en": "Passport"})


def test_names_of_languages_are_readable_for_those_who_speak_them(app: Flask) -> None:
    with app.test_request_context():
        assert language_name("kmr") == "Kurmandschi (Kurdisch)"
        g.language = "tr"
        assert language_name("kmr") == "Kurmancî"
        assert html_attributes() == 'lang="tr" dir="ltr"'


def test_templates_escape_values_and_isolate_numbers(app: Flask) -> None:
    with app.test_request_context():
        g.language = "ar"
        page = render_template_string(
            '<html {{ html_attributes() }}>{{ _("Raum %(room)s", room=room) }} {{ phone|bdi }}',
            room="<1>",
            phone="02841 201-0",
        )
    assert page == '<html lang="ar" dir="rtl">الغرفة &lt;1&gt; <bdi dir="ltr">02841 201-0</bdi>'
    assert bdi("<x>") == '<bdi dir="ltr">&lt;x&gt;</bdi>'
