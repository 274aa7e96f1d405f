"""From the first page to the slots: language, concerns, interpreter."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Municipality
from tests.web.client.visitor import THREE, Visitor, starts


def test_one_municipality_needs_no_list(app: Flask) -> None:
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/moers/")


def test_several_municipalities_are_listed(visitor: Visitor, session: Session) -> None:
    columns = {
        c.key: getattr(session.scalars(select(Municipality)).one(), c.key) for c in Municipality.__table__.c
    }
    session.add(Municipality(**{**columns, "id": None, "slug": "andernorts", "name": "Andernorts"}))
    session.commit()
    page = visitor.get("/?lang=tr")
    assert 'lang="tr"' in page
    assert 'href="/moers/?lang=tr"' in page
    assert 'href="/andernorts/?lang=tr"' in page
    assert "Andernorts" in page


def test_language_is_asked_for_when_nothing_tells_it(visitor: Visitor) -> None:
    page = visitor.get("/moers/")
    for tag, name in (("de", "Deutsch"), ("uk", "Українська"), ("ar", "العربية"), ("tr", "Türkçe")):
        assert f'href="/moers/?lang={tag}"' in page
        assert name in page
    assert 'name="service"' not in page


def test_language_of_the_browser_is_taken_and_can_be_switched(app: Flask) -> None:
    page = app.test_client().get("/moers/", headers={"Accept-Language": "uk-UA,ru;q=0.8"}).text
    assert '<html lang="uk" dir="ltr">' in page
    assert 'name="service"' in page
    assert "/moers/?lang=ar" in page


def test_arabic_pages_run_from_right_to_left(visitor: Visitor) -> None:
    for address in ("/moers/?lang=ar", f"/moers/slots?{THREE}&interpreter=apc&lang=ar"):
        page = visitor.get(address)
        assert '<html lang="ar" dir="rtl">' in page
        assert "kern.rtl.css" in page


def test_only_what_can_be_booked_online_is_offered(visitor: Visitor) -> None:
    page = visitor.get("/moers/?lang=ar")
    assert 'value="kita-beratung"' in page
    assert 'value="fallkonferenz"' not in page
    assert 'lang="de" dir="ltr">Wohnsitz anmelden' in page
    visitor.get("/moers/slots?service=fallkonferenz&interpreter=none&lang=de", 404)


def test_going_on_without_a_concern_is_explained(visitor: Visitor) -> None:
    page = visitor.get("/moers/interpreter?lang=de", 400)
    assert "Bitte wählen Sie mindestens ein Anliegen." in page
    assert "data-focus" in page


def test_concerns_that_cannot_be_joined_are_offered_one_by_one(visitor: Visitor) -> None:
    for step in ("interpreter", "slots"):
        page = visitor.get(f"/moers/{step}?service=karte-abholen&{THREE}&interpreter=apc&lang=de", 409)
        assert "Dieses Anliegen braucht einen eigenen Termin" in page
        assert "Aufenthaltskarte abholen" in page
        assert "/moers/interpreter?service=karte-abholen&lang=de" in page
        assert f"/moers/interpreter?{THREE}&lang=de" in page


def test_page_language_is_the_first_interpreter_offered(visitor: Visitor) -> None:
    page = visitor.get(f"/moers/interpreter?{THREE}&lang=ar")
    assert page.index('value="ara" aria') < page.index('value="apc"') < page.index('value="none"')
    assert page.index('value="none"') < page.index('value="tur"')
    assert page.count(" checked") == 1
    assert "العربية الشامية" in page
    assert "Arabisch (Syrien, Libanon, Palästina)" in page
    assert " checked" not in visitor.get(f"/moers/interpreter?{THREE}&lang=de")


@pytest.mark.parametrize(
    ("answer", "words"),
    [("", "Bitte wählen Sie eine Antwort."), ("xyz", "Für diese Sprache haben wir niemanden.")],
)
def test_interpreter_question_must_be_answered(visitor: Visitor, answer: str, words: str) -> None:
    assert words in visitor.get(f"/moers/slots?{THREE}&interpreter={answer}&lang=de", 400)


def test_no_interpreter_is_asked_for_where_nobody_talks(app: Flask) -> None:
    answer = app.test_client().get("/moers/interpreter?service=karte-abholen&lang=de")
    assert answer.headers["Location"] == "/moers/slots?service=karte-abholen&interpreter=none&lang=de"


def test_slots_say_what_they_save_and_what_to_bring(visitor: Visitor) -> None:
    page = visitor.get(f"/moers/slots?{THREE}&interpreter=apc&lang=de")
    assert "3 Anliegen bei einem gemeinsamen Termin" in page
    assert "Das spart Ihnen 2 Wege." in page
    assert "Geburtsurkunde des Kindes" in page
    assert 5 <= len(starts(page)) <= 30


def test_later_dates_come_after_the_first_ones(visitor: Visitor) -> None:
    first = visitor.get(f"/moers/slots?{THREE}&interpreter=apc&lang=de")
    later = first.partition("Spätere Termine zeigen")[0].rpartition('href="')[2].partition('"')[0]
    assert "from=2026-" in later
    page = visitor.get(later)
    assert min(starts(page)) > max(starts(first))
    assert "Die ersten Termine zeigen" in page


def test_slots_are_local_times(visitor: Visitor) -> None:
    page = visitor.get("/moers/slots?service=wohnsitz-anmelden&interpreter=none&lang=de&from=2026-12-01")
    assert starts(page)[0] == "2026-12-01T07:00+00:00"
    assert "08:00" in page


def test_without_a_slot_the_reason_and_the_telephone_stand_there(visitor: Visitor) -> None:
    page = visitor.get("/moers/slots?service=geburt-beurkunden&interpreter=som&lang=de")
    assert "Niemand, der Somali dolmetscht, ist in dieser Zeit frei." in page
    assert 'href="tel:02214710100"' in page
    far = visitor.get(f"/moers/slots?{THREE}&interpreter=none&from=2030-01-01&lang=de")
    assert "Leider ist kein Termin frei" in far


@pytest.mark.parametrize("day", ["morgen", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused_in_words(visitor: Visitor, day: str) -> None:
    assert "Diese Angaben passen nicht" in visitor.get(
        f"/moers/slots?{THREE}&interpreter=none&from={day}&lang=de", 400
    )


@pytest.mark.parametrize("address", ["/nirgends/", "/moers/slots?service=x&interpreter=none", "/moers/x"])
def test_what_does_not_exist_is_a_page_in_her_language(visitor: Visitor, address: str) -> None:
    page = visitor.get(f"{address}{'&' if '?' in address else '?'}lang=uk", 404)
    assert "Такої сторінки немає" in page


def test_an_address_that_no_database_takes_is_a_page_too(visitor: Visitor) -> None:
    assert "Ці дані не підходять" in visitor.get("/a%00b/?lang=uk", 400)
