"""The command line in the test's own process, on a database of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler_app.cli import main
from tests.support.server import SECRET_KEY

MOERS = Path(__file__).parents[2] / "scheduler_app" / "demo" / "moers.yaml"

Run = Callable[..., Result]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No settings but those of the test."""
    for name in ("DATABASE_URL", "PUBLIC_URL", "SMS_PROVIDER", "DEMO", "TRUSTED_PROXIES"):
        monkeypatch.delenv(f"TERMINLOTSE_{name}", raising=False)
    monkeypatch.setenv("TERMINLOTSE_SECRET_KEY", SECRET_KEY)
    return monkeypatch


@pytest.fixture
def bare(environment: pytest.MonkeyPatch) -> Run:
    """Run `terminlotse` without a database."""
    return lambda *arguments, **more: CliRunner().invoke(main, [str(a) for a in arguments], **more)


@pytest.fixture
def terminlotse(bare: Run, environment: pytest.MonkeyPatch, database_url: str) -> Run:
    """Run `terminlotse` with a migrated, empty database."""
    environment.setenv("TERMINLOTSE_DATABASE_URL", database_url)
    return bare


@pytest.fixture
def moers(terminlotse: Run) -> Run:
    """The same with the demo municipality."""
    assert terminlotse("import", MOERS).exit_code == 0
    return terminlotse
