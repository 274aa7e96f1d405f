"""Errors of the API as RFC 9457 problem details, also where no view was reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from scheduler_app.domain.errors import TerminlotseError, UnknownThing
from scheduler_app.models import db
from scheduler_app.web.api import blueprint

TYPES = "https://terminlotse.example/problems/"
"""Problem types are names that never change (RFC 9457 3.1.1); nothing has to be found at their address."""


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with a request: where (a JSON pointer of the body, or a query parameter) and what."""

    detail: str
    pointer: str = ""
    parameter: str = ""

    def to_json(self) -> dict[str, str]:
        place = {"pointer": self.pointer} if self.pointer else {"parameter": self.parameter}
        return {**place, "detail": self.detail}


class Problem(Exception):
    """An answer that says why a request was not done. ``more`` are further members, as ``next_slots``."""

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        title: str,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.body: dict[str, Any] = {"type": TYPES + kind, "title": title, "status": int(status)}
        if detail:
            self.body["detail"] = detail
        if errors:
            self.body["errors"] = [error.to_json() for error in errors]
        self.body.update(more or {})
        self.headers = dict(headers or {})

    def response(self) -> Response:
        answer = jsonify(self.body)
        answer.status_code = self.status
        answer.mimetype = "application/problem+json"
        answer.headers.update(self.headers)
        return answer


class InvalidRequest(Problem):
    """400: one or many things are wrong with the request; all of them are listed."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(
            HTTPStatus.BAD_REQUEST,
            "invalid-request",
            "The request has mistakes.",
            " ".join(error.detail for error in errors),
            errors=errors,
        )


_HTTP_DETAILS = {
    400: "The address or the body can not be read; no text may have the character U+0000.",
    404: "There is nothing at this address. /api/v1/openapi.json lists all there are.",
    405: "This address does not know this method; the header Allow lists those it knows.",
    413: "The body is larger than this API takes.",
    415: "Send the body as application/json.",
}


def problem_of_http_error(error: HTTPException) -> Problem:
    """What werkzeug raises: an unknown address, a method that is not there, a body that is too large."""
    status = HTTPStatus(error.code or 500)
    kept = {"Allow", "Retry-After"}
    headers = {name: value for name, value in error.get_headers() if name in kept}
    kind = status.phrase.lower().replace(" ", "-")
    return Problem(status, kind, f"{status.phrase}.", _HTTP_DETAILS.get(status, ""), headers=headers)


@blueprint.before_app_request
def _answer_unknown_addresses() -> Response | None:
    """No view is reached at these addresses, so no error handler of the blueprint is either."""
    if not request.path.startswith("/api/") or request.blueprint == blueprint.name:
        return None
    error = request.routing_exception
    if error is not None and (error.code is None or error.code < 400):
        return None
    if error is None:  # the address reads like one of the client pages
        return Problem(HTTPStatus.NOT_FOUND, "not-found", "Not Found.", _HTTP_DETAILS[404]).response()
    return problem_of_http_error(error).response()


@blueprint.errorhandler(Problem)
def _problem(problem: Problem) -> Response:
    return problem.response()


@blueprint.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> Response:
    return problem_of_http_error(error).response()


@blueprint.errorhandler(UnknownThing)
def _unknown(error: UnknownThing) -> Response:
    """Named in the address, so it is the address that does not exist."""
    detail = f"There is no {error.what} {error.key!r} here."
    return Problem(HTTPStatus.NOT_FOUND, "not-found", "Not Found.", detail).response()


@blueprint.errorhandler(TerminlotseError)
def _refused(error: TerminlotseError) -> Response:
    kind = error.code.replace("_", "-")
    return Problem(HTTPStatus.CONFLICT, kind, "This can not be done.", type(error).__doc__ or "").response()


@blueprint.errorhandler(Exception)
def _failure(error: Exception) -> Response:
    """A fault of ours: logged with its trace for the operator, told without."""
    db.session.rollback()
    current_app.logger.error("unexpected error", exc_info=error)
    detail = "The fault is on this side. Trying again may help."
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "internal-server-error", "Internal Server Error.", detail
    ).response()
