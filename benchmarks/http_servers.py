"""The production server on loopback, with an application of benchmarks/http_apps.py.

``python -m benchmarks.http_servers APPLICATION PORT`` is what runs as a process of its own.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from scheduler_app.cli.serve import BLOCKING_THREADS

WORKERS = 2
START_SECONDS = 30


@contextmanager
def serving(application: str, settings: Mapping[str, str], folder: Path) -> Iterator[HTTPConnection]:
    """Serve until the end of the block; yields a connection that stays open. The server's words go to a file."""
    port = _free_port()
    with (folder / f"{application}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.http_servers", application, str(port)],
            env={**os.environ, **settings}, stdout=log, stderr=log, cwd=Path(__file__).parent.parent,
        )  # fmt: skip
    try:
        yield _connected(port, process, folder / f"{application}.log")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=START_SECONDS)


def get(connection: HTTPConnection, address: str) -> bytes:
    """The body of a page that is there. Raises RuntimeError for any other status than 200."""
    connection.request("GET", address)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{address} answered {response.status}: {body[:500].decode(errors='replace')}")
    return body


def _connected(port: int, process: subprocess.Popen[bytes], log: Path) -> HTTPConnection:
    deadline = time.monotonic() + START_SECONDS
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}") from error
            time.sleep(0.05)
        else:
            return connection


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(application: str, port: str) -> None:
    """As `terminlotse serve` does it."""
    Server(
        f"benchmarks.http_apps:{application}",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=int(port),
        workers=WORKERS,
        blocking_threads=BLOCKING_THREADS,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
