"""One moment per request: what is checked and what is written have the same time."""

from datetime import datetime

from flask import current_app, g


def now() -> datetime:
    """The time of this request, aware, in UTC, from the app's clock."""
    if "now" not in g:
        g.now = current_app.extensions["terminlotse"].clock()
    moment: datetime = g.now
    return moment
