"""Feeds at secret addresses, as calendar programs fetch them: no cookie, no redirect, no sign-in."""

import gzip
from http import HTTPStatus

from flask import Blueprint, Response, current_app, request
from werkzeug.http import http_date

from scheduler_app.domain.errors import LinkInvalid
from scheduler_app.models import db
from scheduler_app.services.feeds import FeedAnswer, read_feed
from scheduler_app.web.access import link_holder
from scheduler_app.web.request_time import now

blueprint = Blueprint("calendars", __name__, url_prefix="/calendars")

TYPE = "text/calendar; charset=utf-8"


@blueprint.get("/<token>.ics")
@link_holder
def feed(token: str) -> Response:
    """One person's calendar: 200, 304 if nothing changed, 410 if revoked, 404 if unknown."""
    try:
        answer = read_feed(
            db.session(),
            token,
            now=now(),
            public_url=current_app.extensions["terminlotse"].settings.public_url,
            if_none_match=request.headers.get("If-None-Match"),
            if_modified_since=request.headers.get("If-Modified-Since"),
            user_agent=request.headers.get("User-Agent", ""),
        )
    except LinkInvalid:
        return _text("Diesen Kalender gibt es nicht.\n", HTTPStatus.NOT_FOUND)
    if answer.status == HTTPStatus.GONE:
        return _text("Dieses Kalender-Abo wurde beendet.\n", HTTPStatus.GONE)
    return _calendar(answer)


def _calendar(answer: FeedAnswer) -> Response:
    response = Response(status=answer.status)
    if answer.status == HTTPStatus.OK:
        response.content_type = TYPE
        response.data = answer.body
        if _asks_for_gzip():
            response.data = gzip.compress(answer.body, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
    else:
        response.headers.remove("Content-Type")
    response.headers["ETag"] = answer.etag
    if answer.last_modified is not None:
        response.headers["Last-Modified"] = http_date(answer.last_modified)
    # the browser's memory must ask each time; nobody in between may keep it
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _asks_for_gzip() -> bool:
    """Only by name: what sends ``*`` or nothing may not be able to read it."""
    return any(name == "gzip" and quality > 0 for name, quality in request.accept_encodings)


def _text(words: str, status: HTTPStatus) -> Response:
    return Response(words, status, mimetype="text/plain", headers={"X-Robots-Tag": "noindex"})
