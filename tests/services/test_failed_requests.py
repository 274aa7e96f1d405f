"""A request that is refused leaves no write transaction open: the next writer does not have to wait for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import TerminlotseError
from scheduler_app.services.answer_assignment import decline_assignment
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.confirm_hold import confirm_hold
from scheduler_app.services.hold_slot import hold_slot
from tests.support.builders import FIRST_SLOT, NOW, contact
from tests.support.databases import engine_for
from tests.support.plans import clerk_alone, joint

Refused = Callable[[Session, Catalogue, int], object]
OVER = FIRST_SLOT + timedelta(days=1)

REFUSED: dict[str, Refused] = {
    "hold a taken slot": lambda s, c, _: hold_slot(s, c, joint(c), FIRST_SLOT, now=NOW),
    "hold in the past": lambda s, c, _: hold_slot(s, c, joint(c), NOW, now=NOW),
    "book a taken slot": lambda s, c, _: book_appointment(
        s, c, joint(c), FIRST_SLOT, contact(2), now=NOW, actor="api"
    ),
    "book twice for one client": lambda s, c, _: book_appointment(
        s, c, clerk_alone(c), FIRST_SLOT, contact(1), now=NOW, actor="api"
    ),
    "confirm an unknown hold": lambda s, c, _: confirm_hold(s, c, "?", contact(), now=NOW),
    "move to a time that is not offered": lambda s, c, a: move_appointment(
        s, c, a, NOW, now=NOW, actor="client"
    ),
    "move what is over": lambda s, c, a: move_appointment(s, c, a, OVER, now=OVER, actor="client"),
    "cancel what is over": lambda s, c, a: cancel_appointment(s, c, a, now=OVER, actor="client"),
    "decline for somebody else": lambda s, _c, _a: decline_assignment(
        s, 1, resource_id=999, sequence=0, now=NOW
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_nothing_is_left_open(session: Session, catalogue: Catalogue, database_url: str, case: str) -> None:
    appointment_id = book_appointment(
        session, catalogue, joint(catalogue), FIRST_SLOT, contact(1), now=NOW, actor="api"
    ).appointment.id
    session.rollback()
    with pytest.raises(TerminlotseError):
        REFUSED[case](session, catalogue, appointment_id)
    engine = engine_for(database_url)
    never_wait = "PRAGMA busy_timeout = 0" if engine.dialect.name == "sqlite" else "SET lock_timeout = '10ms'"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(never_wait))
        connection.execute(text("UPDATE resources SET version = version + 1"))
    engine.dispose()
