"""`serve` and `worker` as an operator runs them."""

import signal
import urllib.request
from pathlib import Path

import pytest

from tests.support.server import SECRET_KEY, program, running, running_server


def test_serve_answers(database_url: str, tmp_path: Path) -> None:
    with running_server(database_url, tmp_path) as base_url:
        address = f"{base_url}/api/v1/openapi.json?secret=hidden"
        assert answered(address)
    words = (tmp_path / "output.log").read_text()
    assert "hidden" not in words
    assert "Traceback" not in words


def test_a_worker_ends_on_sigterm(database_url: str, tmp_path: Path) -> None:
    with running([program(), "worker"], settings(database_url), tmp_path) as process:
        while "worker started" not in (tmp_path / "output.log").read_text():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    words = (tmp_path / "output.log").read_text()
    assert "worker stopped" in words
    assert "Traceback" not in words


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_sqlite_has_one_worker(database_url: str, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    file = Path(database_url.removeprefix("sqlite:///"))
    with running([program(), "worker"], settings(database_url), tmp_path) as first:
        while not file.with_name(file.name + ".worker").exists():
            assert first.poll() is None
        with running([program(), "worker"], settings(database_url), second) as process:
            assert process.wait(timeout=30) == 1
    assert "running already" in (second / "output.log").read_text()


def settings(database_url: str) -> dict[str, str]:
    return {"TERMINLOTSE_DATABASE_URL": database_url, "TERMINLOTSE_SECRET_KEY": SECRET_KEY}


def answered(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  # http to loopback
        return bytes(answer.read())
