"""Who sees what of an appointment: roles by kinds of agencies."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.visibility import (
    CASE_MANAGER,
    CLERK,
    IMMIGRATION,
    INTERPRETER_POOL,
    POOL_COORDINATOR,
    TEAM_LEAD,
    Parties,
    Sight,
    Viewer,
    sees_agency,
    sees_every_open_point,
    sees_pool,
    sight_of,
    sight_of_open_point,
)

ADMIN = "municipal_admin"
OWN, OTHER, POOL = 1, 2, 3
HERSELF = 20
JOINT = Parties(frozenset({OWN, OTHER}), frozenset({POOL}), frozenset({99}), None, lacks_interpreter=False)
ALONE = replace(JOINT, agencies=frozenset({OWN}))
ELSEWHERE = replace(JOINT, agencies=frozenset({OTHER}))
EVERYTHING = Sight(
    all_parts=True, own_part=True, colleagues=True, client=True, others=True, language=True, may_change=True
)
OWN_PART = Sight(own_part=True, client=True)


def viewer(*roles: str, kind: str = "jobcenter", agency: int = OWN) -> Viewer:
    return Viewer(10, HERSELF, agency, kind, frozenset(roles))


@pytest.mark.parametrize(
    ("who", "parties", "seen"),
    [
        (viewer(CLERK), JOINT, replace(OWN_PART, others=True)),
        (viewer(CLERK), ALONE, replace(OWN_PART, may_change=True)),
        (viewer(CLERK), ELSEWHERE, None),
        (viewer(TEAM_LEAD), JOINT, replace(OWN_PART, others=True, colleagues=True)),
        (viewer(CLERK, kind=IMMIGRATION), JOINT, OWN_PART),
        (viewer(CLERK, kind=IMMIGRATION), ALONE, OWN_PART),
        (viewer(TEAM_LEAD, kind=IMMIGRATION), JOINT, replace(OWN_PART, colleagues=True)),
        (viewer(CASE_MANAGER, kind="case_management"), JOINT, replace(OWN_PART, others=True)),
        (viewer(CASE_MANAGER, kind="case_management"), replace(ELSEWHERE, case_manager_id=10), EVERYTHING),
        (viewer(CASE_MANAGER, kind="case_management"), replace(ELSEWHERE, case_manager_id=11), None),
        (viewer(CLERK, kind="case_management"), replace(ELSEWHERE, case_manager_id=10), None),
        (viewer(ADMIN), JOINT, None),
        (viewer(ADMIN), replace(JOINT, people=frozenset({HERSELF})), replace(OWN_PART, others=True)),
        (
            viewer(POOL_COORDINATOR, kind=INTERPRETER_POOL, agency=POOL),
            JOINT,
            Sight(language=True, colleagues=True),
        ),
        (viewer(POOL_COORDINATOR, kind=INTERPRETER_POOL, agency=4), JOINT, None),
        (
            viewer(POOL_COORDINATOR, kind=INTERPRETER_POOL, agency=4),
            replace(JOINT, lacks_interpreter=True),
            Sight(language=True, colleagues=True),
        ),
        (viewer(CLERK, kind=INTERPRETER_POOL, agency=POOL), JOINT, None),
    ],
)
def test_each_sees_her_part(who: Viewer, parties: Parties, seen: Sight | None) -> None:
    assert sight_of(who, parties) == seen


@given(st.frozensets(st.integers(2, 50)), st.booleans())
def test_immigration_can_not_tell_whether_others_are_there(others: frozenset[int], lacks: bool) -> None:
    alone = Parties(frozenset({OWN}), frozenset(), frozenset({99}), None, lacks_interpreter=False)
    joint = replace(alone, agencies=alone.agencies | others, lacks_interpreter=lacks, case_manager_id=77)
    for roles in ((CLERK,), (TEAM_LEAD,), (CLERK, TEAM_LEAD)):
        who = viewer(*roles, kind=IMMIGRATION)
        assert sight_of(who, alone) == sight_of(who, joint)


def test_the_agency_diary_is_for_those_who_work_with_its_clients() -> None:
    assert [sees_agency(viewer(role)) for role in (CLERK, CASE_MANAGER, TEAM_LEAD, ADMIN)] == [
        True,
        True,
        True,
        False,
    ]
    assert not sees_agency(viewer(TEAM_LEAD, kind=INTERPRETER_POOL))


LACKS = replace(JOINT, pools=frozenset(), lacks_interpreter=True)
LACKS_ELSEWHERE = replace(LACKS, agencies=frozenset({OTHER}))
LANGUAGE = Sight(language=True)


@pytest.mark.parametrize(
    ("who", "parties", "seen"),
    [
        (viewer(CASE_MANAGER, kind="case_management"), LACKS_ELSEWHERE, LANGUAGE),
        (viewer(CASE_MANAGER, kind="case_management"), ELSEWHERE, None),
        (viewer(CASE_MANAGER), replace(LACKS_ELSEWHERE, case_manager_id=10), EVERYTHING),
        (viewer(CASE_MANAGER), LACKS, replace(OWN_PART, others=True, language=True)),
        (viewer(CASE_MANAGER, kind=IMMIGRATION), LACKS_ELSEWHERE, None),
        (viewer(CASE_MANAGER, TEAM_LEAD, kind=IMMIGRATION), LACKS_ELSEWHERE, None),
        (viewer(CASE_MANAGER, kind=IMMIGRATION), LACKS, replace(OWN_PART, language=True)),
        (viewer(CLERK), LACKS_ELSEWHERE, None),
        (viewer(ADMIN), LACKS_ELSEWHERE, None),
        (
            viewer(POOL_COORDINATOR, kind=INTERPRETER_POOL, agency=4),
            LACKS_ELSEWHERE,
            Sight(language=True, colleagues=True),
        ),
        (viewer(POOL_COORDINATOR), LACKS_ELSEWHERE, None),
    ],
)
def test_each_sees_her_worklist(who: Viewer, parties: Parties, seen: Sight | None) -> None:
    assert sight_of_open_point(who, parties) == seen


AGENCIES = st.frozensets(st.integers(1, 5), max_size=3)
ROLES = st.frozensets(st.sampled_from((CASE_MANAGER, CLERK, TEAM_LEAD, POOL_COORDINATOR, ADMIN)))
KINDS = st.sampled_from((IMMIGRATION, INTERPRETER_POOL, "jobcenter", "case_management"))


@given(ROLES, KINDS, AGENCIES, st.sampled_from((None, 10, 11)))
def test_who_sees_every_open_point_sees_each(
    roles: frozenset[str], kind: str, agencies: frozenset[int], manager: int | None
) -> None:
    """Counting all of them tells no more than the list."""
    who = viewer(*roles, kind=kind)
    parties = replace(LACKS, agencies=agencies, case_manager_id=manager)
    if sees_every_open_point(who):
        assert sight_of_open_point(who, parties) is not None
    elif sight_of_open_point(who, parties) is not None:
        assert sight_of(who, parties) is not None


def test_a_pool_is_for_those_who_coordinate_it() -> None:
    seen = [sees_pool(viewer(role, kind=INTERPRETER_POOL)) for role in (POOL_COORDINATOR, TEAM_LEAD, CLERK)]
    assert seen == [True, True, False]
    assert not sees_pool(viewer(POOL_COORDINATOR))
