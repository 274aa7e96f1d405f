"""What is to be booked: one visit, or those of a chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler_app.domain.chain import MOST_VISITS
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import MOST_SERVICES
from scheduler_app.web.api.json_body import Body
from scheduler_app.web.api.values import read_moment

FIRST_YEAR, LAST_YEAR = 2000, 2199
VISIT_MEMBERS = ("service", "services", "start")


@dataclass(frozen=True)
class AskedVisit:
    """One visit of the body; ``pointer`` is where its services stand there."""

    services: tuple[str, ...]
    starts_at: datetime
    pointer: str


def read_visits(body: Body, catalogue: Catalogue) -> list[AskedVisit]:
    """One visit, or those of a chain; empty with the mistakes in ``body.errors``."""
    if "visits" not in body.members:
        visit = _visit(body, body.members, "#", catalogue)
        return [visit] if visit is not None else []
    for name in VISIT_MEMBERS:
        if name in body.members:
            body.refuse(f"#/{name}", f"'{name}' stands in the visits where there are several.")
    visits = body.members["visits"]
    if (
        not isinstance(visits, list)
        or not all(isinstance(visit, dict) for visit in visits)
        or not 2 <= len(visits) <= MOST_VISITS
    ):
        words = f"'visits' must be a list of two to {MOST_VISITS} objects with service and start."
        body.refuse("#/visits", words)
        return []
    found = []
    for place, members in enumerate(visits):
        body.check_names(f"#/visits/{place}/", members, VISIT_MEMBERS)
        found.append(_visit(body, members, f"#/visits/{place}", catalogue))
    return [visit for visit in found if visit is not None] if None not in found else []


def _visit(body: Body, members: Mapping[str, Any], base: str, catalogue: Catalogue) -> AskedVisit | None:
    services, pointer = _service_keys(body, members, base)
    starts_at = None
    text = members.get("start")
    if not isinstance(text, str) or not text.strip():
        body.refuse(f"{base}/start", "'start' is needed, as a text.")
    else:
        try:
            starts_at = _start(text.strip(), catalogue)
        except ValueError as error:
            body.refuse(f"{base}/start", str(error))
    return AskedVisit(services, starts_at, pointer) if services and starts_at is not None else None


def _service_keys(body: Body, members: Mapping[str, Any], base: str) -> tuple[tuple[str, ...], str]:
    single, several = members.get("service"), members.get("services")
    if (single is None) == (several is None):
        body.refuse(f"{base}/service", "Give either 'service' or 'services'.")
    elif single is not None:
        if isinstance(single, str) and single.strip():
            return (single.strip(),), f"{base}/service"
        body.refuse(f"{base}/service", "'service' is needed, as a text.")
    elif isinstance(several, list) and len(several) > MOST_SERVICES:
        body.refuse(f"{base}/services", f"At most {MOST_SERVICES} services at once.")
    elif isinstance(several, list) and several and all(isinstance(key, str) for key in several):
        return tuple(dict.fromkeys(several)), f"{base}/services"
    else:
        body.refuse(f"{base}/services", "'services' must be a list of keys.")
    return (), ""


def _start(text: str, catalogue: Catalogue) -> datetime:
    if len(text) == len("2027-01-12"):
        raise ValueError(f"{text!r} is a day; give the start of a slot, as 2027-01-12T09:30:00+01:00.")
    start = read_moment(text, catalogue)
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise ValueError(f"{text!r} must lie in the years {FIRST_YEAR} to {LAST_YEAR}.")
    return start
