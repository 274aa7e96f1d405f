"""What the catalogue says about rooms, interpreters and what services need."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Agency, Room, Service, ServiceNeed, StaffMember
from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.catalogue_entries import Catalogue, NeedEntry
from tests.support.builders import Town, add_interpreter, add_town, raise_catalogue_version


def reread(session: Session, town: Town) -> Catalogue:
    raise_catalogue_version(session, town)
    session.commit()
    return catalogue_of(session, town.slug)


def needs_of(session: Session, town: Town, *needs: ServiceNeed) -> tuple[NeedEntry, ...]:
    """What the catalogue says of ``titel`` once it needs these; the first two clerks are ``clerk``."""
    service = session.scalars(select(Service).where(Service.key == "titel")).one()
    service.needs = list(needs)
    return reread(session, town).service("titel").needs


def need(town: Town, **values: object) -> ServiceNeed:
    owner = {} if "staff_member_id" in values else {"team_id": town.teams["clerk"]}
    return ServiceNeed(municipality_id=town.municipality_id, **{**owner, **values})


def test_every_row_of_one_team_has_a_key_of_its_own(session: Session, town: Town) -> None:
    found = needs_of(session, town, need(town), need(town), need(town, minutes=15))
    clerk = town.role("clerk")
    assert [entry.key for entry in found] == [clerk, f"{clerk}/2", f"{clerk}/3"]
    assert {entry.candidates for entry in found} == {tuple(town.clerks)}
    assert {entry.name for entry in found} == {"Clerk"}


def test_the_first_of_a_team_has_the_same_key_in_all_services(session: Session, town: Town) -> None:
    needs_of(session, town, need(town), need(town))
    catalogue = catalogue_of(session, town.slug)
    assert catalogue.service("finger").needs[0].key == catalogue.service("titel").needs[0].key


def test_times_of_a_need_are_as_stored(session: Session, town: Town) -> None:
    usual, special = needs_of(
        session,
        town,
        need(town),
        need(town, minutes=10, offset_minutes=5, before_minutes=15, after_minutes=20, is_optional=True),
    )
    assert usual == NeedEntry(town.role("clerk"), "Clerk", tuple(town.clerks))
    assert special == NeedEntry(
        f"{town.role('clerk')}/2", "Clerk", tuple(town.clerks), 10, 5, 15, 20, is_optional=True
    )


def test_who_has_left_leaves_a_need_that_nobody_can_fill(session: Session, town: Town) -> None:
    member = session.scalars(select(StaffMember).where(StaffMember.resource_id == town.clerks[0])).one()
    member_id, name = member.id, member.name
    (entry,) = needs_of(session, town, need(town, staff_member_id=member_id))
    assert entry == NeedEntry(f"person:{member_id}", name, (town.clerks[0],))
    session.get_one(StaffMember, member_id).is_active = False
    (entry,) = reread(session, town).service("titel").needs
    assert entry == NeedEntry(f"person:{member_id}", "", ())


def test_rooms_say_how_many_they_take_and_how_long_they_are_aired(session: Session) -> None:
    town = add_town(session, "hallenstadt", rooms=1, room_capacity=3)
    (hall,) = town.rooms
    catalogue = catalogue_of(session, town.slug)
    assert (catalogue.rooms[hall].capacity, catalogue.capacities) == (3, {hall: 3})
    session.scalars(select(Room)).one().after_minutes = 15
    assert reread(session, town).rooms[hall].after_minutes == 15


def test_a_usual_room_is_not_among_the_capacities(session: Session, town: Town) -> None:
    catalogue = catalogue_of(session, town.slug)
    assert catalogue.capacities == {}
    assert {room.capacity for room in catalogue.rooms.values()} == {1}


@pytest.mark.parametrize(("by_video", "who"), [(False, ["i0", "both"]), (True, ["both", "afar"])])
def test_interpreters_come_or_work_by_video(
    session: Session, town: Town, by_video: bool, who: list[str]
) -> None:
    both = add_interpreter(session, town, "both", by_video=True, gender="female")
    afar = add_interpreter(session, town, "afar", by_video=True, on_site=False)
    keys = {"i0": town.interpreters[0], "both": both, "afar": afar}
    catalogue = reread(session, town)
    found = catalogue.interpreters_of("ara", "apc", "certified", by_video=by_video)
    assert found == tuple(keys[key] for key in who)
    assert catalogue.interpreters_of("ara", "apc", "sworn", by_video=by_video) == ()
    entry = catalogue.interpreters[both]
    assert (entry.name, entry.gender, entry.on_site, entry.by_video) == (
        "Interpreter both",
        "female",
        True,
        True,
    )
    assert "ara" in catalogue.languages_interpreted()


def test_lead_times_and_rooms_without_steps_are_as_stored(session: Session, town: Town) -> None:
    service = session.scalars(select(Service).where(Service.key == "titel")).one()
    service.lead_working_days, service.room_step_free = 3, True
    session.get_one(Agency, town.agencies["pool"]).lead_working_days = 2
    catalogue = reread(session, town)
    titel, finger = catalogue.service("titel"), catalogue.service("finger")
    assert (titel.lead_working_days, titel.room_step_free) == (3, True)
    assert (finger.lead_working_days, finger.room_step_free) == (0, False)
    assert catalogue.agencies[town.agencies["pool"]].lead_working_days == 2
    assert catalogue.agencies[town.agencies["amt"]].lead_working_days == 0
