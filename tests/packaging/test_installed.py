"""The installed wheel runs without the checkout."""

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.support.server import free_port, running, wait_until_ready

pytestmark = pytest.mark.packaging


def test_the_command_line_answers(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "terminlotse", "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout


def test_the_package_is_not_taken_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = [str(installed / "python"), "-c", "import scheduler_app; print(scheduler_app.__file__)"]
    done = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(installed.parent)


def test_the_demo_runs(installed: Path, tmp_path: Path) -> None:
    base_url = f"http://127.0.0.1:{(port := free_port())}"
    command: list[str | Path] = [
        installed / "terminlotse",
        "demo",
        "--port",
        str(port),
        "--data",
        tmp_path / "demo",
    ]
    with running(command, {}, tmp_path) as process:
        wait_until_ready(base_url, process, tmp_path)
        described = json.loads((tmp_path / "demo/demo.json").read_text())
        assert described["base_url"] == base_url
        with urllib.request.urlopen(f"{base_url}/moers/", timeout=30) as page:  # noqa: S310  # http to loopback
            assert page.status == 200
        with urllib.request.urlopen(f"{base_url}/static/vendor/kern.min.css", timeout=30) as sheet:  # noqa: S310
            assert sheet.status == 200
