"""Lead times, buffers, parts of a service, ways of interpreting and halls in the file, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Agency, AgencyKind, Claim, Interpreter, Municipality, Resource, Room, Service
from scheduler_app.services.import_municipality import ImportReport, import_municipality
from scheduler_app.services.municipality_file import MunicipalityFileRefused
from tests.support.municipality_example import changed, claim_for, example, versions

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def imported(session: Session) -> ImportReport:
    return import_municipality(session, example(), now=NOW)


def test_lead_times_buffers_and_parts_are_stored(session: Session, imported: ImportReport) -> None:
    whole, conference = session.scalars(select(Service).order_by(Service.position))
    assert (whole.lead_working_days, whole.room_step_free) == (0, False)
    assert (conference.lead_working_days, conference.room_step_free) == (1, True)
    assert [
        (n.minutes, n.offset_minutes, n.before_minutes, n.after_minutes, n.is_optional)
        for n in conference.needs
    ] == [(None, 0, 0, 5, False), (30, 15, 0, 0, True)]
    pool = session.scalars(select(Agency).where(Agency.kind == AgencyKind.INTERPRETER_POOL)).one()
    assert pool.lead_working_days == 2
    assert session.scalars(select(Room.after_minutes)).one() == 15
    interpreter = session.scalars(select(Interpreter)).one()
    assert (interpreter.gender, interpreter.on_site, interpreter.by_video) == ("female", True, True)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("lead_working_days: 1\n", "lead_working_days: 3\n", "service"),
        ("lead_working_days: 2 ", "lead_working_days: 0 ", "agency"),
        ("{team: abh-titel, after: 5}", "{team: abh-titel, after: 10}", "service"),
        ("minutes: 30, offset: 15, ", "", "service"),
        ("room: {seats: 4, step_free: yes}", "room: {seats: 4}", "service"),
        ("after_minutes: 15 ", "after_minutes: 0 ", "room"),
        ("gender: female", "gender: diverse", "interpreter"),
        ("works: [on_site, video]", "works: [video]", "interpreter"),
    ],
)
def test_a_changed_line_is_stored_once(
    session: Session, imported: ImportReport, old: str, new: str, kind: str
) -> None:
    text = changed(old, new)
    assert import_municipality(session, text, now=LATER).updated == {kind: 1}
    assert session.scalars(select(Municipality.catalogue_version)).one() == 2
    assert import_municipality(session, text, now=LATER).has_changes is False


def hall(session: Session, parallel: int, *, now: datetime = NOW) -> ImportReport:
    return import_municipality(session, changed("after_minutes: 15 ", f"parallel: {parallel} "), now=now)


def test_a_hall_takes_several_at_once(session: Session, imported: ImportReport) -> None:
    before = versions(session)
    assert hall(session, 3).has_changes
    resource = session.scalars(select(Resource).join(Room, Room.resource_id == Resource.id)).one()
    assert (resource.capacity, resource.is_exclusive) == (3, False)
    assert versions(session)["beratung"] > before["beratung"]
    assert hall(session, 3).has_changes is False
    hall(session, 1)
    session.refresh(resource)
    assert (resource.capacity, resource.is_exclusive) == (1, True)


def test_a_hall_with_appointments_ahead_can_not_take_fewer(session: Session, imported: ImportReport) -> None:
    hall(session, 3)
    for _ in range(2):
        claim_for(session, "beratung", LATER)
    claim_for(session, "beratung", LATER + timedelta(minutes=30))
    assert hall(session, 2).updated == {"room": 1}
    with pytest.raises(MunicipalityFileRefused) as refused:
        hall(session, 1)
    (problem,) = refused.value.problems
    assert example().split("\n")[problem.line - 1] == "  beratung:"
    assert problem.message == (
        "room 'beratung' is to take 1 at once, but still has 2 appointments ahead at one time; "
        "move or cancel some, then import again"
    )
    with pytest.raises(MunicipalityFileRefused, match="has had several appointments at one time"):
        hall(session, 1, now=LATER + timedelta(days=1))
    assert set(session.scalars(select(Claim.is_exclusive))) == {False}
    assert session.scalars(select(Resource.capacity).join(Room, Room.resource_id == Resource.id)).one() == 2


def test_claims_follow_a_hall_that_becomes_a_room(session: Session, imported: ImportReport) -> None:
    hall(session, 2)
    claim_for(session, "beratung", LATER)
    claim_for(session, "beratung", LATER, expires_at=NOW)  # a hold that ran out
    hall(session, 1)
    assert session.scalars(select(Claim.is_exclusive)).all() == [True]
