"""Many clients want the same slot at the same moment: as many get it as there are people, and nobody by half."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import SlotTaken
from scheduler_app.models import Appointment, Claim, Client, Notification
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.confirm_hold import confirm_hold
from scheduler_app.services.hold_slot import hold_slot
from scheduler_app.services.write_appointment import Booked
from tests.support.builders import FIRST_SLOT, NOW, add_town, contact, lend_pool
from tests.support.consistency import mistakes_in
from tests.support.plans import clerk_alone, joint, with_interpreter
from tests.support.rivals import all_at_once, book_joint_slot, in_processes, wants_first_slot


def wanting(client: int) -> Callable[[Session], bool]:
    return lambda session: wants_first_slot(session, client)


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_fifty_clients_and_one_slot(session: Session, database_url: str) -> None:
    add_town(session, clerks=1)
    won = all_at_once(database_url, [wanting(client) for client in range(50)])
    assert won.count(True) == 1
    assert (count(session, Appointment), count(session, Client), count(session, Claim)) == (1, 1, 5)
    assert count(session, Notification) == 3
    assert mistakes_in(session) == []


def test_as_many_win_as_the_scarcest_allow(session: Session, database_url: str) -> None:
    add_town(session, clerks=5, advisers=4, interpreters=3, rooms=5)
    won = all_at_once(database_url, [wanting(client) for client in range(24)])
    assert won.count(True) == 3
    assert count(session, Appointment) == 3
    assert mistakes_in(session) == []


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_processes_with_caches_of_their_own(session: Session, database_url: str) -> None:
    add_town(session, clerks=3, advisers=3, interpreters=2, rooms=3)
    won = in_processes(book_joint_slot, database_url, 2)
    assert sum(map(sum, won)) == 2
    assert mistakes_in(session) == []


def test_the_same_request_sent_many_times_at_once_books_once(session: Session, database_url: str) -> None:
    add_town(session, clerks=5)

    def send(own: Session) -> tuple[int, str]:
        catalogue = catalogue_of(own, "lotsenau")
        booked = book_appointment(
            own,
            catalogue,
            clerk_alone(catalogue),
            FIRST_SLOT,
            contact(),
            now=NOW,
            actor="api",
            idempotency_key="the same",
        )
        return booked.appointment.id, booked.token

    assert len(set(all_at_once(database_url, [send] * 8))) == 1
    assert (count(session, Appointment), count(session, Client)) == (1, 1)
    assert mistakes_in(session) == []


def test_a_new_client_may_book_several_things_at_once(session: Session, database_url: str) -> None:
    """She is written down by whichever request is first, and the others find her."""
    add_town(session, clerks=4)

    def book(hour: int) -> Callable[[Session], int]:
        def send(own: Session) -> int:
            catalogue = catalogue_of(own, "lotsenau")
            start = FIRST_SLOT + timedelta(hours=hour)
            plan = clerk_alone(catalogue)
            return book_appointment(
                own, catalogue, plan, start, contact(), now=NOW, actor="api"
            ).appointment.id

        return send

    assert len(set(all_at_once(database_url, [book(hour) for hour in range(4)]))) == 4
    assert (count(session, Appointment), count(session, Client)) == (4, 1)
    assert mistakes_in(session) == []


def test_a_new_client_may_confirm_several_holds_at_once(session: Session, database_url: str) -> None:
    catalogue = catalogue_of(session, add_town(session, clerks=4).slug)
    starts = [FIRST_SLOT + timedelta(hours=hour) for hour in range(4)]
    tokens = [hold_slot(session, catalogue, clerk_alone(catalogue), start, now=NOW).token for start in starts]
    session.rollback()

    def confirm(token: str) -> Callable[[Session], int]:
        return lambda own: confirm_hold(own, catalogue, token, contact(), now=NOW).appointment.id

    assert len(set(all_at_once(database_url, [confirm(token) for token in tokens]))) == 4
    assert count(session, Client) == 1
    assert mistakes_in(session) == []


def test_a_hold_confirmed_many_times_at_once_is_one_appointment(session: Session, database_url: str) -> None:
    catalogue = catalogue_of(session, add_town(session).slug)
    token = hold_slot(session, catalogue, joint(catalogue), FIRST_SLOT, now=NOW).token
    session.rollback()

    def confirm(own: Session) -> int:
        booked: Booked = confirm_hold(own, catalogue, token, contact(), now=NOW)
        return booked.appointment.id

    assert len(set(all_at_once(database_url, [confirm] * 6))) == 1
    assert count(session, Appointment) == 1
    assert mistakes_in(session) == []


def test_two_towns_share_the_last_interpreter(session: Session, database_url: str) -> None:
    here = add_town(session, clerks=6)
    there = add_town(session, "nachbarstadt", clerks=6, interpreters=0)
    lend_pool(session, here, there)

    def book(slug: str, number: int) -> Callable[[Session], bool]:
        def send(own: Session) -> bool:
            catalogue = catalogue_of(own, slug)
            plan = with_interpreter(catalogue)
            try:
                book_appointment(own, catalogue, plan, FIRST_SLOT, contact(number), now=NOW, actor="api")
            except SlotTaken:
                return False
            return True

        return send

    slugs = [here.slug, there.slug]
    won = all_at_once(database_url, [book(slugs[number % 2], number) for number in range(12)])
    assert won.count(True) == 1
    assert mistakes_in(session) == []
