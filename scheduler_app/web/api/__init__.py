"""The JSON API: what other systems of a municipality search and book with, by the same services as the pages."""

from flask import Blueprint

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

# the views register themselves on the blueprint
from scheduler_app.web.api import (  # noqa: E402
    appointments,
    description,
    problems,
    services,
    slots,
)

__all__ = ["appointments", "blueprint", "description", "problems", "services", "slots"]
