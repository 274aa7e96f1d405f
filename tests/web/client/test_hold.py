"""A slot is kept, and becomes an appointment by a name and a number."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler_app.models import Appointment, Hold, Interpreter, Municipality, Room, StaffMember
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.hold_slot import MOST_HOLDS_PER_SOURCE
from tests.web.client.visitor import THREE, SetClock, Visitor, starts, the_appointment

ONE = "service=wohnsitz-anmelden"


def test_hold_page_says_until_when_and_what(visitor: Visitor) -> None:
    page = visitor.get(visitor.hold())
    assert "Sie haben noch 15 Minuten." in page
    assert "Der Termin ist bis " in page
    assert "09:15" in page
    assert "Kita-Platz" in page
    assert 'autocomplete="tel"' in page


def test_booking_leads_to_the_appointment_and_twice_to_the_same(visitor: Visitor, session: Session) -> None:
    hold = visitor.hold()
    first, second = visitor.confirm(hold), visitor.confirm(hold)
    appointment = the_appointment(session)
    for address in (first, second):
        assert appointment.number in visitor.get(address)
    again = visitor.get(hold)
    assert "Dieser Termin ist gebucht" in again
    assert appointment.number in visitor.get(visitor.post(hold))


def test_language_of_the_page_is_the_language_of_her_messages(visitor: Visitor, session: Session) -> None:
    visitor.confirm(visitor.hold(lang="tr", interpreter="tur"))
    assert the_appointment(session).client.language == "tr"


@pytest.mark.parametrize(
    ("name", "number", "words"),
    [
        ("", "0176 04069123", ["Bitte schreiben Sie Ihren Namen."]),
        ("Amal", "", ["Bitte schreiben Sie Ihre Handynummer."]),
        (" ", "02841 2010", ["Bitte schreiben Sie Ihren Namen.", "Das ist eine Festnetznummer."]),
        ("A" * 121, "0176 04069123", ["Dieser Name ist zu lang."]),
        ("A\x07", "0176 04069123", ["ein Zeichen, das wir nicht lesen können"]),
        ("Amal", "+999 1", ["Diese Ländervorwahl gibt es nicht."]),
        ("Amal", "0176", ["Diese Nummer ist zu kurz."]),
        ("Amal", "keine", ["Das ist keine Handynummer"]),
    ],
)
def test_mistakes_are_named_and_nothing_is_lost(
    visitor: Visitor, name: str, number: str, words: list[str]
) -> None:
    page = visitor.post(visitor.hold(), 400, name=name, phone=number)
    assert all(word in page for word in words)
    assert "data-focus" in page
    assert not number or f'value="{number}"' in page
    assert starts(page) == []


def test_a_slot_that_was_just_taken_gives_the_nearest_others(visitor: Visitor, session: Session) -> None:
    question = f"/moers/slots?{ONE}&interpreter=none&lang=de"
    start = starts(visitor.get(question))[0]
    statuses = []
    for _ in range(4):  # three people work there
        response = visitor.client.post(question, data={"start": start})
        statuses.append(response.status_code)
    assert statuses == [303, 303, 303, 409]
    assert "gerade vergeben" in response.text
    assert start not in starts(response.text)
    assert len(starts(response.text)) == 6


def test_times_that_are_not_offered_and_forged_ones(visitor: Visitor) -> None:
    question = f"/moers/slots?{ONE}&interpreter=none&lang=de"
    page = visitor.post(question, 409, start="2026-11-23T09:00+00:00")
    assert "kann nicht mehr gebucht werden" in page
    assert starts(page)
    for forged in ("", "bald", "2026-12-01T09:00", "0001-01-01T00:00+14:00"):
        visitor.post(question, 400, start=forged)


def test_too_many_holds_from_one_connection(visitor: Visitor, session: Session) -> None:
    hold = visitor.hold(ONE, "none")
    source = session.scalars(select(Hold)).one()
    assert hold
    for number in range(MOST_HOLDS_PER_SOURCE - 1):
        columns = {c.key: getattr(source, c.key) for c in Hold.__table__.columns if c.key != "id"}
        session.add(Hold(**{**columns, "token_hash": f"{number:064d}"}))
    session.commit()
    page = visitor.post(f"/moers/slots?{ONE}&interpreter=none&lang=de", 429, start="2026-12-01T09:00+00:00")
    assert "zu viele Anfragen" in page
    assert "tel:02214710100" in page


def test_giving_a_slot_back_leads_to_the_same_search(visitor: Visitor) -> None:
    hold = visitor.hold()
    address = visitor.post(f"{hold.partition('?')[0]}/release?lang=de")
    assert address == f"/moers/slots?{THREE}&interpreter=apc&lang=de"
    assert starts(visitor.get(hold, 410))
    assert "nicht mehr für Sie reserviert" in visitor.confirm(hold, 410)


def test_after_the_deadline_it_is_still_booked_if_free(visitor: Visitor, clock: SetClock) -> None:
    hold = visitor.hold(which=5)
    clock.pass_by(timedelta(minutes=16))
    assert starts(visitor.get(hold, 410))
    assert visitor.confirm(hold).startswith("/t/")


def test_after_the_deadline_somebody_else_may_have_it(visitor: Visitor, clock: SetClock) -> None:
    hold = visitor.hold("service=kita-beratung", "som", which=5)
    clock.pass_by(timedelta(minutes=16))
    rival = visitor.hold("service=kita-beratung", "som", which=5)
    visitor.post(rival, name="Hodan", phone="0176 04069124")
    page = visitor.confirm(hold, 409)
    assert "Sie ist vergeben, oder Sie haben dann schon einen anderen Termin" in page
    assert starts(page)


def test_who_is_elsewhere_then_is_told_no_more_than_after_a_lost_race(visitor: Visitor) -> None:
    """Name and number are not proved: nobody may learn from this page when somebody else is busy."""
    visitor.book(question=ONE, interpreter="none")
    hold = visitor.hold("service=schule-seiteneinstieg", "none")
    page = visitor.confirm(hold, 409)
    assert "Sie ist vergeben, oder Sie haben dann schon einen anderen Termin" in page
    assert starts(page)


def test_unknown_hold(visitor: Visitor) -> None:
    for lang, words in (("de", "Diese Reservierung gibt es nicht"), ("ar", "هذا الحجز المؤقت غير موجود")):
        assert words in visitor.get(f"/moers/hold/nichts?lang={lang}", 404)
    visitor.confirm("/moers/hold/nichts?lang=de", 404)


def test_looking_changes_nothing(visitor: Visitor, session: Session) -> None:
    hold = visitor.hold()
    before = session.scalars(select(Hold)).one().status
    visitor.client.get(f"{hold.partition('?')[0]}/release")
    visitor.get(hold)
    session.rollback()
    assert session.scalars(select(Hold)).one().status == before


@pytest.mark.parametrize("gone", [Room, StaffMember, Interpreter])
def test_who_was_kept_and_left_meanwhile_is_no_fault(
    visitor: Visitor, session: Session, moers: Catalogue, gone: type[Room | StaffMember | Interpreter]
) -> None:
    """The catalogue no longer knows a room that was given up, and nobody who works there no more."""
    hold = visitor.hold()
    kept = session.scalars(select(Hold)).one().assignment.values()
    ids = session.scalars(select(gone.resource_id).where(gone.resource_id.in_(kept))).all()
    assert ids
    session.execute(update(gone).where(gone.resource_id.in_(ids)).values(is_active=False))
    session.execute(update(Municipality).values(catalogue_version=Municipality.catalogue_version + 1))
    session.commit()
    for page in (visitor.get(hold, 410), visitor.confirm(hold, 410)):
        assert "kann nicht mehr gebucht werden" in page
        assert starts(page)
    session.rollback()
    assert session.scalars(select(Appointment)).all() == []


def test_a_concern_that_is_no_longer_offered_is_a_page(visitor: Visitor, session: Session) -> None:
    hold = visitor.hold(ONE, "none")
    session.execute(
        update(Hold).values(request={**session.scalars(select(Hold)).one().request, "services": ["x"]})
    )
    session.commit()
    assert "Diese Seite gibt es nicht" in visitor.get(hold, 404)
