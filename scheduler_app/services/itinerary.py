"""An appointment visit by visit, as people see it: when, where, what for, and the way there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Protocol

from scheduler_app.domain.travel import DETOUR, FARTHEST_WALK_KM, distance_km
from scheduler_app.models import Appointment, AppointmentConcern
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import ServiceEntry
from scheduler_app.services.claim_slot import Assignment
from scheduler_app.services.find_chains import FoundChain
from scheduler_app.services.participations import place_of
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_chain import StandingVisit
from scheduler_app.services.plan_roles import PlannedVisit
from scheduler_app.services.ways import ways


class _Agency(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


class Concern(Protocol):
    """A service as pages show it, from the tables or from the catalogue."""

    @property
    def name(self) -> Mapping[str, str]: ...
    @property
    def papers(self) -> Sequence[dict[str, str]]: ...
    @property
    def agency(self) -> _Agency: ...


@dataclass(frozen=True, slots=True)
class TimeAndPlace:
    """One visit, as far as everybody who has to come may know. ``place`` is an address, or empty while unknown."""

    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Way:
    """From the visit before: no ``minutes`` within a house. ``is_walk`` is None where the distance is not known.

    ``wait`` is how many minutes are left beyond the way.
    """

    minutes: int
    is_walk: bool | None
    wait: int


@dataclass(frozen=True, slots=True)
class ItineraryVisit:
    """One visit with its concerns. ``place_name`` is that of the house; ``way`` leads there from the visit before."""

    starts_at: datetime
    ends_at: datetime
    place: str
    place_name: str
    place_id: int
    concerns: tuple[Concern, ...]
    way: Way | None = None

    @property
    def papers(self) -> list[dict[str, str]]:
        """What to bring, each once, as texts by language."""
        papers: list[dict[str, str]] = []
        for concern in self.concerns:
            papers += [paper for paper in concern.papers if paper not in papers]
        return papers


def is_chain(appointment: Appointment) -> bool:
    """Whether it goes from desk to desk."""
    return len(_by_visit(appointment)) > 1


def visit_times(
    appointment: Appointment, from_at: datetime | None = None, until_at: datetime | None = None
) -> tuple[TimeAndPlace, ...]:
    """Times and places of an appointment's visits, or of those that lie within the time of somebody's part."""
    return tuple(
        TimeAndPlace(visit[0].starts_at, visit[0].ends_at, visit[0].place)
        for visit in _by_visit(appointment)
        if (from_at is None or visit[0].ends_at > from_at)
        and (until_at is None or visit[0].starts_at < until_at)
    )


def visits_of(catalogue: Catalogue, appointment: Appointment) -> tuple[ItineraryVisit, ...]:
    """All visits of an appointment; a joint one has one."""
    return _with_ways(
        catalogue,
        [
            _visit(
                catalogue,
                (visit[0].starts_at, visit[0].ends_at),
                (visit[0].place, visit[0].place_id),
                [concern.service for concern in visit],
            )
            for visit in _by_visit(appointment)
        ],
    )


def visits_kept(
    catalogue: Catalogue, plan: Plan, starts_at: datetime, assignment: Assignment
) -> tuple[ItineraryVisit, ...]:
    """The visits of a plan for which everybody in ``assignment`` is claimed."""
    return _with_ways(
        catalogue,
        [
            _visit(
                catalogue,
                _span(starts_at + timedelta(minutes=visit.offset), visit),
                place_of(catalogue, plan, visit, assignment),
                visit.concerns,
            )
            for visit in plan.visits
        ],
    )


def visits_found(catalogue: Catalogue, chain: FoundChain) -> tuple[ItineraryVisit, ...]:
    """The visits of a chain that was found; who receives her, and so at which desk, is settled when it is booked."""
    return _with_ways(
        catalogue,
        [
            _visit(
                catalogue,
                (found.starts_at, found.ends_at),
                (_address(catalogue, found.visit.place_id), found.visit.place_id),
                concerns_of(catalogue, found.visit),
            )
            for found in chain.visits
        ],
    )


def concerns_of(catalogue: Catalogue, visit: PlannedVisit | StandingVisit) -> tuple[ServiceEntry, ...]:
    """What a visit of a chain is for."""
    if isinstance(visit, PlannedVisit):
        return visit.concerns
    return tuple(catalogue.service(key) for key in visit.services)


def visits_planned(catalogue: Catalogue, plan: Plan, starts_at: datetime) -> tuple[ItineraryVisit, ...]:
    """The visits of a plan if it began then."""
    return _with_ways(
        catalogue,
        [
            _visit(
                catalogue,
                _span(starts_at + timedelta(minutes=visit.offset), visit),
                (_address(catalogue, visit.place_id), visit.place_id),
                visit.concerns,
            )
            for visit in plan.visits
        ],
    )


def _by_visit(appointment: Appointment) -> list[list[AppointmentConcern]]:
    return [
        list(concerns)
        for _, concerns in groupby(
            appointment.concerns, key=lambda concern: (concern.starts_at, concern.ends_at, concern.place)
        )
    ]


def _span(starts_at: datetime, visit: PlannedVisit) -> tuple[datetime, datetime]:
    return starts_at, starts_at + timedelta(minutes=visit.minutes)


def _address(catalogue: Catalogue, place_id: int) -> str:
    return catalogue.places[place_id].address if place_id in catalogue.places else ""


def _visit(
    catalogue: Catalogue,
    span: tuple[datetime, datetime],
    place: tuple[str, int | None],
    concerns: Iterable[Concern],
) -> ItineraryVisit:
    address, place_id = place
    known = catalogue.places.get(place_id or 0)
    return ItineraryVisit(*span, address, known.name if known else "", place_id or 0, tuple(concerns))


def _with_ways(catalogue: Catalogue, visits: Sequence[ItineraryVisit]) -> tuple[ItineraryVisit, ...]:
    return (
        *visits[:1],
        *(replace(visit, way=_way(catalogue, before, visit)) for before, visit in pairwise(visits)),
    )


def _way(catalogue: Catalogue, before: ItineraryVisit, visit: ItineraryVisit) -> Way:
    one, other = before.place_id, visit.place_id
    minutes = ways(catalogue)(one, other)
    gap = (visit.starts_at - before.ends_at) // timedelta(minutes=1)
    start, end = catalogue.positions.get(one), catalogue.positions.get(other)
    is_walk = (
        distance_km(start, end) * DETOUR <= FARTHEST_WALK_KM
        if start is not None and end is not None
        else None
    )
    return Way(minutes, is_walk, max(0, gap - minutes))
