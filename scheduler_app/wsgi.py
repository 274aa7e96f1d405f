"""What a web server loads: the app, set up from the environment (`scheduler_app.wsgi:create_from_environment`)."""

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from scheduler_app.app import create_app
from scheduler_app.config import Settings


def create_from_environment() -> Flask:
    """Raises SettingsError; ``terminlotse serve`` has looked before."""
    settings = Settings.from_environment(os.environ)
    app = create_app(settings)
    if settings.trusted_proxies:
        # without this all browsers share the proxy's address, and with it one limit on failed sign-ins
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app
