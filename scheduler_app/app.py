"""The composition root: one app from settings, everything else is told what it needs."""

from dataclasses import dataclass

from flask import Flask, Response
from flask_wtf import CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from scheduler_app.clock import Clock, system_clock
from scheduler_app.config import Settings, templates_folder
from scheduler_app.models import db
from scheduler_app.models.engine import configure_engine
from scheduler_app.models.schema import is_current
from scheduler_app.web import access
from scheduler_app.web.admin import blueprint as admin
from scheduler_app.web.api import blueprint as api
from scheduler_app.web.calendars import blueprint as calendars
from scheduler_app.web.client import blueprint as client
from scheduler_app.web.client.links import blueprint as links
from scheduler_app.web.demo import blueprint as demo
from scheduler_app.web.error_pages import register_error_pages
from scheduler_app.web.i18n import init_i18n
from scheduler_app.web.interpreter import blueprint as interpreter
from scheduler_app.web.refuse_nul import refuse_nul
from scheduler_app.web.security_headers import init_security_headers
from scheduler_app.web.staff import blueprint as staff


@dataclass(frozen=True)
class Terminlotse:
    """What views find in ``app.extensions["terminlotse"]``."""

    settings: Settings
    clock: Clock


def create_app(settings: Settings, clock: Clock = system_clock) -> Flask:
    """Build the application. ``clock`` tells every request what time it is (tests set it)."""
    app = Flask(__name__, template_folder=str(templates_folder()))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SESSION_COOKIE_NAME="terminlotse",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=256 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the sign-in itself: a form left open over lunch still works
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["terminlotse"] = Terminlotse(settings, clock)
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
    csrf = CSRFProtect(app)
    init_i18n(app)
    init_security_headers(app)
    register_error_pages(app)
    app.url_value_preprocessor(refuse_nul)  # before those of the blueprints, which look into the database
    for blueprint in (staff, interpreter, admin, api, calendars, demo, links, client):
        app.register_blueprint(blueprint)
    # a client's form changes only what its own secret address stands for, so there is nothing to forge;
    # the API takes no cookies
    for blueprint in (client, links, api):
        csrf.exempt(blueprint)
    app.before_request(access.enforce)
    _add_health(app)
    return app


def _add_health(app: Flask) -> None:
    @app.get("/healthz")
    @access.public
    def healthz() -> Response:
        """Alive."""
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    @access.public
    def readyz() -> Response:
        """The database answers and has the schema of this release."""
        try:
            db.session.execute(text("SELECT 1"))
            ready = is_current(db.session.connection())
        except SQLAlchemyError:
            return Response("database not reachable\n", 503, mimetype="text/plain")
        if not ready:
            return Response("migrations missing: run terminlotse db upgrade\n", 503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")
