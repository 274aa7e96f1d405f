"""The demo's web and worker as processes of their own: started together, stopped together."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import click

from scheduler_app.config import PREFIX

START_SECONDS, STOP_SECONDS = 60, 15
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Process = subprocess.Popen[bytes]


@contextmanager
def running(
    commands: Sequence[Sequence[str]], settings: Mapping[str, str], log: Path
) -> Iterator[list[Process]]:
    """Run `terminlotse` with each of the arguments, their words in ``log``. Of this process's settings none counts."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment = {**inherited, **{PREFIX + name: value for name, value in settings.items()}}
    processes: list[Process] = []
    with log.open("ab") as words, _ended_by_signals():
        try:
            for command in commands:
                process = subprocess.Popen(
                    [sys.executable, "-m", "scheduler_app.cli", *command],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=words,
                    stderr=words,
                    start_new_session=True,  # Ctrl-C is for this process, which then ends them in turn
                )
                processes.append(process)
            yield processes
        finally:
            for number in _ENDING:
                signal.signal(number, signal.SIG_IGN)  # who is impatient must not leave half of it running
            _stop(processes)


def wait_until_ready(base_url: str, processes: Sequence[Process], log: Path) -> None:
    """Return when the web answers that it is ready. Raises ClickException if a process ends or it takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(f"{base_url}/readyz"):
        require_alive(processes, log)
        if time.monotonic() > deadline:
            raise click.ClickException(f"The demo did not get ready in {START_SECONDS} seconds; see {log}.")
        time.sleep(0.05)


def wait_while_alive(processes: Sequence[Process], log: Path) -> None:
    """Return never; raises ClickException when a process ends, SystemExit on a signal to end."""
    while True:
        require_alive(processes, log)
        time.sleep(0.5)


def require_alive(processes: Sequence[Process], log: Path) -> None:
    for process in processes:
        if process.poll() is not None:
            last = log.read_text(errors="replace").strip().splitlines()[-1:]
            said = f": {last[0]}" if last else "."
            raise click.ClickException(f"A part of the demo has ended (see {log}){said}")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = {number: signal.signal(number, leave) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(processes: Sequence[Process]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # always http to this machine
            return bool(answer.status == 200)
    except OSError:  # refused, reset, or an HTTP error status
        return False
