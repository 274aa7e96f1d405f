"""A slot is kept, and becomes an appointment by a name and a number."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler_app.models import Appointment, Hold
from scheduler_app.services.hold_slot import MOST_HOLDS_PER_SOURCE
from tests.web.client.conftest import CONTACT, THREE, Phone, SetClock, starts

ONE = "service=wohnsitz-anmelden"


def test_hold_page_says_until_when_and_what(phone: Phone) -> None:
    page = phone.get(phone.hold())
    assert "Sie haben noch 15 Minuten." in page
    assert "Der Termin ist bis " in page
    assert "09:15" in page
    assert "Kita-Platz" in page
    assert 'autocomplete="tel"' in page


def test_booking_leads_to_the_appointment_and_twice_to_the_same(phone: Phone, session: Session) -> None:
    hold = phone.hold()
    first, second = phone.post(hold, **CONTACT), phone.post(hold, **CONTACT)
    appointment = session.scalars(select(Appointment)).one()
    for address in (first, second):
        assert appointment.number in phone.get(address)
    again = phone.get(hold)
    assert "Dieser Termin ist gebucht" in again
    assert appointment.number in phone.get(phone.post(hold))


def test_language_of_the_page_is_the_language_of_her_messages(phone: Phone, session: Session) -> None:
    phone.post(phone.hold(lang="tr", interpreter="tur"), **CONTACT)
    assert session.scalars(select(Appointment)).one().client.language == "tr"


@pytest.mark.parametrize(
    ("name", "number", "words"),
    [
        ("", "0176 04069123", ["Bitte schreiben Sie Ihren Namen."]),
        ("Amal", "", ["Bitte schreiben Sie Ihre Handynummer."]),
        (" ", "02841 2010", ["Bitte schreiben Sie Ihren Namen.", "Das ist eine Festnetznummer."]),
        ("A" * 121, "0176 04069123", ["Dieser Name ist zu lang."]),
        ("A\x00", "0176 04069123", ["ein Zeichen, das wir nicht lesen können"]),
        ("Amal", "+999 1", ["Diese Ländervorwahl gibt es nicht."]),
        ("Amal", "0176", ["Diese Nummer ist zu kurz."]),
        ("Amal", "keine", ["Das ist keine Handynummer"]),
    ],
)
def test_mistakes_are_named_and_nothing_is_lost(
    phone: Phone, name: str, number: str, words: list[str]
) -> None:
    page = phone.post(phone.hold(), 400, name=name, phone=number)
    assert all(word in page for word in words)
    assert "data-focus" in page
    assert not number or f'value="{number}"' in page
    assert starts(page) == []


def test_a_slot_that_was_just_taken_gives_the_nearest_others(phone: Phone, session: Session) -> None:
    question = f"/moers/slots?{ONE}&interpreter=none&lang=de"
    start = starts(phone.get(question))[0]
    statuses = []
    for _ in range(4):  # three people work there
        response = phone.client.post(question, data={"start": start})
        statuses.append(response.status_code)
    assert statuses == [303, 303, 303, 409]
    assert "gerade vergeben" in response.text
    assert start not in starts(response.text)
    assert len(starts(response.text)) == 6


def test_times_that_are_not_offered_and_forged_ones(phone: Phone) -> None:
    question = f"/moers/slots?{ONE}&interpreter=none&lang=de"
    page = phone.post(question, 409, start="2026-11-23T09:00+00:00")
    assert "kann nicht mehr gebucht werden" in page
    assert starts(page)
    for forged in ("", "bald", "2026-12-01T09:00", "0001-01-01T00:00+14:00"):
        phone.post(question, 400, start=forged)


def test_too_many_holds_from_one_connection(phone: Phone, session: Session) -> None:
    hold = phone.hold(ONE, "none")
    source = session.scalars(select(Hold)).one()
    assert hold
    for number in range(MOST_HOLDS_PER_SOURCE - 1):
        columns = {c.key: getattr(source, c.key) for c in Hold.__table__.columns if c.key != "id"}
        session.add(Hold(**{**columns, "token_hash": f"{number:064d}"}))
    session.commit()
    page = phone.post(f"/moers/slots?{ONE}&interpreter=none&lang=de", 429, start="2026-12-01T09:00+00:00")
    assert "zu viele Anfragen" in page
    assert "tel:02214710100" in page


def test_giving_a_slot_back_leads_to_the_same_search(phone: Phone) -> None:
    hold = phone.hold()
    address = phone.post(f"{hold.partition('?')[0]}/release?lang=de")
    assert address == f"/moers/slots?{THREE}&interpreter=apc&lang=de"
    assert starts(phone.get(hold, 410))
    assert "nicht mehr für Sie reserviert" in phone.post(hold, 410, **CONTACT)


def test_after_the_deadline_it_is_still_booked_if_free(phone: Phone, clock: SetClock) -> None:
    hold = phone.hold()
    clock.pass_by(timedelta(minutes=16))
    assert starts(phone.get(hold, 410))
    assert phone.post(hold, **CONTACT).startswith("/t/")


def test_after_the_deadline_somebody_else_may_have_it(phone: Phone, clock: SetClock) -> None:
    hold = phone.hold("service=kita-beratung", "som")
    clock.pass_by(timedelta(minutes=16))
    phone.post(phone.hold("service=kita-beratung", "som"), name="Hodan", phone="0176 04069124")
    page = phone.post(hold, 409, **CONTACT)
    assert "gerade vergeben" in page
    assert starts(page)


def test_whoever_is_elsewhere_then_gets_other_times(phone: Phone) -> None:
    phone.book(question=ONE, interpreter="none")
    hold = phone.hold("service=schule-seiteneinstieg", "none")
    taken = phone.get(f"/moers/slots?{ONE}&interpreter=none&lang=de")
    page = phone.post(hold, 409, **CONTACT)
    assert "schon einen anderen Termin" in page
    assert starts(page)
    assert starts(taken)[0] not in starts(page)


def test_unknown_hold(phone: Phone) -> None:
    for lang, words in (("de", "Diese Reservierung gibt es nicht"), ("ar", "هذا الحجز المؤقت غير موجود")):
        assert words in phone.get(f"/moers/hold/nichts?lang={lang}", 404)
    phone.post("/moers/hold/nichts?lang=de", 404, **CONTACT)


def test_looking_changes_nothing(phone: Phone, session: Session) -> None:
    hold = phone.hold()
    before = session.scalars(select(Hold)).one().status
    phone.client.get(f"{hold.partition('?')[0]}/release")
    phone.get(hold)
    session.expire_all()
    assert session.scalars(select(Hold)).one().status == before


def test_a_concern_that_is_no_longer_offered_is_a_page(phone: Phone, session: Session) -> None:
    hold = phone.hold(ONE, "none")
    session.execute(
        update(Hold).values(request={**session.scalars(select(Hold)).one().request, "services": ["x"]})
    )
    session.commit()
    assert "Diese Seite gibt es nicht" in phone.get(hold, 404)
