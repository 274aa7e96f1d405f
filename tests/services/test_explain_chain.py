"""What would help where no chain is found: every suggestion is searched again, and really opens what it says."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from scheduler_app.services.catalogue import catalogue_of
from scheduler_app.services.explain_chain import explain_chain
from scheduler_app.services.explain_search import Suggestion
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import LONGEST_WAIT_MINUTES, plan_chain
from scheduler_app.services.plan_variants import ChangeCode
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import NOW, Town, add_absence, add_town

IN_TURN = SlotRequest(("titel", "beratung"), "ara", "apc")


@dataclass
class Question:
    """A chain to be searched for in a town."""

    session: Session
    town: Town
    request: SlotRequest = IN_TURN
    chain: dict[str, Any] = field(
        default_factory=lambda: {"is_ordered": False, "longest_wait": LONGEST_WAIT_MINUTES}
    )

    def answers(self) -> tuple[Suggestion, ...]:
        catalogue = catalogue_of(self.session, self.town.slug)
        return explain_chain(
            self.session, catalogue, self.request, **self.chain, client_resource_id=None, now=NOW
        )

    def check(self, suggestion: Suggestion) -> None:
        """Search what is suggested: that many starts, the first of them then."""
        (change,) = suggestion.changes
        catalogue = catalogue_of(self.session, self.town.slug)
        if change.code is ChangeCode.TABLE:
            plan = plan_appointment(catalogue, suggestion.request)
            starts = list(find_slots(self.session, catalogue, plan, now=NOW).starts)
        else:
            chain = dict(self.chain)
            chain |= {"is_ordered": False} if change.code is ChangeCode.ANY_ORDER else {}
            chain |= {"longest_wait": int(change.argument)} if change.code is ChangeCode.LONGER_WAIT else {}
            made = plan_chain(catalogue, suggestion.request, **chain)
            starts = [c.starts_at for c in find_chains(self.session, catalogue, made, now=NOW).chains]
        assert (suggestion.count, suggestion.first_at) == (len(starts), starts[0])


@pytest.fixture
def question(session: Session) -> Question:
    return Question(session, add_town(session, clerks=2))


def away(question: Question, *people: int, hours: tuple[int, int] = (0, 24 * 21)) -> None:
    """From and until so many hours after now."""
    for person in people:
        add_absence(
            question.session,
            question.town,
            person,
            NOW + timedelta(hours=hours[0]),
            NOW + timedelta(hours=hours[1]),
        )
    question.session.commit()


def codes(answers: tuple[Suggestion, ...]) -> list[tuple[ChangeCode, str]]:
    return [(change.code, change.argument) for answer in answers for change in answer.changes]


def test_without_an_interpreter_and_with_another_person(question: Question) -> None:
    clerk = question.town.clerks[0]
    away(question, clerk)
    question.request = replace(IN_TURN, people=(clerk,))
    answers = question.answers()
    role = question.town.role("clerk")
    assert codes(answers) == [(ChangeCode.ANY_OF_TEAM, role), (ChangeCode.WITHOUT, role)]
    for answer in answers:
        question.check(answer)


def test_in_another_order_or_at_one_table(question: Question) -> None:
    """On each day the adviser has time early only, the clerks late only, and a little in between."""
    for day in range(21):
        at = 24 * day
        away(question, *question.town.advisers, hours=(at + 2, at + 10))
        away(question, *question.town.clerks, hours=(at - 2, at + 2))
    question.chain = {"is_ordered": True, "longest_wait": 45}
    answers = question.answers()
    assert codes(answers)[0] == (ChangeCode.ANY_ORDER, "")
    for answer in answers:
        question.check(answer)


def test_with_a_longer_wait_or_without_staying(question: Question) -> None:
    """The adviser is there until ten, the clerks from half past eleven on, and the interpreter not in between."""
    for day in range(21):
        at = 24 * day
        away(question, *question.town.advisers, hours=(at + 1, at + 10))
        away(question, *question.town.clerks, hours=(at - 2, at + 3))
    answers = question.answers()
    assert (ChangeCode.LONGER_WAIT, "120") in codes(answers)
    assert [code for code, _ in codes(answers)].count(ChangeCode.LONGER_WAIT) == 1
    question.chain["longest_wait"] = 120
    assert question.answers()
    for day in range(21):
        away(question, *question.town.interpreters, hours=(24 * day + 1, 24 * day + 3))
    question.request = replace(IN_TURN, stays=True)
    answers = question.answers()
    assert (ChangeCode.NOT_STAYING, "") in codes(answers)
    for answer in answers:
        question.check(answer)


def test_wishes_are_given_up_in_chains_too(question: Question) -> None:
    question.request = replace(IN_TURN, weekdays=(6,))
    answers = question.answers()
    assert (ChangeCode.ANY_WEEKDAY, "") in codes(answers)
    for answer in answers:
        question.check(answer)
