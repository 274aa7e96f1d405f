"""Errors as pages in the reader's words; the API has its own (RFC 9457)."""

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.models import db
from scheduler_app.web.page_language import choose_language

GERMAN_ONLY = ("/staff/", "/interpreter/", "/admin/")


def register_error_pages(app: Flask) -> None:
    app.register_error_handler(CSRFError, _form_outdated)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(UnknownThing, _unknown)
    app.register_error_handler(Exception, _failure)


def _form_outdated(_error: CSRFError) -> ResponseReturnValue:
    return _error_page(400, form_outdated=True)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return _error_page(error.code)


def _unknown(_error: UnknownThing) -> ResponseReturnValue:
    return _error_page(404)


def _failure(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged with its trace for the operator, told to the reader without."""
    db.session.rollback()
    current_app.logger.error("unexpected error", exc_info=error)
    return _error_page(500)


def _error_page(code: int, *, form_outdated: bool = False) -> ResponseReturnValue:
    """In the language of the page that failed; its municipality, if it has one, says whom to call."""
    if "language" not in g and not request.path.startswith(GERMAN_ONLY):
        g.language = choose_language(request)
    page = render_template(
        "layouts/error.html", code=code, form_outdated=form_outdated, municipality=g.get("catalogue")
    )
    return page, code
