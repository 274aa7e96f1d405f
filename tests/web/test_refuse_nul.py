"""A NUL, which PostgreSQL takes in no text, is refused in words wherever it stands."""

import pytest
from flask import Flask


@pytest.mark.parametrize(
    ("method", "address", "form"),
    [
        ("GET", "/mo%00ers/", {}),
        ("GET", "/moers/slots?service=%00", {}),
        ("GET", "/moers/slots?%00=x", {}),
        ("GET", "/t/abc%00", {}),
        ("GET", "/moers/check/KIM-1%00/x", {}),
        ("POST", "/hold/x%00", {"name": "x"}),
        ("POST", "/staff/sign-in", {"email": "a\0@example.org", "password": "x"}),
        ("POST", "/interpreter/sign-in", {"email": "a@example.org", "password": "x", "\0": ""}),
    ],
)
def test_pages_refuse_it_in_words(app: Flask, method: str, address: str, form: dict[str, str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().open(address, method=method, data=form or None)
    assert answer.status_code in {400, 404}
    assert "<h1" in answer.text
    if not address.startswith("/hold"):
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/mo%00ers/services", None),
        ("GET", "/api/v1/moers/services/x%00/slots", None),
        ("GET", "/api/v1/moers/services/x/slots?language=%00", None),
        ("POST", "/api/v1/moers/appointments", rb'{"client": {"name": "A\u0000"}}'),
        ("POST", "/api/v1/moers/appointments", rb'{"\u0000": 1}'),
        ("POST", "/api/v1/moers/appointments", b'{"note": "\0"}'),
    ],
)
def test_the_api_refuses_it_with_a_problem(app: Flask, method: str, path: str, body: bytes | None) -> None:
    answer = app.test_client().open(
        path, method=method, data=body, content_type="application/json" if body else None
    )
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert "U+0000" in answer.get_json(force=True)["detail"]


def test_what_only_looks_like_one_is_let_through(app: Flask) -> None:
    """A backslash that is written out, followed by u0000."""
    answer = app.test_client().post(
        "/api/v1/moers/appointments", data=rb'{"note": "\\u0000"}', content_type="application/json"
    )
    assert answer.status_code == 404  # no municipality in this database
