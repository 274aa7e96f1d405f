"""GET openapi.json: the description of this API (OpenAPI 3.1)."""

from pathlib import Path

from flask import Response

from scheduler_app.web.access import public
from scheduler_app.web.api import blueprint

DESCRIPTION = (Path(__file__).parent / "openapi.json").read_bytes()


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    return Response(DESCRIPTION, mimetype="application/json")
