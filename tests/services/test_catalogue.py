"""The snapshot of what a municipality offers is never older than it says."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import NotTogether, TooManyServices, UnknownThing
from scheduler_app.models import Municipality, StaffMember
from scheduler_app.services.catalogue import Catalogue, catalogue_by_id, catalogue_of
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import Town, add_town, lend_pool, raise_catalogue_version
from tests.support.databases import engine_for


def test_it_is_read_once_per_version(session: Session, town: Town, catalogue: Catalogue) -> None:
    assert catalogue_of(session, town.slug) is catalogue_by_id(session, town.municipality_id) is catalogue
    raise_catalogue_version(session, town)
    session.commit()
    assert catalogue_of(session, town.slug) is not catalogue


def test_rows_that_a_session_has_already_loaded_are_read_anew(
    session: Session, town: Town, database_url: str
) -> None:
    """A request has loaded somebody (who is signed in), an import renames her, then the catalogue is read."""
    member = session.scalars(select(StaffMember).where(StaffMember.resource_id == town.clerks[0])).one()
    municipality = session.get_one(Municipality, town.municipality_id)
    if session.get_bind().dialect.name == "sqlite":
        session.commit()  # a reader there keeps what it saw, so an import can only come between transactions
    engine = engine_for(database_url)
    with Session(engine) as elsewhere:
        elsewhere.execute(
            update(StaffMember).where(StaffMember.resource_id == town.clerks[0]).values(name="Neu")
        )
        elsewhere.execute(update(Municipality).values(phone="+4911"))
        raise_catalogue_version(elsewhere, town)
        elsewhere.commit()
    engine.dispose()
    catalogue = catalogue_of(session, town.slug)
    assert (catalogue.staff[town.clerks[0]].name, catalogue.phone) == ("Neu", "+4911")
    assert (member.name, municipality.phone) == ("Neu", "+4911")


def test_an_unknown_municipality(session: Session, town: Town) -> None:
    with pytest.raises(UnknownThing):
        catalogue_of(session, "nirgendwo")


def test_tenants_see_their_own_people_and_lent_interpreters(session: Session, town: Town) -> None:
    other = add_town(session, "nachbarstadt")
    lend_pool(session, town, other)
    here, there = catalogue_of(session, town.slug), catalogue_of(session, other.slug)
    assert set(here.staff) == {*town.clerks, *town.advisers}
    assert set(here.interpreters) == set(town.interpreters)
    assert set(there.staff) == {*other.clerks, *other.advisers}
    assert set(there.interpreters) == {*town.interpreters, *other.interpreters}
    assert set(there.rooms) == set(other.rooms)


def test_the_roles_of_a_joint_appointment(town: Town, catalogue: Catalogue) -> None:
    plan = plan_appointment(catalogue, SlotRequest(("titel", "beratung", "titel"), "ara", "apc"))
    assert {role.key: role.candidates for role in plan.roles} == {
        town.role("clerk"): tuple(town.clerks),
        town.role("adviser"): tuple(town.advisers),
        "interpreter": tuple(town.interpreters),
        "room": tuple(town.rooms),
    }
    assert (plan.minutes, plan.level, len(plan.concerns)) == (75, "certified", 2)


def test_chosen_people_take_their_teams_place_or_come_besides(town: Town, catalogue: Catalogue) -> None:
    def candidates(*people: int) -> list[tuple[int, ...]]:
        plan = plan_appointment(catalogue, SlotRequest(("titel",), people=people))
        return [role.candidates for role in plan.roles if role.key != "room"]

    first, second = town.clerks
    (adviser,) = town.advisers
    assert candidates(second) == [(second,)]
    assert candidates(first, second) == [(first,), (second,)]
    assert candidates(adviser) == [(first, second), (adviser,)]
    assert candidates(first, first) == [(first,)]


@pytest.mark.parametrize(
    "request_",
    [
        SlotRequest(()),
        SlotRequest(("unknown",)),
        SlotRequest(("titel",), people=(999,)),
        SlotRequest(("titel",), room=999),
        SlotRequest(("titel",), minutes=0),
        SlotRequest(("titel",), minutes=-15),
        SlotRequest(("titel",), minutes=481),
    ],
    ids=str,
)
def test_what_does_not_exist_is_refused(catalogue: Catalogue, request_: SlotRequest) -> None:
    with pytest.raises(UnknownThing):
        plan_appointment(catalogue, request_)


def test_what_can_not_share_a_table_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(NotTogether) as apart:
        plan_appointment(catalogue, SlotRequest(("titel", "finger")))
    assert apart.value.keys == ("finger",)
    assert plan_appointment(catalogue, SlotRequest(("finger",))).minutes == 20


def test_clients_book_only_what_is_online(catalogue: Catalogue) -> None:
    hidden = replace(catalogue.services["titel"], is_online=False)
    some = replace(catalogue, services={**catalogue.services, "titel": hidden})
    with pytest.raises(UnknownThing):
        plan_appointment(some, SlotRequest(("titel",)), online_only=True)
    assert plan_appointment(some, SlotRequest(("titel",))).concerns == (hidden,)


def test_more_than_six_services_at_once_are_refused(catalogue: Catalogue) -> None:
    many = SlotRequest(
        ("titel",) * 7, groups=tuple(range(7)), offsets=tuple(range(0, 210, 30)), lengths=(30,) * 7
    )
    with pytest.raises(TooManyServices):
        plan_appointment(catalogue, many)
