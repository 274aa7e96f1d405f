"""GET services: what can be booked here."""

from typing import Any

from flask import Response, jsonify

from scheduler_app.models import db
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.catalogue_entries import ServiceEntry
from scheduler_app.web.access import public
from scheduler_app.web.api import blueprint


@blueprint.get("/<municipality>/services")
@public
def list_services(municipality: str) -> Response:
    """The services that clients may book themselves, in the municipality's order."""
    catalogue = catalogue_of(db.session(), municipality)
    offered = [service for service in catalogue.services.values() if service.is_online]
    return jsonify(
        municipality=_municipality(catalogue), services=[_service(catalogue, service) for service in offered]
    )


def _municipality(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "key": catalogue.slug,
        "name": catalogue.name,
        "timezone": catalogue.timezone,
        "phone": catalogue.phone,
        "languages": list(catalogue.languages),
        "interpreted_languages": sorted(catalogue.languages_interpreted()),
    }


def _service(catalogue: Catalogue, service: ServiceEntry) -> dict[str, Any]:
    place = catalogue.places.get(service.agency.place_id) if service.agency.place_id is not None else None
    return {
        "key": service.key,
        "name": service.name,
        "description": service.description,
        "papers": list(service.papers),
        "minutes": service.minutes,
        "joint": service.is_joint,
        "interpreter": bool(service.interpreter_level),
        "agency": {"key": service.agency.key, "name": service.agency.name},
        "place": place.address if place else catalogue.address,
    }
