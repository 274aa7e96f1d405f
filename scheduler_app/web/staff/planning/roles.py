"""The roles of what was picked, each a line of the planning page: what it is, how much it is needed, who."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from scheduler_app.domain.errors import TerminlotseError
from scheduler_app.domain.languages import find_language
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import ServiceEntry, StaffEntry
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import ROOM
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.staff.planning.picked import NEEDED, OPTIONAL, WITHOUT


@dataclass(frozen=True, slots=True)
class RoleLine:
    """``states`` are (value of the field, words) to choose from, ``state`` the value that holds.

    ``people`` can be chosen, ``person`` (resource id) is. ``is_extra``: a person besides those that the services need.
    """

    key: str
    label: str
    states: Sequence[tuple[str, str]]
    state: str
    people: Sequence[StaffEntry] = ()
    person: int | None = None
    is_extra: bool = False


REQUIRED = (("", "nötig"), (OPTIONAL, "wenn möglich"), (WITHOUT, "ohne"))
USUALLY_OPTIONAL = (("", "wenn möglich"), (WITHOUT, "ohne"))
NOT_REQUIRED = (("", "ohne"), (NEEDED, "nötig"))


def known_roles(request: SlotRequest, lines: Sequence[RoleLine]) -> SlotRequest:
    """The request without what is said of roles that went with their service."""
    keys = {line.key for line in lines if line.states is not NOT_REQUIRED}
    return replace(
        request,
        without=tuple(key for key in request.without if key in keys),
        optional=tuple(key for key in request.optional if key in keys),
    )


def role_lines(offer: Catalogue, request: SlotRequest, herself: int) -> list[RoleLine]:
    """The lines: desks, other people, interpreter, room."""
    concerns = [offer.services[key] for key in request.services]
    left = [person for person in request.people if person in offer.staff]
    lines = [*_desks(offer, request, concerns, left)]
    for person in left:
        entry = offer.staff[person]
        name = f"Ich selbst ({entry.name})" if person == herself else entry.name
        key = f"person:{entry.staff_member_id}"
        lines.append(RoleLine(key, name, REQUIRED, _state(request, key), person=person, is_extra=True))
    if concerns and request.language and any(concern.interpreter_level for concern in concerns):
        tongue = find_language(request.variety or request.language).german
        lines.append(
            RoleLine(INTERPRETER, f"Sprachmittlung {tongue}", REQUIRED, _state(request, INTERPRETER))
        )
    if concerns:
        is_needed = needs_room(offer, request, concerns)
        states = REQUIRED if is_needed else NOT_REQUIRED
        lines.append(RoleLine(ROOM, "Raum", states, _state(request, ROOM) if is_needed else ""))
    return lines


def needs_room(offer: Catalogue, request: SlotRequest, concerns: Collection[ServiceEntry]) -> bool:
    """Whether there is a role for a room unless it is dropped."""
    try:
        plan = plan_appointment(offer, replace(request, without=(), optional=()))
    except TerminlotseError:
        return any(concern.room_seats for concern in concerns)
    return any(role.key == ROOM for role in plan.roles)


def _desks(
    offer: Catalogue, request: SlotRequest, concerns: Sequence[ServiceEntry], left: list[int]
) -> Iterator[RoleLine]:
    """One line a team or person of the services; takes who fills one out of ``left``."""
    seen = set()
    for concern in concerns:
        for need in concern.needs:
            if need.key in seen:
                continue
            seen.add(need.key)
            chosen = next((person for person in left if person in need.candidates), None)
            if chosen is not None:
                left.remove(chosen)
            label = f"{concern.agency.name}: {need.name}" if need.name else concern.agency.name
            states = USUALLY_OPTIONAL if need.is_optional else REQUIRED
            people = [offer.staff[person] for person in need.candidates if person in offer.staff]
            yield RoleLine(need.key, label, states, _state(request, need.key), people, chosen)


def _state(request: SlotRequest, key: str) -> str:
    if key in request.without:
        return WITHOUT
    return OPTIONAL if key in request.optional else ""
