"""Every expected failure is one clear sentence on standard error and exit code 1, never a traceback."""

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import MOERS, Run
from tests.support.server import free_port

ON_ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def sentence(done: Result) -> str:
    """The one line on standard error."""
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit)
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Error: ")
    return lines[0].removeprefix("Error: ")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


COMMANDS = (("serve",), ("worker",), ("db", "upgrade"), ("import", str(MOERS)), ("slots", "moers", "x"))


@pytest.mark.parametrize("command", COMMANDS)
def test_without_settings(bare: Run, command: tuple[str, ...]) -> None:
    assert "TERMINLOTSE_DATABASE_URL is not set" in sentence(bare(*command))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "moers.example"),
        ("SMS_PROVIDER", "pigeon"),
        ("SMS_PROVIDER", "twilio"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_wrong_setting_is_named(
    bare: Run, environment: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    environment.setenv("TERMINLOTSE_DATABASE_URL", f"sqlite:///{tmp_path}/x.sqlite3")
    environment.setenv(f"TERMINLOTSE_{name}", value)
    assert f"TERMINLOTSE_{name}" in sentence(bare("worker"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no address of a database"),
        ("oracle://x/y", "no address of a database"),
        ("postgresql://x:geheim@127.0.0.1:1/x", "does not answer"),
        ("sqlite:////nirgends/x.sqlite3", "does not exist"),
    ],
)
def test_a_database_that_is_not_there(
    bare: Run, environment: pytest.MonkeyPatch, url: str, words: str
) -> None:
    environment.setenv("TERMINLOTSE_DATABASE_URL", url)
    said = sentence(bare("db", "upgrade"))
    assert words in said
    assert "geheim" not in said


@pytest.mark.parametrize("command", COMMANDS[:2] + COMMANDS[3:])
def test_no_database_is_made_by_mistake(
    bare: Run, environment: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "x.sqlite3"
    environment.setenv("TERMINLOTSE_DATABASE_URL", f"sqlite:///{file}")
    assert "terminlotse db upgrade" in sentence(bare(*command))
    assert not file.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_database(
    bare: Run, environment: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "x.sqlite3"
    file.write_text("Dies ist keine Datenbank, sondern ein Brief. " * 50)
    environment.setenv("TERMINLOTSE_DATABASE_URL", f"sqlite:///{file}")
    assert "is not an SQLite database" in sentence(bare(*command))
    assert file.read_text().startswith("Dies ist")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_database_of_another_program(
    bare: Run, environment: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]
) -> None:
    with sqlite3.connect(tmp_path / "x.sqlite3") as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    environment.setenv("TERMINLOTSE_DATABASE_URL", f"sqlite:///{tmp_path}/x.sqlite3")
    assert "another program" in sentence(bare(*command))


def test_the_database_of_a_newer_release(bare: Run, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.sqlite3") as newer:
        newer.execute("CREATE TABLE alembic_version (version_num TEXT)")
        newer.execute("INSERT INTO alembic_version VALUES ('9999')")
    newer.close()
    environment.setenv("TERMINLOTSE_DATABASE_URL", f"sqlite:///{tmp_path}/x.sqlite3")
    assert "newer release" in sentence(bare("db", "upgrade"))


@ON_ONE_DATABASE
def test_a_taken_port(terminlotse: Run, taken_port: int) -> None:
    assert f"Port {taken_port} is taken" in sentence(terminlotse("serve", "--port", taken_port))


@ON_ONE_DATABASE
def test_an_address_of_nobody(terminlotse: Run) -> None:
    assert "no address of this machine" in sentence(
        terminlotse("serve", "--host", "999.1.1.1", "--port", free_port())
    )


@ON_ONE_DATABASE
def test_files_that_can_not_be_imported(terminlotse: Run, tmp_path: Path) -> None:
    assert "can not be read" in sentence(terminlotse("import", tmp_path / "gibt-es-nicht.yaml"))
    assert "can not be read" in sentence(terminlotse("import", tmp_path))


@ON_ONE_DATABASE
def test_all_mistakes_of_a_file_are_told_with_their_lines(terminlotse: Run) -> None:
    file = MOERS.parents[2] / "tests/services/municipality_files/many_mistakes.yaml"
    done = terminlotse("import", file)
    *mistakes, last = done.stderr.splitlines()
    assert done.exit_code == 1
    assert len(mistakes) > 3
    assert all(": line " in line for line in mistakes)
    assert "nothing was changed" in last


@ON_ONE_DATABASE
def test_accounts_that_can_not_be_changed(moers: Run) -> None:
    nobody = moers("account", "set-password", "nobody@moers.example", "--password-stdin", input="x" * 20)
    assert "no account of nobody@moers.example" in sentence(nobody)
    email = "selin.celik@moers.example"
    short = moers("account", "set-password", email, "--password-stdin", input="kurz\n")
    assert "too short" in sentence(short)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nirgends", "kita-beratung"), "no municipality 'nirgends'"),
        (("moers", "gibt-es-nicht"), "no service 'gibt-es-nicht'"),
        (("moers", "kita-beratung", "--language", "xx"), "no known language"),
        (("moers", "kita-beratung", "schuluntersuchung"), "schuluntersuchung"),
    ],
)
def test_searches_without_an_answer(moers: Run, arguments: tuple[str, ...], words: str) -> None:
    assert words in sentence(moers("slots", *arguments))


def test_doctor_says_what_to_do(bare: Run, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("TERMINLOTSE_DATABASE_URL", f"sqlite:///{tmp_path}/x.sqlite3")
    environment.setenv("TERMINLOTSE_PUBLIC_URL", "http://termine.example")
    done = bare("doctor")
    assert done.exit_code == 1
    assert "FAULT  database" in done.stdout
    assert "terminlotse db upgrade" in done.stdout
    assert "FAULT  TLS" in done.stdout


def test_doctor_without_settings(bare: Run) -> None:
    done = bare("doctor")
    assert done.exit_code == 1
    assert "TERMINLOTSE_DATABASE_URL is not set" in done.stdout


def test_demo_on_a_taken_port_does_nothing(bare: Run, taken_port: int, tmp_path: Path) -> None:
    done = bare("demo", "--port", taken_port, "--data", tmp_path / "demo")
    assert f"Port {taken_port} is taken" in sentence(done)
    assert not (tmp_path / "demo").exists()


def test_demo_where_no_folder_can_be(bare: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = bare("demo", "--port", free_port(), "--data", tmp_path / "file" / "demo")
    assert "can not be used as data folder" in sentence(done)


@pytest.mark.parametrize("content", [b"no database at all, but long enough to look at " * 30, b""])
def test_demo_with_a_broken_database(bare: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "terminlotse.sqlite3").write_bytes(content)
    done = bare("demo", "--port", free_port(), "--data", tmp_path)
    assert "--fresh" in sentence(done)
    assert (tmp_path / "terminlotse.sqlite3").read_bytes() == content
