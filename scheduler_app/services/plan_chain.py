"""From a request to a chain that can be searched: the same roles as those of its plan, visit by visit."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler_app.domain.chain import MOST_VISITS, Chain, Escort, Visit
from scheduler_app.domain.errors import ChainLength, TooManyServices, UnknownThing
from scheduler_app.domain.free_time import CELL_MINUTES, cells_for
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import MOST_SERVICES, planned_visit, visit_minutes
from scheduler_app.services.plan_interpreter import INTERPRETER, interpreter_level, interpreter_role
from scheduler_app.services.plan_roles import (
    CLIENT,
    PlannedVisit,
    extra_people,
    in_house,
    people_of_visit,
    room_and_visitors,
    with_wishes,
)
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.services.ways import way_cells

LONGEST_WAIT_MINUTES = 45


NO_WISHES = SlotRequest(())


@dataclass(frozen=True, slots=True)
class StandingVisit:
    """An appointment that the client has already, around which a chain can be built; epoch minutes.

    ``request`` is what was asked for with it: it holds on if the appointment is replaced.
    """

    appointment_id: int
    services: tuple[str, ...]
    starts_minute: int
    minutes: int
    place_id: int
    request: SlotRequest = NO_WISHES


@dataclass(frozen=True)
class ChainPlan:
    """``chain`` is what is searched; ``visits`` are numbered as the request names them, not yet in an order.

    ``standing`` are visits that have their time already; in the search they come after the others.
    """

    request: SlotRequest
    visits: tuple[PlannedVisit, ...]
    chain: Chain
    level: str
    standing: tuple[StandingVisit, ...] = ()


def plan_chain(
    catalogue: Catalogue,
    request: SlotRequest,
    *,
    is_ordered: bool = False,
    longest_wait: int = LONGEST_WAIT_MINUTES,
    client_resource_id: int | None = None,
    online_only: bool = False,
    standing: Sequence[StandingVisit] = (),
) -> ChainPlan:
    """Work out the visits of a chain, one for each service or group of services.

    ``longest_wait``: minutes between two visits beyond the way. Raises UnknownThing, NotTogether for concerns that can
    not share a table, TooManyServices, ChainLength for fewer than two visits or more than six.
    """
    by_visit = request.by_visit
    if not 2 <= len(by_visit) + len(standing) <= MOST_VISITS:
        raise ChainLength(MOST_VISITS)
    if len(request.services) > MOST_SERVICES:
        raise TooManyServices(MOST_SERVICES)
    level = interpreter_level([catalogue.service(key) for key in request.services], request)
    visits = []
    for number, services in enumerate(by_visit, 1):
        concerns = [catalogue.service(key) for key in services]
        minutes = visit_minutes(catalogue, concerns, is_interpreted=bool(level))
        visits.append(planned_visit(catalogue, number, services, 0, minutes))
    refuse_offline(visits, online_only=online_only)
    at_visits = [people_of_visit(visit, request.people) for visit in visits]
    desks = [role for roles in at_visits for role in roles]
    throughout = extra_people(catalogue, desks, request.people, visits[0].minutes)
    if level:
        throughout.append(interpreter_role(catalogue, request, level, visits[:1]))
    rooms = [
        room_and_visitors(catalogue, visit, request, [*roles, *throughout])
        for visit, roles in zip(visits, at_visits, strict=True)
    ]
    visits = [in_house(catalogue, visit, found, request) for visit, found in zip(visits, rooms, strict=True)]
    every = with_wishes([role for roles in (*at_visits, throughout, *rooms) for role in roles], request)
    escorts = tuple(
        Escort(
            role.key,
            role.candidates,
            stays=role.key != INTERPRETER or request.stays,
            travels=role.key == INTERPRETER and not request.by_video,
        )
        for role in every
        if role.visit == 0 and not role.is_optional
    )
    if client_resource_id is not None:
        escorts += (Escort(CLIENT, (client_resource_id,), stays=True, travels=False),)
    chain = Chain(
        visits=tuple(
            Visit(
                tuple(role for role in every if role.visit == visit.number),
                cells_for(visit.minutes),
                visit.place_id,
            )
            for visit in visits
        )
        + tuple(Visit((), cells_for(visit.minutes), visit.place_id, stands_at=0) for visit in standing),
        longest_wait=longest_wait // CELL_MINUTES,
        escorts=escorts,
        walk=way_cells(catalogue),
        is_ordered=is_ordered,
    )
    return ChainPlan(request, tuple(visits), chain, level, tuple(standing))


def refuse_offline(visits: list[PlannedVisit], *, online_only: bool) -> None:
    """Raises UnknownThing for a concern that clients do not book themselves."""
    for visit in visits:
        for concern in visit.concerns:
            if online_only and not concern.is_online:
                raise UnknownThing("service", concern.key)
