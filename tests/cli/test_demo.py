"""The demo as a newcomer starts it, and what scripts find in it."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import free_port, program, running, wait_until_ready


@contextmanager
def demo(folder: Path, *more: str) -> Iterator[dict[str, Any]]:
    port = free_port()
    command = [str(program()), "demo", "--port", str(port), "--data", "data", *more]
    with running(command, {"TERMINLOTSE_SMS_PROVIDER": "twilio"}, folder) as process:
        wait_until_ready(f"http://127.0.0.1:{port}", process, folder)
        described: dict[str, Any] = json.loads((folder / "data/demo.json").read_text())
        assert described["base_url"] == f"http://127.0.0.1:{port}"
        yield described


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310  # http to loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_demo_runs_and_goes_on_where_it_was_left(tmp_path: Path) -> None:
    with demo(tmp_path) as first:
        base_url = first["base_url"]
        roles = {account["role"] for account in first["accounts"]}
        assert {"case_manager", "clerk", "pool_coordinator", "municipal_admin", "interpreter"} <= roles
        for feed in first["feeds"]:
            status, calendar = get(feed["address"])
            assert (status, calendar[:15]) == (200, "BEGIN:VCALENDAR")
            assert "BEGIN:VEVENT" in calendar
        for link in first["client_links"]:
            assert get(link["address"])[0] == 200
        assert get(f"{base_url}/moers/")[0] == 200
        assert get(f"{base_url}/demo/phone")[0] == 200
        wait_for_message(f"{base_url}/demo/phone", first["client_links"][0])
    said = (tmp_path / "output.log").read_text()
    assert f"{base_url}/moers/" in said
    assert "moers-demo-2026" in said
    assert "Traceback" not in said
    with demo(tmp_path) as second:
        assert tokens(second) == tokens(first)
        assert [get(feed["address"])[0] for feed in second["feeds"]] == [200] * len(second["feeds"])
        assert "Inventing" not in (tmp_path / "output.log").read_text()


def tokens(described: dict[str, Any]) -> list[str]:
    entries = [*described["feeds"], *described["client_links"]]
    return [entry["address"].removeprefix(described["base_url"]) for entry in entries]


def wait_for_message(phone: str, link: dict[str, str]) -> None:
    """The worker sends the confirmations of the well-known clients."""
    deadline = time.monotonic() + 30
    while "/t/" not in get(phone)[1]:
        assert time.monotonic() < deadline, "no message arrived"


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with demo(tmp_path):
        folder = tmp_path / "second"
        folder.mkdir()
        command = [
            str(program()),
            "demo",
            "--port",
            str(free_port()),
            "--data",
            str(tmp_path / "data"),
            "--fresh",
        ]
        with running(command, {}, folder) as process:
            assert process.wait(timeout=30) == 1
        assert "running already" in (folder / "output.log").read_text()
        assert (tmp_path / "data/terminlotse.sqlite3").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_it(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    command = [str(program()), "demo", "--port", str(port), "--data", "data"]
    with running(command, {}, tmp_path) as process:
        wait_until_ready(f"http://127.0.0.1:{port}", process, tmp_path)
        os.kill(process.pid, number)
        assert process.wait(timeout=30) == 0
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
    assert "Traceback" not in (tmp_path / "output.log").read_text()
    assert "Traceback" not in (tmp_path / "data/demo.log").read_text()
