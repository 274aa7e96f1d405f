"""Who may see and change what of an appointment.

One rule for every page and feed: an agency sees its own part and no more. Social data stay with the agency that
they were given to (SGB I § 35, SGB X § 67 ff.), and what the Ausländerbehörde knows it may have to act on
(AufenthG §§ 86, 87), so it is not even told that others sit at the same table.
"""

from dataclasses import dataclass, replace

IMMIGRATION, INTERPRETER_POOL = "immigration", "interpreter_pool"
"""Kinds of agencies that the rule treats specially."""

CASE_MANAGER, CLERK, TEAM_LEAD, POOL_COORDINATOR = "case_manager", "clerk", "team_lead", "pool_coordinator"
"""Roles that the rule knows. Setting a municipality up (municipal_admin) shows no client to anybody."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The staff member who looks. ``resource_id`` is what takes part in appointments."""

    staff_member_id: int
    resource_id: int
    agency_id: int
    agency_kind: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part in an appointment now.

    ``agencies`` sit at the table, ``pools`` send the interpreter (both agency ids); ``people`` are the resource ids
    of staff. ``case_manager_id`` is the staff member whose case it belongs to. ``lacks_interpreter``: one is needed
    and nobody is there.
    """

    agencies: frozenset[int]
    pools: frozenset[int]
    people: frozenset[int]
    case_manager_id: int | None
    lacks_interpreter: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """What one viewer may see of one appointment; time, place, number and whether it is interpreted come with it.

    ``all_parts``: concerns, agencies, people and states of everybody. ``own_part``: concerns and papers of her own
    agency. ``colleagues``: who of her own agency takes part. ``client``: name and phone. ``others``: that others
    take part, not who. ``language``: which one is interpreted. ``may_change``: move and cancel.
    """

    all_parts: bool = False
    own_part: bool = False
    colleagues: bool = False
    client: bool = False
    others: bool = False
    language: bool = False
    may_change: bool = False


def sight_of(viewer: Viewer, parties: Parties) -> Sight | None:
    """What the viewer sees of an appointment with these parties; None = not even that it exists."""
    if CASE_MANAGER in viewer.roles and viewer.staff_member_id == parties.case_manager_id:
        return Sight(
            all_parts=True,
            own_part=True,
            colleagues=True,
            client=True,
            others=True,
            language=True,
            may_change=True,
        )
    if viewer.agency_kind == INTERPRETER_POOL and viewer.resource_id not in parties.people:
        return _sight_of_pool(viewer, parties)
    if not _takes_part(viewer, parties):
        return None
    # whether she may change it would tell the Ausländerbehörde that somebody else is there
    is_told_of_others = viewer.agency_kind != IMMIGRATION
    others = parties.agencies - {viewer.agency_id}
    return Sight(
        own_part=True,
        colleagues=TEAM_LEAD in viewer.roles,
        client=True,
        others=is_told_of_others and bool(others),
        may_change=is_told_of_others and not others,
    )


def sight_of_open_point(viewer: Viewer, parties: Parties) -> Sight | None:
    """What the viewer sees of an appointment in the worklist of those that lack an interpreter; None = it is not there.

    Case managers find interpreters across agencies, so they are told number, time and language of each, and no more
    unless it is theirs. In the Ausländerbehörde the list ends with its own appointments, whoever works there.
    """
    if not parties.lacks_interpreter:
        return None
    seen = sight_of(viewer, parties)
    if seen is not None:
        return replace(seen, language=True)
    return Sight(language=True) if sees_every_open_point(viewer) else None


def sees_every_open_point(viewer: Viewer) -> bool:
    """Whether all that lack an interpreter are in her worklist, so that counting needs no look at each."""
    return sees_pool(viewer) or (CASE_MANAGER in viewer.roles and viewer.agency_kind != IMMIGRATION)


def sees_pool(viewer: Viewer) -> bool:
    """Whether her work is with the interpreters of her agency: then she sees their assignments, as they do."""
    return viewer.agency_kind == INTERPRETER_POOL and bool(viewer.roles & {POOL_COORDINATOR, TEAM_LEAD})


def sees_agency(viewer: Viewer) -> bool:
    """Whether her work is with the clients of her agency: then she sees its appointments, not only her own."""
    return viewer.agency_kind != INTERPRETER_POOL and bool(viewer.roles & {CLERK, CASE_MANAGER, TEAM_LEAD})


def _takes_part(viewer: Viewer, parties: Parties) -> bool:
    """Herself, or her agency, if she deals with its clients."""
    is_there = viewer.resource_id in parties.people
    return is_there or (viewer.agency_id in parties.agencies and sees_agency(viewer))


def _sight_of_pool(viewer: Viewer, parties: Parties) -> Sight | None:
    """The pool finds interpreters: it needs the language, not the client and not the topic."""
    if not sees_pool(viewer):
        return None
    if viewer.agency_id in parties.pools or parties.lacks_interpreter:
        return Sight(language=True, colleagues=True)
    return None
