"""What else can be picked on the planning page, besides the roles."""

from dataclasses import dataclass

from scheduler_app.models import Gender, InterpreterLevel
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import InterpreterEntry, ServiceEntry, StaffEntry
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.staff.planning.picked import Picked

WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
LEVELS = {
    "": "wie das Anliegen es braucht",
    InterpreterLevel.LAY: "mindestens Laien",
    InterpreterLevel.CERTIFIED: "mindestens zertifiziert",
    InterpreterLevel.SWORN: "vereidigt",
}
GENDERS = {"": "egal", Gender.FEMALE: "Frau", Gender.MALE: "Mann", Gender.DIVERSE: "divers"}


@dataclass(frozen=True, slots=True)
class Choices:
    """``picked`` services, and ``services`` and ``staff`` that can be added, by agency name.

    ``interpreters`` speak the language that was picked.
    """

    picked: list[ServiceEntry]
    services: dict[str, list[ServiceEntry]]
    staff: dict[str, list[StaffEntry]]
    interpreters: list[InterpreterEntry]
    weekdays: tuple[str, ...] = WEEKDAYS


def choices_of(offer: Catalogue, picked: Picked) -> Choices:
    """The choices that go with what was picked so far."""
    services: dict[str, list[ServiceEntry]] = {}
    for service in offer.services.values():
        if service.key not in picked.request.services:
            services.setdefault(service.agency.name, []).append(service)
    staff: dict[str, list[StaffEntry]] = {}
    for person in offer.staff.values():
        if person.resource_id not in picked.request.people:
            agency = offer.agencies.get(person.agency_id)
            staff.setdefault(agency.name if agency else "", []).append(person)
    chosen = [offer.services[key] for key in picked.request.services]
    return Choices(chosen, services, staff, _interpreters(offer, picked.request))


def _interpreters(offer: Catalogue, request: SlotRequest) -> list[InterpreterEntry]:
    if not request.language:
        return []
    able = {
        person
        for by_video in (False, True)
        for person in offer.interpreters_of(request.language, request.variety, "", by_video=by_video)
    }
    return sorted((offer.interpreters[person] for person in able), key=lambda entry: entry.name)
