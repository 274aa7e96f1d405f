"""Errors as pages in the reader's words; the API has its own (RFC 9457)."""

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.models import db


def register_error_pages(app: Flask) -> None:
    app.register_error_handler(CSRFError, _form_outdated)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(UnknownThing, _unknown)
    app.register_error_handler(Exception, _failure)


def _form_outdated(_error: CSRFError) -> ResponseReturnValue:
    return render_template("layouts/error.html", code=400, form_outdated=True), 400


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return render_template("layouts/error.html", code=error.code), error.code


def _unknown(_error: UnknownThing) -> ResponseReturnValue:
    return render_template("layouts/error.html", code=404), 404


def _failure(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged with its trace for the operator, told to the reader without."""
    db.session.rollback()
    current_app.logger.error("unexpected error", exc_info=error)
    return render_template("layouts/error.html", code=500), 500
