"""Answers of the API, checked against its own description."""

import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from werkzeug.test import TestResponse

import scheduler_app.web.api

DESCRIPTION: dict[str, Any] = json.loads(
    (Path(scheduler_app.web.api.__file__).parent / "openapi.json").read_text()
)


def checked(response: TestResponse, status: int) -> Any:
    """The JSON of an answer that has this status, which the description knows, and the form that it gives there."""
    assert response.status_code == status, response.get_data(as_text=True)
    method, address = response.request.method.lower(), response.request.path.removeprefix("/api/v1")
    template = next(known for known in DESCRIPTION["paths"] if _pattern(known).fullmatch(address))
    described = DESCRIPTION["paths"][template][method]["responses"][str(status)]["content"]
    schema = {**described[response.mimetype]["schema"], "components": DESCRIPTION["components"]}
    answer = response.get_json(force=True)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer)
    if status >= 400:
        assert answer["status"] == status
    return answer


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", template))
