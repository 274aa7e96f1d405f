"""Several concerns one after the other on one day: found, kept, booked, moved and cancelled as one."""

import json
import re
from datetime import datetime, timedelta
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Claim, Hold, Municipality
from scheduler_app.services.catalogue import Catalogue
from tests.support.consistency import mistakes_in
from tests.web.client.visitor import SetClock, Visitor, starts, the_appointment

CONCERNS = "service=karte-fingerabdruck&service=wohnsitz-anmelden&service=kita-beratung"
CHAIN = f"/moers/slots?{CONCERNS}&interpreter=apc&chain=1&lang=de"


def offered(page: str) -> list[tuple[str, str]]:
    """The arrangement and the start that the button of each chain sends."""
    return re.findall(r'name="chain" value="(\{.*?\})">\s*<button[^>]* name="start" value="([^"]+)"', page)


def hold(visitor: Visitor, which: int = 0, address: str = CHAIN) -> str:
    arrangement, start = offered(visitor.get(address))[which]
    return visitor.post(address, chain=arrangement, start=start)


def book(visitor: Visitor, which: int = 0) -> str:
    return visitor.confirm(hold(visitor, which)).partition("?")[0]


def test_what_can_not_share_a_table_is_offered_one_after_the_other(visitor: Visitor) -> None:
    page = visitor.get(f"/moers/interpreter?{CONCERNS}&lang=de", 409)
    assert "Alles an einem Tag, nacheinander" in page
    address = re.search(r'href="(/moers/interpreter\?[^"]*chain=1[^"]*)"', page)
    assert address
    question = visitor.get(address[1])
    assert 'name="chain" value="1"' in question


def test_a_few_itineraries_on_each_of_the_first_days(visitor: Visitor) -> None:
    page = visitor.get(CHAIN)
    chains = offered(page)
    days = [datetime.fromisoformat(start).date() for _, start in chains]
    assert len(set(days)) == 5
    assert all(days.count(day) <= 3 for day in days)
    assert "Spätere Termine zeigen" in page
    for arrangement, _ in chains:
        request = json.loads(arrangement)
        ends = [
            offset + length for offset, length in zip(request["offsets"], request["lengths"], strict=True)
        ]
        assert all(end <= begin for end, begin in zip(ends, request["offsets"][1:], strict=False))


def test_mornings_and_weekdays_hold_for_every_visit(visitor: Visitor) -> None:
    page = visitor.get(f"{CHAIN}&time=morning&day=TU&day=TH")
    for arrangement, start in offered(page):
        begins = datetime.fromisoformat(start)
        request = json.loads(arrangement)
        ends = begins + timedelta(minutes=request["offsets"][-1] + request["lengths"][-1])
        assert begins.weekday() in {1, 3}
        assert (ends.hour + 1, ends.minute) <= (13, 0)  # UTC in winter
    slots = visitor.get("/moers/slots?service=kita-beratung&interpreter=none&time=afternoon&lang=de")
    assert all(datetime.fromisoformat(start).hour >= 11 for start in starts(slots))
    visitor.get(f"{CHAIN}&time=night", 400)
    visitor.get(f"{CHAIN}&day=XX", 400)


def test_the_hold_page_shows_the_whole_day(visitor: Visitor) -> None:
    page = visitor.get(hold(visitor))
    for words in (
        "Ihr Tag",
        "Ausländerbehörde Moers",
        "Bürgerservice Moers",
        "Jugendamt Moers",
        "Biometrisches Passfoto",
    ):
        assert words in page, words
    assert page.index("Ihre Handynummer") < page.index("Ihr Tag")
    assert "Alle Termine verbindlich buchen" in page


def test_a_chain_is_one_appointment_with_a_plan(visitor: Visitor, session: Session) -> None:
    page = visitor.get(f"{book(visitor)}?lang=ar")
    appointment = the_appointment(session)
    assert appointment.number in page
    assert "يومك" in page
    for concern in appointment.concerns:
        assert concern.place.rpartition(", ")[2] in page
        assert concern.service.papers[0]["ar"] in page
    assert "Auf Deutsch, zum Vorzeigen" in page
    assert all(before.ends_at <= after.starts_at for before, after in pairwise(appointment.concerns))
    assert mistakes_in(session) == []


