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
    sight_of,
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
