"""The same services in another form: desk after desk, or in two appointments."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest


def as_chain(catalogue: Catalogue, request: SlotRequest) -> SlotRequest:
    """The request with a visit for each service; what belongs to the one table (its room and length) is left out."""
    request = replace(request, room=None, minutes=None, seats=0)
    return replace(
        request,
        without=_desks(catalogue, request, request.without),
        optional=_desks(catalogue, request, request.optional),
    )


def for_services(catalogue: Catalogue, request: SlotRequest, services: tuple[str, ...]) -> SlotRequest:
    """The wishes of a request that are about these of its services, at a table or a desk of their own."""
    elsewhere = _candidates(catalogue, request.services) - _candidates(catalogue, services)
    people = tuple(person for person in request.people if person not in elsewhere)
    return as_chain(catalogue, replace(request, services=services, people=people))


def apart(catalogue: Catalogue, plan: Plan) -> Iterator[tuple[SlotRequest, SlotRequest]]:
    """Every way to make two appointments of the services, each with the people of its own desks."""
    services = plan.request.services
    first, rest = services[0], services[1:]
    for size in range(len(rest)):
        for some in combinations(rest, size):
            one = (first, *some)
            other = tuple(service for service in services if service not in one)
            yield _part(catalogue, plan.request, one), _part(catalogue, plan.request, other)


def _part(catalogue: Catalogue, request: SlotRequest, services: tuple[str, ...]) -> SlotRequest:
    elsewhere = _candidates(catalogue, request.services) - _candidates(catalogue, services)
    part = replace(
        request,
        services=services,
        people=tuple(person for person in request.people if person not in elsewhere),
        minutes=None,
        without=(),
        optional=(),
    )
    known = {role.key for role in plan_appointment(catalogue, part).roles}
    return replace(
        part,
        without=tuple(key for key in request.without if key in known),
        optional=tuple(key for key in request.optional if key in known),
    )


def _candidates(catalogue: Catalogue, services: tuple[str, ...]) -> set[int]:
    needs = [need for service in services for need in catalogue.service(service).needs]
    return {candidate for need in needs for candidate in need.candidates}


def _desks(catalogue: Catalogue, request: SlotRequest, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that name something in a chain too."""
    bare = replace(request, without=(), optional=())
    known = {
        role.key.partition("@")[0]
        for service in request.services
        for role in plan_appointment(catalogue, replace(bare, services=(service,))).roles
    }
    return tuple(key for key in keys if key in known)
