"""What can be picked on the planning page."""

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import NeedEntry, ServiceEntry, StaffEntry
from scheduler_app.web.staff.plan_request import Picked


@dataclass(frozen=True, slots=True)
class TeamChoice:
    """A team of which one is needed; ``picked`` is the resource id of a particular person, None = whoever can."""

    key: str
    label: str
    members: list[StaffEntry]
    picked: int | None


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """``services`` and ``staff`` by agency name; ``extras`` are people picked besides the teams."""

    services: dict[str, list[ServiceEntry]]
    teams: list[TeamChoice]
    offers_herself: bool
    extras: list[StaffEntry]
    staff: dict[str, list[StaffEntry]]


def plan_choices(offer: Catalogue, picked: Picked, herself: int) -> PlanChoices:
    """The choices that go with what was picked so far."""
    left = list(picked.people)
    teams = []
    for need, label in _team_needs(offer, picked):
        chosen = next((person for person in left if person in need.candidates), None)
        if chosen is not None:
            left.remove(chosen)
        teams.append(TeamChoice(need.key, label, [offer.staff[c] for c in need.candidates], chosen))
    services: dict[str, list[ServiceEntry]] = {}
    for service in offer.services.values():
        services.setdefault(service.agency.name, []).append(service)
    staff: dict[str, list[StaffEntry]] = {}
    for person in offer.staff.values():
        if person.resource_id not in picked.people and person.resource_id != herself:
            agency = offer.agencies.get(person.agency_id)
            staff.setdefault(agency.name if agency else "", []).append(person)
    return PlanChoices(
        services=services,
        teams=teams,
        offers_herself=herself in offer.staff
        and not any(herself == member.resource_id for team in teams for member in team.members),
        extras=[offer.staff[person] for person in left if person != herself],
        staff=staff,
    )


def _team_needs(offer: Catalogue, picked: Picked) -> Iterator[tuple[NeedEntry, str]]:
    """The teams of the picked services, each once, where there is somebody to pick."""
    seen = set()
    for key in picked.services:
        service = offer.services[key]
        for need in service.needs:
            if len(need.candidates) > 1 and need.key not in seen:
                seen.add(need.key)
                yield need, f"{service.agency.name}: {need.name}"