def test_the_calendar_entry_has_all_times_and_places_and_no_topic(visitor: Visitor, session: Session) -> None:
    address = book(visitor)
    answer = visitor.client.get(f"{address}/termin.ics?lang=de")
    event = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    appointment = the_appointment(session)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (appointment.starts_at, appointment.ends_at)
    assert str(event["LOCATION"]) == appointment.place
    lines = str(event["DESCRIPTION"]).split("\n")
    assert len(lines) == len(appointment.concerns) + 1
    assert all(c.place in line for c, line in zip(appointment.concerns, lines, strict=False))
    assert not re.search("Amal|Kita|Fingerabdr|Jugendamt|Ausländer|Bürgerservice", answer.text)
    uid = event["UID"]
    other = starts(visitor.get(f"{address}/move?lang=de"))[0]
    visitor.post(f"{address}/move?lang=de", start=other)
    moved = Calendar.from_ical(visitor.client.get(f"{address}/termin.ics?lang=de").data).walk("VEVENT")[0]
    assert (moved["UID"], moved["SEQUENCE"]) == (uid, 1)


def test_moving_moves_every_visit_and_cancelling_frees_all(visitor: Visitor, session: Session) -> None:
    address = book(visitor)
    before = [concern.starts_at for concern in the_appointment(session).concerns]
    page = visitor.get(f"{address}/move?lang=de")
    assert "ändern sich zusammen" in page
    target = starts(page)[2]
    visitor.post(f"{address}/move?lang=de", start=target)
    appointment = the_appointment(session)
    shift = datetime.fromisoformat(target) - before[0]
    assert [concern.starts_at for concern in appointment.concerns] == [start + shift for start in before]
    assert mistakes_in(session) == []
    assert "alle Termine an diesem Tag" in visitor.get(f"{address}/cancel?lang=de")
    visitor.post(f"{address}/cancel?lang=de")
    session.rollback()
    assert session.scalars(select(Claim)).all() == []


def test_wishes_for_the_time_of_day_do_not_bind_who_moves(visitor: Visitor) -> None:
    address = visitor.confirm(visitor.hold("service=kita-beratung&time=morning", "none")).partition("?")[0]
    hours = {datetime.fromisoformat(start).hour for start in starts(visitor.get(f"{address}/move?lang=de"))}
    assert max(hours) >= 12


def test_a_chain_that_was_just_taken_gives_others(visitor: Visitor) -> None:
    arrangement, start = offered(visitor.get(CHAIN))[0]
    statuses = [
        visitor.client.post(CHAIN, data={"chain": arrangement, "start": start}).status_code for _ in range(4)
    ]
    assert statuses[0] == 303
    assert statuses[-1] == 409
    page = visitor.post(CHAIN, 409, chain=arrangement, start=start)
    assert "gerade vergeben" in page
    assert (arrangement, start) not in offered(page)
    assert offered(page)


def changed(arrangement: str, **changes: Any) -> str:
    return json.dumps({**json.loads(arrangement), **changes})


def test_an_arrangement_that_nobody_would_offer_is_refused(visitor: Visitor, session: Session) -> None:
    arrangement, start = offered(visitor.get(CHAIN))[0]
    request = json.loads(arrangement)
    for forged in (
        changed(arrangement, offsets=[0, 0, 0]),
        changed(arrangement, offsets=[0, 5, 400]),
        changed(arrangement, offsets=[15, *request["offsets"][1:]]),
        changed(arrangement, lengths=[5, 5, 5]),
        changed(arrangement, services=request["services"][:2]),
        changed(arrangement, services=[*request["services"][:2], "fallkonferenz"]),
    ):
        assert "kann nicht mehr gebucht werden" in visitor.post(CHAIN, 409, chain=forged, start=start)
    for broken in (
        "",
        "[]",
        "{",
        "null",
        "{}",
        changed(arrangement, offsets="abc"),
        changed(arrangement, offsets=[0, 15.0, 30]),
        changed(arrangement, offsets=[0, 120, 10**12]),
        changed(arrangement, offsets=[offset * -1 for offset in request["offsets"]]),
        changed(arrangement, lengths=[15, 15, 481]),
        changed(arrangement, services=[], offsets=[], lengths=[]),
        changed(arrangement, services=[["x"]] * 3),
        changed(arrangement, services=["x"] * 8_000, groups=list(range(8_000))),
        changed(arrangement, groups=[0]),
        changed(arrangement, groups=[0, 1, 10**9]),
        "[" * 5_000,
    ):
        assert "Diese Angaben passen nicht" in visitor.post(CHAIN, 400, chain=broken, start=start)
    session.rollback()
    assert session.scalars(select(Hold)).all() == []


