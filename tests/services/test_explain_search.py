"""Why a search finds nothing: every suggestion is searched again, and really opens what it says."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.explain_search import FEW, TIME, Explanation, Suggestion, explain_search
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.plan_variants import ChangeCode
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import NOW, Town, add_absence, add_interpreter, add_town, raise_catalogue_version

JOINT = SlotRequest(("titel", "beratung"), "ara", "apc")
HORIZON = NOW + timedelta(weeks=9)


@dataclass
class Place:
    """A town, and questions about it. ``dates`` is what is searched, from and until."""

    session: Session
    town: Town
    dates: tuple[datetime | None, datetime | None] = (None, None)

    @property
    def catalogue(self) -> Catalogue:
        return catalogue_of(self.session, self.town.slug)

    def away(self, *people: int) -> None:
        for person in people:
            add_absence(self.session, self.town, person, NOW, HORIZON)
        self.session.commit()

    def explain(self, request: SlotRequest) -> Explanation:
        plan = plan_appointment(self.catalogue, request)
        from_at, until_at = self.dates
        return explain_search(self.session, self.catalogue, plan, now=NOW, from_at=from_at, until_at=until_at)

    def starts(self, request: SlotRequest, *, is_at_any_date: bool = False) -> tuple[datetime, ...]:
        plan = plan_appointment(self.catalogue, request)
        from_at, until_at = (None, None) if is_at_any_date else self.dates
        found = find_slots(self.session, self.catalogue, plan, now=NOW, from_at=from_at, until_at=until_at)
        return found.starts

    def chains(self, request: SlotRequest) -> list[datetime]:
        plan = plan_chain(self.catalogue, request)
        from_at, until_at = self.dates
        found = find_chains(self.session, self.catalogue, plan, now=NOW, from_at=from_at, until_at=until_at)
        return [chain.starts_at for chain in found.chains]

    def check(self, suggestion: Suggestion, present: int) -> None:
        """Search what is suggested: that many starts, more than there are."""
        if suggestion.codes == (ChangeCode.CHAIN,):
            starts: Sequence[datetime] = self.chains(suggestion.request)
        else:
            is_at_any_date = ChangeCode.ANY_DATE in suggestion.codes
            starts = self.starts(suggestion.request, is_at_any_date=is_at_any_date)
        assert (suggestion.count, suggestion.first_at) == (len(starts), starts[0])
        assert suggestion.count > (0 if suggestion.second else present)
        if suggestion.second is not None:
            self.check(suggestion.second, 0)


@pytest.fixture
def place(session: Session) -> Place:
    return Place(session, add_town(session, clerks=2, advisers=2, interpreters=1, rooms=1))


def codes(explanation: Explanation) -> list[tuple[tuple[ChangeCode, str], ...]]:
    return [tuple((c.code, c.argument) for c in s.changes) for s in explanation.suggestions]


def test_with_enough_starts_there_is_nothing_to_explain(place: Place) -> None:
    found = place.explain(JOINT)
    assert found.count == len(place.starts(JOINT)) > FEW
    assert (found.blocking, found.suggestions) == ((), ())
    for key, count in found.without.items():
        assert count == len(place.starts(replace(JOINT, without=(key,))))
    assert found.without.keys() == {
        place.town.role("clerk"),
        place.town.role("adviser"),
        "interpreter",
        "room",
    }


def test_a_person_on_leave_blocks_and_her_team_helps(place: Place) -> None:
    clerk = place.town.clerks[0]
    place.away(clerk)
    request = replace(JOINT, people=(clerk,))
    found = place.explain(request)
    role = place.town.role("clerk")
    assert found.blocking == (role,)
    assert codes(found)[0] == ((ChangeCode.ANY_OF_TEAM, role),)
    assert ((ChangeCode.WITHOUT, role),) in codes(found)
    for suggestion in found.suggestions:
        place.check(suggestion, 0)


def test_without_a_room_the_same_is_a_chain_or_two_appointments(place: Place) -> None:
    place.away(*place.town.rooms)
    found = place.explain(JOINT)
    assert found.blocking == ("room",)
    assert codes(found) == [
        ((ChangeCode.CHAIN, ""),),
        ((ChangeCode.APART, ""),),
        ((ChangeCode.WITHOUT, "room"),),
    ]
    for suggestion in found.suggestions:
        place.check(suggestion, 0)


def test_of_interpreters_every_wish_can_be_given_up(place: Place) -> None:
    add_interpreter(
        place.session, place.town, "f", level="sworn", gender="female", by_video=True, on_site=False
    )
    raise_catalogue_version(place.session, place.town)
    place.away(*place.town.interpreters)
    found = place.explain(JOINT)
    assert "interpreter" in found.blocking
    assert ((ChangeCode.BY_VIDEO, ""),) in codes(found)
    request = replace(JOINT, level="sworn", gender="male", is_gender_must=True, by_video=True)
    found = place.explain(request)
    assert ((ChangeCode.ANY_GENDER, ""),) in codes(found)
    for suggestion in found.suggestions:
        place.check(suggestion, 0)


def test_where_no_single_change_helps_two_do(place: Place) -> None:
    place.away(place.town.clerks[0])
    request = replace(JOINT, people=(place.town.clerks[0],), weekdays=(6,), seats=40)
    assert place.explain(request).suggestions == ()
    found = place.explain(replace(request, seats=0))
    assert codes(found)[0] == (
        (ChangeCode.ANY_OF_TEAM, place.town.role("clerk")),
        (ChangeCode.ANY_WEEKDAY, ""),
    )
    assert found.blocking == (TIME,)
    for suggestion in found.suggestions:
        place.check(suggestion, 0)


def test_dates_can_be_given_up_too(place: Place) -> None:
    place.dates = (NOW + timedelta(days=5), NOW + timedelta(days=6))
    found = place.explain(JOINT)
    assert found.blocking == (TIME,)
    assert codes(found) == [((ChangeCode.ANY_DATE, ""),)]
    place.check(found.suggestions[0], 0)


def test_somebody_who_was_not_to_come_and_a_shorter_talk(place: Place) -> None:
    request = replace(JOINT, not_these=tuple(place.town.interpreters))
    found = place.explain(request)
    assert ((ChangeCode.WITH_PERSON, str(place.town.interpreters[0])),) in codes(found)
    found = place.explain(replace(JOINT, minutes=435, earliest=9 * 60, latest=16 * 60))
    assert (ChangeCode.SHORTER, "420") in [change for some in codes(found) for change in some]
    for suggestion in found.suggestions:
        place.check(suggestion, 0)


def test_a_client_who_is_busy_blocks(place: Place) -> None:
    busy = place.town.clerks[0]  # stands for the client: somebody whose time is taken
    place.away(busy)
    request = replace(JOINT, people=(place.town.clerks[1],))
    plan = plan_appointment(place.catalogue, request)
    found = explain_search(place.session, place.catalogue, plan, now=NOW, client_resource_id=busy)
    assert found.blocking == ("client",)


def test_the_answer_is_the_same_each_time(place: Place) -> None:
    place.away(*place.town.rooms)
    assert place.explain(JOINT) == place.explain(JOINT)


def requests(rng: random.Random, town: Town) -> Iterator[SlotRequest]:
    for _ in range(12):
        yield replace(
            JOINT,
            services=rng.choice((("titel", "beratung"), ("titel",), ("beratung",))),
            people=tuple(rng.sample([*town.clerks, *town.advisers], rng.randrange(3))),
            room=rng.choice((None, None, *town.rooms)),
            level=rng.choice(("", "", "sworn")),
            gender="female",
            is_gender_must=rng.random() < 0.3,
            by_video=rng.random() < 0.2,
            not_these=tuple(rng.sample(town.interpreters, rng.randrange(2))),
            seats=rng.choice((0, 0, 3, 40)),
            weekdays=rng.choice(((), (0, 1), (5,))),
            earliest=rng.choice((None, None, 13 * 60)),
            minutes=rng.choice((None, None, 120)),
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_suggestion_opens_exactly_what_it_says(session: Session, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # the same every time
    town = add_town(session, clerks=2, advisers=2, interpreters=2, rooms=2)
    town.interpreters.append(add_interpreter(session, town, "f", gender="female", by_video=True))
    place = Place(session, town)
    everybody = [*town.clerks, *town.advisers, *town.interpreters, *town.rooms]
    for person in rng.sample(everybody, 5):
        begins = NOW + timedelta(hours=rng.randrange(100))
        add_absence(session, town, person, begins, begins + timedelta(hours=rng.randrange(100, 400)))
    session.commit()
    for request in requests(rng, town):
        found = place.explain(request)
        assert found.count == len(place.starts(request)), (seed, request)
        for suggestion in found.suggestions:
            place.check(suggestion, found.count)
        for key, count in found.without.items():
            assert bool(count) is (key in found.blocking) or found.count or not any(found.without.values())
            if len(found.without) > 1:
                assert count == len(place.starts(replace(request, without=(key,)))), (seed, request, key)
