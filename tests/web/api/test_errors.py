"""Errors under /api are problem details, whoever raises them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.api.described import checked


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v2/moers/services", 404),
        ("GET", "/api/v1/moers", 404),
        ("GET", "/api/v1/moers/", 404),
        ("GET", "/api/v1/nirgends/services", 404),
        ("GET", "/api/v1/moers/services/gibt-es-nicht/slots", 404),
        ("GET", "/api/v1/moers/services/jugendhilfe-minderjaehrige/slots", 404),
        ("POST", "/api/v1/moers/services", 405),
        ("GET", "/api/v1/moers/appointments", 405),
        ("DELETE", "/api/v1/openapi.json", 405),
        ("POST", "/api/v1/nirgends/appointments", 404),
    ],
)
def test_every_error_is_a_problem(reader: FlaskClient, method: str, path: str, status: int) -> None:
    response = reader.open(path, method=method, json={} if method == "POST" else None)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.get_json(force=True)["status"] == status
    assert ("Allow" in response.headers) == (status == 405)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type(reader: FlaskClient, content_type: str) -> None:
    checked(reader.post("/api/v1/moers/appointments", data="{}", content_type=content_type), 415)


def test_a_body_that_is_too_large(reader: FlaskClient) -> None:
    body = " " * 300_000
    checked(reader.post("/api/v1/moers/appointments", data=body, content_type="application/json"), 413)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_fault_of_ours_is_told_without_its_trace(app: Flask, client: FlaskClient) -> None:
    del app.extensions["terminlotse"]
    response = client.get("/api/v1/moers/services/kita-beratung/slots")
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert "Trace" not in response.get_data(as_text=True)


def test_pages_keep_their_own_errors(reader: FlaskClient) -> None:
    assert reader.get("/gibt-es-nicht").mimetype == "text/html"