def test_giving_it_back_or_coming_too_late_leads_to_the_same_search(
    visitor: Visitor, clock: SetClock
) -> None:
    address = f"{CHAIN}&time=morning"
    kept = hold(visitor, address=address)
    back = visitor.post(f"{kept.partition('?')[0]}/release?lang=de")
    assert "chain=1" in back
    assert "time=morning" in back
    assert offered(visitor.get(back))
    kept = hold(visitor, which=3)
    clock.pass_by(timedelta(minutes=16))
    page = visitor.get(kept, 410)
    assert "nicht mehr für Sie reserviert" in page
    assert offered(page)


def test_concerns_of_one_agency_are_one_visit(visitor: Visitor) -> None:
    page = visitor.get(
        "/moers/slots?service=wohnungssuche&service=wohnberechtigungsschein&service=kita-beratung"
        "&interpreter=none&chain=1&lang=de"
    )
    assert {len(json.loads(arrangement)["offsets"]) for arrangement, _ in offered(page)} == {2}


def test_one_desk_is_no_chain_and_seven_are_too_many(visitor: Visitor) -> None:
    one = visitor.client.get("/moers/slots?service=kita-beratung&interpreter=none&chain=1&lang=de")
    assert (one.status_code, "chain" in one.headers["Location"]) == (302, False)
    seven = (
        "karte-fingerabdruck", "karte-abholen", "wohnsitz-anmelden", "kita-beratung", "wohnungssuche",
        "schuluntersuchung", "kurs-beratung",
    )  # fmt: skip
    question = "&".join(f"service={key}" for key in seven)
    page = visitor.get(f"/moers/slots?{question}&interpreter=none&chain=1&lang=de", 409)
    assert "höchstens 6 Termine" in page
    joint = visitor.get(f"/moers/slots?{question}&interpreter=none&lang=de", 409)
    assert "Alles an einem Tag" not in joint
    assert "höchstens 6 Termine" in joint


def test_without_a_chain_it_says_why_and_what_helps(visitor: Visitor) -> None:
    page = visitor.get(f"{CHAIN}&from=2027-03-20&day=TU")
    assert "Leider ist kein Termin frei" in page
    assert "So gibt es freie Termine" in page
    assert "An einem früheren Tag" in page
    nobody = visitor.get(f"/moers/slots?{CONCERNS}&service=geburt-beurkunden&interpreter=som&chain=1&lang=de")
    assert "Niemand, der Somali dolmetscht, ist in dieser Zeit frei." in nobody
    assert "ohne Dolmetscher" not in nobody


def test_what_helps_opens_what_it_promises(visitor: Visitor) -> None:
    page = visitor.get(
        "/moers/slots?service=kita-beratung&service=wohnungssuche&interpreter=apc&from=2027-06-01&lang=de"
    )
    links = re.findall(
        r'href="(/moers/slots\?[^"]*)">(?!<)[^<]+</a><br>Der erste ist am .*?datetime="([^"]+)"', page
    )
    assert links
    for address, first in links:
        found = visitor.get(unescape(address))
        assert datetime.fromisoformat(first) == min(map(datetime.fromisoformat, starts(found)))


@pytest.mark.parametrize("lang", ["de", "ar", "uk", "tr", "en"])
def test_every_page_is_translated(visitor: Visitor, lang: str, session: Session, moers: Catalogue) -> None:
    municipality = session.get_one(Municipality, moers.municipality_id)
    assert lang in municipality.languages
    session.rollback()
    address = CHAIN.replace("lang=de", f"lang={lang}")
    page = visitor.get(address)
    assert ("Sie gehen von Stelle zu Stelle" in page) == (lang == "de")
    kept = visitor.get(hold(visitor, address=address))
    assert ("Alle Termine verbindlich buchen" in kept) == (lang == "de")
