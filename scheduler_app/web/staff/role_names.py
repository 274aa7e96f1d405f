"""What the keys of roles mean, in words: for "Es fehlt: …"."""

from collections.abc import Iterable

from scheduler_app.domain.languages import find_language
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import CLIENT, ROOM


def role_names(offer: Catalogue, plan: Plan, keys: Iterable[str]) -> list[str]:
    """German names of the roles with these keys, each once, in this order."""
    request = plan.request
    names = {ROOM: "Raum", CLIENT: "Klient*in (hat andere Termine)"}
    if request.language:
        names[INTERPRETER] = f"Sprachmittlung {find_language(request.variety or request.language).german}"
    for concern in plan.concerns:
        for need in concern.needs:
            names[need.key] = f"{concern.agency.name}: {need.name}" if need.name else concern.agency.name
    for person in offer.staff.values():
        names.setdefault(f"person:{person.staff_member_id}", person.name)
    for role in plan.roles:
        if role.key.startswith("team:") and len(role.candidates) == 1:
            names[role.key] = offer.staff[role.candidates[0]].name
    return list(dict.fromkeys(names.get(key, "Eine beteiligte Person") for key in keys))
