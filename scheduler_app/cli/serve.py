"""`terminlotse serve`: the web."""

import click
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from scheduler_app.cli.database import current_database, settings
from scheduler_app.cli.port import require_free_port

BLOCKING_THREADS = 4
"""A process: requests wait for the database more than they compute."""

STOP_SECONDS = 10
LOGGING = {
    "formatters": {"generic": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "alembic": {"level": "WARNING"},
    },
}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API until SIGTERM or Ctrl-C; requests that have begun are finished.

    Nothing is logged of single requests: their addresses can be secrets. Put a reverse proxy with TLS in front.
    """
    with current_database(settings().database_url):
        require_free_port(host, port)
    click.echo(f"Serving on http://{host}:{port}/ with {workers} processes. Ctrl-C ends it.", err=True)
    Server(
        "scheduler_app.wsgi:create_from_environment",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()
