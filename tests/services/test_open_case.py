"""A client has one open case with a case manager, however many ask at once."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler_app.models import AuditEntry, Case, Client, StaffMember
from scheduler_app.services import open_case as opening
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.contact import Contact
from scheduler_app.services.open_case import open_case
from tests.support.builders import NOW, Town, contact
from tests.support.rivals import all_at_once


@pytest.fixture
def manager_id(session: Session, town: Town) -> int:
    return session.scalars(select(StaffMember.id).where(StaffMember.resource_id == town.advisers[0])).one()


def opened(session: Session, catalogue: Catalogue, who: Contact, manager_id: int) -> Case:
    return open_case(session, catalogue, who, case_manager_id=manager_id, interpreter_language="apc", now=NOW)


@pytest.mark.parametrize("is_known", [False, True])
def test_opened_many_times_at_once_it_is_one(
    session: Session, database_url: str, catalogue: Catalogue, town: Town, manager_id: int, is_known: bool
) -> None:
    if is_known:  # by another case manager
        other = session.scalars(select(StaffMember.id).where(StaffMember.resource_id == town.clerks[0])).one()
        opened(session, catalogue, contact(), other)
    session.rollback()

    def send(own: Session) -> str:
        return opened(own, catalogue_of(own, town.slug), contact(), manager_id).number

    assert len(set(all_at_once(database_url, [send] * 8))) == 1
    counts = [session.scalar(select(func.count()).select_from(table)) for table in (Client, Case, AuditEntry)]
    assert counts == ([1, 2, 2] if is_known else [1, 1, 1])


def test_after_it_is_closed_there_is_a_new_one(
    session: Session, catalogue: Catalogue, manager_id: int
) -> None:
    first = opened(session, catalogue, contact(), manager_id)
    first.closed_at = NOW
    session.commit()
    assert opened(session, catalogue, contact(), manager_id).id != first.id


def test_a_number_that_is_taken_is_drawn_again(
    session: Session, catalogue: Catalogue, manager_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["F-0000-0001", "F-0000-0001", "F-0000-0002"])
    monkeypatch.setattr(opening, "appointment_number", lambda _prefix: next(drawn))
    numbers = [opened(session, catalogue, contact(number), manager_id).number for number in (1, 2)]
    assert numbers == ["F-0000-0001", "F-0000-0002"]
