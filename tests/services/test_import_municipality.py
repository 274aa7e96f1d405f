"""The municipality file on both databases: what is written, what changes, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler_app.models import (
    Account,
    AuditEntry,
    Base,
    Closure,
    Feed,
    Interpreter,
    Municipality,
    OpeningHours,
    PoolServes,
    Room,
    Service,
    SignIn,
    StaffMember,
    Team,
    TeamMember,
)
from scheduler_app.services.import_municipality import ImportReport, import_municipality
from scheduler_app.services.municipality_file import MunicipalityFileRefused
from tests.support.municipality_example import changed, claim_for, example, versions

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def rows(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def imported(session: Session) -> ImportReport:
    return import_municipality(session, example(), now=NOW)


def test_the_example_becomes_a_municipality(session: Session, imported: ImportReport) -> None:
    municipality = session.scalars(select(Municipality)).one()
    assert (imported.slug, imported.is_new, imported.notes) == ("musterstadt", True, ())
    assert municipality.languages == ["de", "en"]
    assert municipality.interpreter_extra_percent == 50
    counts = {
        model: rows(session, model) for model in (StaffMember, Interpreter, Room, Team, TeamMember, Service)
    }
    assert list(counts.values()) == [3, 1, 1, 1, 2, 2]
    assert rows(session, Account) == 4
    assert rows(session, PoolServes) == 1
    assert session.scalars(select(AuditEntry.action)).all() == ["imported"]


def test_a_service_is_stored_with_its_needs_and_papers(session: Session, imported: ImportReport) -> None:
    first, second = session.scalars(select(Service).order_by(Service.position))
    assert first.name == {"de": "Aufenthaltserlaubnis verlängern", "en": "Extend your residence permit"}
    assert [paper["en"] for paper in first.papers] == [
        "Passport or identity card",
        "Biometric passport photo",
    ]
    assert (first.interpreter_level, first.room_seats, first.is_online) == ("lay", 0, True)
    assert (second.name, second.room_seats, second.papers) == ({"de": "Gespräch im Beratungsraum"}, 4, [])
    assert [need.staff_member_id is None for need in second.needs] == [True, False]


def test_hours_are_those_of_the_agency_unless_somebody_has_own_ones(
    session: Session, imported: ImportReport
) -> None:
    own = session.scalars(
        select(StaffMember.key).join(OpeningHours, OpeningHours.resource_id == StaffMember.resource_id)
    )
    assert own.all() == ["b.schneider"]


def test_closures_are_local_times_and_include_the_last_day(session: Session, imported: ImportReport) -> None:
    carnival, change = session.scalars(select(Closure).order_by(Closure.starts_at))
    assert (carnival.starts_at, carnival.ends_at) == (
        datetime(2027, 2, 7, 23, 0, tzinfo=UTC),
        datetime(2027, 2, 8, 23, 0, tzinfo=UTC),
    )
    assert carnival.agency_id is None
    assert change.starts_at == datetime(2027, 3, 12, 11, 0, tzinfo=UTC)
    assert change.agency_id is not None


def test_interpreters_have_languages_with_varieties(session: Session, imported: ImportReport) -> None:
    interpreter = session.scalars(select(Interpreter)).one()
    spoken = {(s.language, s.variety, s.level) for s in interpreter.languages}
    assert spoken == {("ara", "apc", "certified"), ("fra", "", "lay")}
    assert interpreter.mobile == "+4917604069050"


def test_the_same_file_again_changes_nothing(session: Session, imported: ImportReport) -> None:
    before = versions(session)
    again = import_municipality(session, example().encode(), now=LATER)
    assert (again.is_new, again.has_changes) == (False, False)
    assert versions(session) == before
    assert session.scalars(select(Municipality.catalogue_version)).one() == 1
    assert rows(session, AuditEntry) == 1


def test_hours_of_an_agency_touch_only_people_without_own_hours(
    session: Session, imported: ImportReport
) -> None:
    before = versions(session)
    import_municipality(session, changed('mon: "08:00-12:00"\n', 'mon: "08:00-13:00"\n'), now=LATER)
    after = versions(session)
    assert {key for key in after if after[key] != before[key]} == {"k.yilmaz"}
    assert session.scalars(select(Municipality.catalogue_version)).one() == 2


def test_own_hours_touch_one_person(session: Session, imported: ImportReport) -> None:
    before = versions(session)
    report = import_municipality(
        session, changed('hours: {thu: "14:00-17:30"}', 'hours: {thu: "14:00-16:00"}'), now=LATER
    )
    assert (report.has_changes, report.updated) == (True, {"hours": 1})
    after = versions(session)
    assert {key for key in after if after[key] != before[key]} == {"b.schneider"}


def test_a_closure_of_an_agency_touches_its_people(session: Session, imported: ImportReport) -> None:
    before = versions(session)
    import_municipality(session, changed("until: 2027-03-15", "until: 2027-03-16"), now=LATER)
    after = versions(session)
    assert {key for key in after if after[key] != before[key]} == {"k.yilmaz", "b.schneider"}
    assert rows(session, Closure) == 2


def test_another_state_has_other_holidays_and_touches_everything(
    session: Session, imported: ImportReport
) -> None:
    before = versions(session)
    import_municipality(session, changed("state: NW", "state: BY"), now=LATER)
    assert versions(session) == {key: version + 1 for key, version in before.items()}


def without_yilmaz() -> str:
    text = "\n".join(line for line in example().split("\n") if "Kemal" not in line)
    return text.replace("[k.yilmaz, b.schneider]", "[b.schneider]")


def test_who_is_no_longer_in_the_file_becomes_inactive_and_loses_every_way_in(
    session: Session, imported: ImportReport
) -> None:
    person = session.scalars(select(StaffMember).where(StaffMember.key == "k.yilmaz")).one()
    account = session.scalars(select(Account).where(Account.staff_member_id == person.id)).one()
    session.add_all(
        [
            Feed(
                municipality_id=person.municipality_id,
                resource_id=person.resource_id,
                token_hash="f" * 64,
                created_at=NOW,
            ),
            SignIn(
                municipality_id=person.municipality_id,
                account_id=account.id,
                token_hash="a" * 64,
                created_at=NOW,
                expires_at=LATER,
            ),
        ]
    )
    session.commit()
    report = import_municipality(session, without_yilmaz(), now=LATER)
    assert report.removed == {"team member": 1, "staff": 1}
    session.expire_all()
    assert (person.is_active, account.is_active) == (False, False)
    assert session.scalars(select(Feed.revoked_at)).one() == LATER
    assert rows(session, SignIn) == 0
    assert import_municipality(session, without_yilmaz(), now=LATER).has_changes is False


def test_who_comes_back_is_the_same_person(session: Session, imported: ImportReport) -> None:
    import_municipality(session, without_yilmaz(), now=NOW)
    import_municipality(session, example(), now=LATER)
    person = session.scalars(select(StaffMember).where(StaffMember.key == "k.yilmaz")).one()
    account = session.scalars(select(Account).where(Account.staff_member_id == person.id)).one()
    assert (person.is_active, account.is_active) == (True, True)


def test_who_has_appointments_ahead_is_not_removed(session: Session, imported: ImportReport) -> None:
    claim_for(session, "k.yilmaz", LATER)
    with pytest.raises(MunicipalityFileRefused) as refused:
        import_municipality(session, without_yilmaz(), now=NOW)
    (problem,) = refused.value.problems
    assert without_yilmaz().split("\n")[problem.line - 1] == "  abh:"
    assert "staff 'k.yilmaz' is no longer in the file, but still has 1 appointment ahead" in problem.message
    assert session.scalars(select(StaffMember.is_active).where(StaffMember.key == "k.yilmaz")).one()


def test_past_appointments_do_not_matter(session: Session, imported: ImportReport) -> None:
    claim_for(session, "k.yilmaz", NOW - timedelta(days=1))
    assert import_municipality(session, without_yilmaz(), now=NOW).removed["staff"] == 1


def taken_over(session: Session, text: str) -> tuple[Account, ImportReport]:
    """Import a file in which another key has the address of Kemal Yılmaz, who had a password and was signed in."""
    query = select(Account).where(Account.email == "k.yilmaz@musterstadt.example")
    account = session.scalars(query).one()
    account.password_hash = "his"
    session.add(
        SignIn(
            municipality_id=account.municipality_id,
            account_id=account.id,
            token_hash="a" * 64,
            created_at=NOW,
            expires_at=LATER,
        )
    )
    session.commit()
    report = import_municipality(session, text, now=LATER)
    assert session.scalars(query).one() is account
    session.refresh(account)
    return account, report


def renamed() -> str:
    return example().replace("k.yilmaz:", "kemal:").replace("[k.yilmaz,", "[kemal,")


def test_a_new_key_with_the_same_address_and_name_keeps_the_account(
    session: Session, imported: ImportReport
) -> None:
    account, report = taken_over(session, renamed())
    assert (account.is_active, account.password_hash, report.notes) == (True, "his", ())
    assert account.staff_member is not None
    assert account.staff_member.key == "kemal"


@pytest.mark.parametrize("left_before", [False, True])
def test_the_password_of_who_left_lets_no_successor_in(
    session: Session, imported: ImportReport, left_before: bool
) -> None:
    if left_before:
        import_municipality(session, without_yilmaz(), now=NOW)
    account, report = taken_over(session, renamed().replace("Kemal Yılmaz", "Karin Yilmaz"))
    assert (account.is_active, account.password_hash) == (True, "")
    assert rows(session, SignIn) == 0
    assert [note.partition(" who ")[2] for note in report.notes] == ["needs a new password"]


def test_two_people_can_swap_addresses(session: Session, imported: ImportReport) -> None:
    swapped = (
        example().replace("email: k.yilmaz@", "email: x@").replace("email: b.schneider@", "email: k.yilmaz@")
    )
    import_municipality(session, swapped.replace("email: x@", "email: b.schneider@"), now=LATER)
    query = select(StaffMember.key).join(Account, Account.staff_member_id == StaffMember.id)
    found = session.scalars(query.where(Account.email == "k.yilmaz@musterstadt.example"))
    assert found.all() == ["b.schneider"]


def test_an_address_of_another_municipality_is_refused(session: Session, imported: ImportReport) -> None:
    other = (
        example()
        .replace("slug: musterstadt", "slug: nachbarstadt")
        .replace("[musterstadt]", "[nachbarstadt]")
    )
    with pytest.raises(MunicipalityFileRefused) as refused:
        import_municipality(session, other, now=LATER)
    assert [problem.message for problem in refused.value.problems] == [
        f"'{name}@musterstadt.example' already belongs to an account of another municipality"
        for name in ("k.yilmaz", "b.schneider", "b.winkler", "r.haddad")
    ]
    assert rows(session, Municipality) == 1


def test_a_pool_that_serves_a_neighbour_changes_the_neighbours_offer(
    session: Session, imported: ImportReport
) -> None:
    neighbour = (
        example().replace("slug: musterstadt", "slug: nachbarstadt").replace("@musterstadt", "@nachbarstadt")
    )
    report = import_municipality(
        session, neighbour.replace("[musterstadt]", "[nachbarstadt, fern]"), now=LATER
    )
    assert report.notes == (
        "pool 'sprachmittlerpool' serves 'fern', which is not here yet; import again once it is",
    )
    import_municipality(session, neighbour.replace("[musterstadt]", "[nachbarstadt, musterstadt]"), now=LATER)
    catalogue_versions = dict(
        session.execute(select(Municipality.slug, Municipality.catalogue_version)).all()
    )
    assert catalogue_versions == {"musterstadt": 2, "nachbarstadt": 2}


def test_a_service_and_a_room_that_are_gone_become_inactive(session: Session, imported: ImportReport) -> None:
    text = example()
    text = text[: text.index("  fallbesprechung:")].replace(
        text[text.index("rooms:\n") : text.index("pools:\n")], ""
    )
    report = import_municipality(session, text, now=LATER)
    assert report.removed == {"service": 1, "room": 1}
    assert session.scalars(select(Service.key).where(Service.is_active)).all() == ["titel-verlaengern"]


def test_a_refused_file_writes_nothing(session: Session) -> None:
    with pytest.raises(MunicipalityFileRefused):
        import_municipality(session, changed("state: NW", "state: XX"), now=NOW)
    assert rows(session, Municipality) == 0
