"""Her appointment: the proof, the calendar entry, moving and cancelling."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler_app.models import Municipality, ParticipationRole, PartStat, Service
from scheduler_app.services.catalogue import Catalogue
from tests.web.client.visitor import NOW, SetClock, Visitor, starts, the_appointment


def test_proof_is_in_her_language_and_in_german(visitor: Visitor, session: Session) -> None:
    page = visitor.get(f"{visitor.book(lang='ar')}?lang=ar")
    appointment = the_appointment(session)
    assert '<html lang="ar" dir="rtl">' in page
    for text in (
        "تم حجز موعدك",
        appointment.number,
        "جواز السفر أو بطاقة الهوية",
        "Reisepass oder Personalausweis",
        "المدخل الرئيسي من ساحة",
        "العربية الشامية",
        "تم تحديد مترجم شفوي لك.",
        f"Termin {appointment.number} am",
        "23.11.2026",
        "<svg",
        "/termin.ics?lang=ar",
    ):
        assert text in page, text
    assert " style=" not in page


def test_without_a_wish_her_own_language_is_used(visitor: Visitor) -> None:
    assert '<html lang="tr"' in visitor.get(visitor.book(lang="tr", interpreter="tur"))


@pytest.mark.parametrize(
    ("partstat", "ended", "words"),
    [
        (PartStat.ACCEPTED, False, "Ein Dolmetscher hat zugesagt."),
        (PartStat.NEEDS_ACTION, False, "Ein Dolmetscher ist für Sie eingeplant."),
        (PartStat.DECLINED, True, "Wir suchen noch einen Dolmetscher."),
    ],
)
def test_state_of_the_interpreter(
    visitor: Visitor, session: Session, partstat: PartStat, ended: bool, words: str
) -> None:
    address = visitor.book()
    part = next(p for p in the_appointment(session).participations if p.role == ParticipationRole.INTERPRETER)
    part.partstat = partstat
    part.ended_at = NOW if ended else None
    session.commit()
    assert words in visitor.get(f"{address}?lang=de")


def test_calendar_file_is_neutral(visitor: Visitor, session: Session) -> None:
    address = visitor.book(lang="uk", interpreter="ukr")
    answer = visitor.client.get(f"{address}/termin.ics?lang=uk")
    assert answer.content_type == "text/calendar; charset=utf-8"
    event = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    appointment = the_appointment(session)
    assert event["SUMMARY"] == f"Візит {appointment.number}"
    assert "Rathausplatz 1" in str(event["LOCATION"])
    assert event.decoded("DTSTART") == appointment.starts_at
    assert not re.search("Amal|Kita|Wohnung|/t/|Jugendamt", answer.text)


def test_others_can_check_it_and_see_no_more_than_that(visitor: Visitor, session: Session) -> None:
    page = visitor.get(f"{visitor.book()}?lang=de")
    address = re.search(r"http://127\.0\.0\.1:8000(/moers/check/[\w/-]+)", page)
    assert address
    checked = visitor.get(f"{address[1]}?lang=de")
    appointment = the_appointment(session)
    assert "Diese Terminbestätigung ist echt" in checked
    assert appointment.number in checked
    assert "Bestätigt" in checked
    assert not re.search("Amal|Kita|Wohnung|0406|Beratung|Arabisch", checked)
    visitor.get(f"/moers/check/{appointment.number}/{'0' * 16}?lang=de", 404)
    visitor.get(f"/moers/check/{appointment.number}/ä?lang=de", 404)
    visitor.get("/moers/check/KIM-0000-0000/x?lang=de", 404)


def check_address(page: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/moers/check/[\w/-]+)", page)
    assert found
    return found[1]


def test_an_old_paper_does_not_tell_the_new_time(visitor: Visitor, session: Session) -> None:
    address = visitor.book()
    old = check_address(visitor.get(f"{address}?lang=de"))
    visitor.post(f"{address}/move?lang=de", start=starts(visitor.get(f"{address}/move?lang=de"))[3])
    page = visitor.get(f"{old}?lang=de")
    assert "Dieser Termin wurde geändert." in page
    assert "Dieses Papier gilt nicht mehr." in page
    assert not re.search(r"\d\d\.\d\d\.20\d\d|\d\d:\d\d|ist echt|Bestätigt", page)
    assert "Bu kâğıt artık geçerli değil." in visitor.get(f"{old}?lang=tr")
    new = check_address(visitor.get(f"{address}?lang=de"))
    assert new != old
    assert "Diese Terminbestätigung ist echt" in visitor.get(f"{new}?lang=de")


def test_a_paper_tells_that_its_appointment_is_cancelled(visitor: Visitor) -> None:
    address = visitor.book()
    paper = check_address(visitor.get(f"{address}?lang=de"))
    visitor.post(f"{address}/cancel?lang=de")
    for printed in (paper, check_address(visitor.get(f"{address}?lang=de"))):
        page = visitor.get(f"{printed}?lang=de")
        assert "Diese Terminbestätigung ist echt" in page
        assert "Abgesagt" in page


@pytest.mark.parametrize("change", [{"is_joint": False}, {"is_active": False}])
def test_what_is_no_longer_offered_is_not_moved_but_told_in_words(
    visitor: Visitor, session: Session, moers: Catalogue, change: dict[str, bool]
) -> None:
    address = visitor.book()
    target = starts(visitor.get(f"{address}/move?lang=de"))[3]
    session.execute(update(Service).where(Service.key == "wohnungssuche").values(**change))
    session.execute(update(Municipality).values(catalogue_version=Municipality.catalogue_version + 1))
    session.commit()
    words = "Diesen Termin können Sie hier nicht verschieben. Bitte rufen Sie uns an."
    for page in (
        visitor.get(f"{address}/move?lang=de"),
        visitor.post(f"{address}/move?lang=de", 409, start=target),
    ):
        assert words in page
        assert moers.phone in page
    assert the_appointment(session).sequence == 0


def test_moving_keeps_the_number_and_shows_the_new_time(visitor: Visitor, session: Session) -> None:
    address = visitor.book()
    before = the_appointment(session)
    number, was = before.number, before.starts_at
    offered = starts(visitor.get(f"{address}/move?lang=de"))
    assert was.isoformat(timespec="minutes") not in offered
    for _ in range(2):
        assert visitor.post(f"{address}/move?lang=de", start=offered[3]) == f"{address}?lang=de"
    page = visitor.get(f"{address}?lang=de")
    after = the_appointment(session)
    assert (after.number, after.sequence) == (number, 1)
    assert after.starts_at.isoformat(timespec="minutes") == offered[3]
    assert "Dieser Termin wurde geändert." in page


def test_moving_to_a_time_that_is_gone_changes_nothing(visitor: Visitor, session: Session) -> None:
    address = visitor.book(question="service=geburt-beurkunden", interpreter="tur")
    target = starts(visitor.get(f"{address}/move?lang=de"))[4]
    question = "/moers/slots?service=geburt-beurkunden&interpreter=tur&lang=de"
    visitor.post(question, start=target)
    page = visitor.post(f"{address}/move?lang=de", 409, start=target)
    assert "gerade vergeben" in page
    assert starts(page)
    page = visitor.post(f"{address}/move?lang=de", 409, start="2026-11-22T09:00+00:00")
    assert "kann nicht mehr gebucht werden" in page
    assert the_appointment(session).sequence == 0
    visitor.post(f"{address}/move?lang=de", 400, start="irgendwann")


def test_cancelling_asks_first_and_is_shown(visitor: Visitor, session: Session) -> None:
    address = visitor.book()
    assert "Möchten Sie diesen Termin absagen?" in visitor.get(f"{address}/cancel?lang=de")
    assert the_appointment(session).status == "confirmed"
    for _ in range(2):
        assert visitor.post(f"{address}/cancel?lang=de") == f"{address}?lang=de"
    assert the_appointment(session).status == "cancelled"
    page = visitor.get(f"{address}?lang=de")
    assert "Ihr Termin ist abgesagt" in page
    assert "Abgesagt am" in page
    assert f"{address}/move" not in page
    for step in ("move", "cancel"):
        assert visitor.client.get(f"{address}/{step}?lang=de").status_code == 303
    assert "kann nicht mehr geändert werden" in visitor.post(
        f"{address}/move?lang=de", 409, start="2026-12-01T09:00+00:00"
    )


def test_an_appointment_that_is_over_stays_as_it_was(
    visitor: Visitor, session: Session, clock: SetClock
) -> None:
    address = visitor.book()
    appointment = the_appointment(session)
    clock.now = appointment.starts_at + timedelta(minutes=5)
    page = visitor.get(f"{address}?lang=de")
    assert "/move" not in page
    assert "/cancel" in page
    clock.now = appointment.ends_at + timedelta(minutes=1)
    assert "Dieser Termin ist vorbei" in visitor.get(f"{address}?lang=de")
    assert "kann nicht mehr geändert werden" in visitor.post(f"{address}/cancel?lang=de", 409)
    clock.now = appointment.ends_at + timedelta(days=1, minutes=1)
    assert "Dieser Link gilt nicht" in visitor.get(f"{address}?lang=de", 404)


@pytest.mark.parametrize("step", ["", "/move", "/cancel", "/termin.ics"])
def test_a_wrong_link_says_whom_to_call(visitor: Visitor, moers: Catalogue, step: str) -> None:
    page = visitor.get(f"/t/{'x' * 22}{step}?lang=de", 404)
    assert "Dieser Link gilt nicht" in page
    assert moers.phone in page
