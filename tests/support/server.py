"""`terminlotse` as a process of its own, reached over loopback as a browser or another system reaches it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 120
SECRET_KEY = "a key for tests only, 32 characters"


@contextmanager
def running_server(
    database_url: str, folder: Path, settings: Mapping[str, str] | None = None, *, workers: int = 2
) -> Iterator[str]:
    """Serve an already migrated database with ``terminlotse serve``; yield the base URL without a trailing slash.

    ``settings`` are further environment variables.
    """
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = {
        "TERMINLOTSE_DATABASE_URL": database_url,
        "TERMINLOTSE_SECRET_KEY": SECRET_KEY,
        "TERMINLOTSE_PUBLIC_URL": base_url,
        **(settings or {}),
    }
    command: list[str | Path] = [program(), "serve", "--port", str(port), "--workers", str(workers)]
    with running(command, environment, folder) as process:
        wait_until_ready(base_url, process, folder)
        yield base_url


def program() -> Path:
    """The console script beside the Python that runs the tests."""
    return Path(sys.executable).with_name("terminlotse")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str | Path], environment: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in ``folder``, its words in ``output.log`` there; end it and its children afterwards."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("TERMINLOTSE_", "PYTHON"))
    }
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**inherited, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def wait_until_ready(base_url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Return when /readyz answers 200. Raises RuntimeError with the output if the process ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(f"{base_url}/readyz"):
        if process.poll() is not None or time.monotonic() > deadline:
            output = (folder / "output.log").read_text()[-4000:]
            raise RuntimeError(f"{process.args!r} did not get ready (exit code {process.poll()}):\n{output}")
        time.sleep(0.05)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # always http to loopback
            return bool(answer.status == 200)
    except OSError:  # refused, reset, or an HTTP error status
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
