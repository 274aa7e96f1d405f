"""Several clients of one family in one morning, each at her own desks."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import SlotTaken
from scheduler_app.models import Claim, Client, Participation
from scheduler_app.models.engine import begin_write
from scheduler_app.services.book_appointment import book_appointment
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.change_appointment import cancel_appointment, move_appointment
from scheduler_app.services.contact import add_client
from scheduler_app.services.find_chains import FoundChain, find_chains
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.slot_request import SlotRequest
from tests.support.builders import FIRST_SLOT, NOW, Town, add_absence, add_town, contact
from tests.support.consistency import mistakes_in


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session, clerks=1, interpreters=1)


@pytest.fixture
def catalogue(session: Session, town: Town) -> Catalogue:
    return catalogue_of(session, town.slug)


@pytest.fixture
def children(session: Session, town: Town) -> list[int]:
    """Two children's resource ids."""
    begin_write(session)
    made = [add_client(session, town.municipality_id, contact(n), None, now=NOW) for n in (8, 9)]
    ids = [child.resource_id for child in made]
    session.commit()
    return ids


def first_chain(session: Session, catalogue: Catalogue, children: list[int]) -> FoundChain:
    """Both children at the same desk one after the other, then their mother's adviser."""
    request = SlotRequest(
        ("finger", "finger", "beratung"), "ara", "apc", visitors=((children[0],), (children[1],), ())
    )
    found = find_chains(session, catalogue, plan_chain(catalogue, request), now=NOW)
    return found.chains[0]


def claimed(session: Session, resource_id: int) -> list[tuple[int, int]]:
    rows = session.execute(
        select(Claim.starts_minute, Claim.ends_minute)
        .where(Claim.resource_id == resource_id)
        .order_by(Claim.starts_minute)
    )
    return [(row.starts_minute * 60, row.ends_minute * 60) for row in rows]


def test_each_child_is_there_for_her_own_visit_only(
    session: Session, catalogue: Catalogue, children: list[int]
) -> None:
    chain = first_chain(session, catalogue, children)
    plan = plan_appointment(catalogue, chain.request)
    booked = book_appointment(
        session, catalogue, plan, chain.starts_at, contact(), now=NOW, actor="api"
    ).appointment
    assert [concern.service.key for concern in booked.concerns] == list(chain.request.services)
    by_child = dict(zip(chain.request.visitors, chain.visits, strict=True))
    for child in children:
        visit = by_child[child,]
        assert claimed(session, child) == [(visit.starts_at.timestamp(), visit.ends_at.timestamp())]
    mother = session.get_one(Client, booked.client_id)
    assert claimed(session, mother.resource_id) == [(chain.starts_at.timestamp(), chain.ends_at.timestamp())]
    clerk = session.scalars(select(Participation).where(Participation.role_key.like("team:%"))).all()
    assert len({p.resource_id for p in clerk if p.agency_id == clerk[0].agency_id}) == 1  # one clerk saw both
    assert mistakes_in(session) == []


def test_a_child_at_school_is_seen_at_another_time(
    session: Session, town: Town, catalogue: Catalogue, children: list[int]
) -> None:
    free = first_chain(session, catalogue, children)
    add_absence(session, town, children[0], FIRST_SLOT - timedelta(hours=2), FIRST_SLOT + timedelta(days=2))
    session.commit()
    later = first_chain(session, catalogue, children)
    hers = dict(zip(later.request.visitors, later.visits, strict=True))[children[0],]
    assert free.ends_at < FIRST_SLOT + timedelta(days=2) <= hers.starts_at
    with pytest.raises(SlotTaken):
        book_appointment(
            session,
            catalogue,
            plan_appointment(catalogue, free.request),
            free.starts_at,
            contact(),
            now=NOW,
            actor="api",
        )


def test_the_whole_family_moves_and_is_free_again(
    session: Session, catalogue: Catalogue, children: list[int]
) -> None:
    chain = first_chain(session, catalogue, children)
    plan = plan_appointment(catalogue, chain.request)
    booked = book_appointment(
        session, catalogue, plan, chain.starts_at, contact(), now=NOW, actor="api"
    ).appointment
    before = {child: claimed(session, child) for child in children}
    moved = move_appointment(
        session, catalogue, booked.id, chain.starts_at + timedelta(days=1), now=NOW, actor="staff:1"
    )
    day = timedelta(days=1).total_seconds()
    for child in children:
        assert claimed(session, child) == [(start + day, end + day) for start, end in before[child]]
    assert [c.starts_at - moved.starts_at for c in moved.concerns] == [
        visit.starts_at - chain.starts_at for visit in chain.visits
    ]
    assert mistakes_in(session) == []
    cancel_appointment(session, catalogue, booked.id, now=NOW, actor="client")
    assert not session.scalars(select(Claim)).all()
