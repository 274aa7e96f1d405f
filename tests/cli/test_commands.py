"""What the commands do when all is well."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from scheduler_app import __version__
from scheduler_app.cli.database import SchemaState, schema_state
from scheduler_app.models import Audience, schema
from scheduler_app.services.sign_in import sign_in
from tests.cli.conftest import MOERS, Run
from tests.support.databases import engine_for
from tests.support.server import SECRET_KEY, free_port


def test_the_version(bare: Run) -> None:
    assert __version__ in bare("--version").output


def test_upgrade_makes_the_tables_once(bare: Run, environment: pytest.MonkeyPatch, database_url: str) -> None:
    engine = engine_for(database_url)
    schema.downgrade(engine, "base")
    environment.setenv("TERMINLOTSE_DATABASE_URL", database_url)
    assert "up to date" in bare("db", "upgrade").output
    assert schema_state(engine) is SchemaState.CURRENT
    assert "Nothing to do" in bare("db", "upgrade").output
    engine.dispose()


def test_import_tells_what_it_did(terminlotse: Run) -> None:
    first = terminlotse("import", MOERS)
    assert first.exit_code == 0
    assert "moers: created." in first.output
    assert "set-password" in first.output
    assert terminlotse("import", MOERS).output == "moers: nothing has changed.\n"


def test_a_password_from_standard_input_lets_in(moers: Run, session: Session) -> None:
    email = "selin.celik@moers.example"
    done = moers("account", "set-password", email.upper(), "--password-stdin", input="mirabelle 4711\n")
    assert done.exit_code == 0, done.output
    signed_in = sign_in(
        session,
        Audience.STAFF,
        email,
        "mirabelle 4711",
        source="test",
        secret_key=SECRET_KEY,
        now=datetime(2026, 11, 23, 8, tzinfo=UTC),
    )
    assert signed_in.account.email == email


def test_a_password_is_asked_for_twice(moers: Run) -> None:
    done = moers(
        "account", "set-password", "rania.haddad@sprachmittlung.example", input="mirabelle 4711\n" * 2
    )
    assert done.exit_code == 0
    assert "mirabelle" not in done.output


def test_joint_slots(moers: Run) -> None:
    done = moers("slots", "moers", "kita-beratung", "kurs-beratung", "--language", "ar", "--limit", 3)
    assert done.exit_code == 0
    assert len(done.output.splitlines()) == 3


def test_wishes_narrow_the_slots(moers: Run) -> None:
    done = moers(
        "slots", "moers", "kita-beratung", "--language", "ar", "--variety", "apc", "--weekdays", "tu,TH",
        "--earliest", "08:30", "--latest", "12:00", "--video", "--step-free", "--limit", 20,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert {line[:3] for line in done.output.splitlines()} == {"Tue", "Thu"}
    assert all(line[15:20] >= "08:30" and line[21:] <= "12:00" for line in done.output.splitlines())


def test_chains_are_itineraries(moers: Run) -> None:
    services = ("karte-fingerabdruck", "wohnsitz-anmelden", "wohnungssuche")
    done = moers(
        "slots", "moers", *services, "--chain", "--ordered", "--language", "ar", "--stays", "--limit", 2
    )
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert len(lines) == 8
    assert [line.startswith("    ") for line in lines[:4]] == [False, True, True, True]
    assert "Fingerabdrücke" in lines[1]


def test_without_slots_it_says_what_is_missing_and_what_would_help(moers: Run) -> None:
    done = moers("slots", "moers", "kita-beratung", "--language", "ar", "--latest", "07:00")
    assert done.exit_code == 1
    assert "What is missing: the time asked for." in done.output
    assert "At any time of the day: " in done.output
    assert (
        "What is missing: an interpreter."
        in moers("slots", "moers", "kita-beratung", "--language", "zza").output
    )
    chain = moers("slots", "moers", "kita-beratung", "wohnungssuche", "--chain", "--language", "zza")
    assert chain.exit_code == 1
    assert "What is missing: an interpreter." in chain.output


def test_why_comes_after_the_slots(moers: Run) -> None:
    done = moers("slots", "moers", "geburt-beurkunden", "--language", "tr", "--limit", 1, "--why")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--weekdays", "MO,XX"), "is no list of"),
        (("--earliest", "8 Uhr"), "is no time of the day"),
        (("--earliest", "12:00", "--latest", "08:00"), "must be later"),
        (("--language", "ar", "--variety", "kmr"), "is no variety"),
        (("--from", "2027-01-02", "--to", "2027-01-01"), "lies before"),
        (("--from", "0001-01-01"), "--from must lie in the years 2000 to 2199"),
        (("--to", "9999-12-31"), "--to must lie in the years 2000 to 2199"),
        (("--chain", "wohnungssuche", "--to", "9999-12-31"), "--to must lie in the years"),
        (("kurs-beratung", *(f"x{number}" for number in range(5))), "At most 6 services at once"),
        (("--language", "xx"), "xx"),
        (("--chain",), "2 to 6 services"),
    ],
)
def test_options_that_make_no_sense(moers: Run, options: tuple[str, ...], words: str) -> None:
    done = moers("slots", "moers", "kita-beratung", *options)
    assert done.exit_code == 1
    assert words in done.output
    assert "Traceback" not in done.output


def test_doctor_finds_all_well(moers: Run) -> None:
    done = moers("doctor", "--port", free_port())
    assert done.exit_code == 0, done.output
    assert "FAULT" not in done.output
    assert "moers" in done.output
