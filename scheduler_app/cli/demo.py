"""`terminlotse demo`: a running municipality in one command."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from scheduler_app.cli.database import SchemaState, database, schema_state, words_of_state
from scheduler_app.cli.port import require_free_port
from scheduler_app.cli.processes import running, wait_until_ready, wait_while_alive
from scheduler_app.cli.worker import only_worker
from scheduler_app.clock import system_clock
from scheduler_app.demo.build import PASSWORD, SLUG, build_demo
from scheduler_app.demo.description import SHOWN, Described, describe
from scheduler_app.demo.folder import DemoFolder
from scheduler_app.demo.scenarios import ClientLink
from scheduler_app.models import schema

HOST = "127.0.0.1"
WEB_PROCESSES = "2"
ROLES = {
    "case_manager": "case manager",
    "clerk": "clerk",
    "team_lead": "team lead",
    "pool_coordinator": "pool coordinator",
    "municipal_admin": "administrator",
    "interpreter": "interpreter",
}


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path(".demo"),
    show_default=True,
    help="Folder for the database; a second start goes on with it.",
)
@click.option("--fresh", is_flag=True, help="Forget the data of earlier starts.")
def demo(port: int, data: Path, *, fresh: bool) -> None:
    """Run a demo municipality with invented people; nothing leaves this machine. Ctrl-C ends it."""
    require_free_port(HOST, port)
    folder = DemoFolder(data.resolve())
    try:
        folder.prepare()
        with only_worker(folder.database):  # else a demo is running in this folder
            if fresh:
                folder.forget()
        described = _prepare(folder, f"http://{HOST}:{port}", now=system_clock())
        settings = {
            "DATABASE_URL": _url(folder.database),
            "SECRET_KEY": folder.secret_key(),
            "PUBLIC_URL": described.base_url,
            "SMS_PROVIDER": "console",
            "DEMO": "1",
        }
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"{folder.path} can not be used as data folder ({reason}). Choose another one with --data "
            "(make demo DATA=folder)."
        ) from error
    web = ["serve", "--host", HOST, "--port", str(port), "--workers", WEB_PROCESSES]
    with running([web, ["worker"]], settings, folder.log) as processes:
        wait_until_ready(described.base_url, processes, folder.log)
        _greet(described, folder)
        wait_while_alive(processes, folder.log)


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


def _prepare(folder: DemoFolder, base_url: str, *, now: datetime) -> Described:
    """The database as it was left, or a new one; and demo.json."""
    made: list[ClientLink] = []
    if not folder.database.exists():
        click.echo("Inventing a municipality ...")
        made = _build(folder, now=now)
    try:
        described = _describe(folder, base_url, made, now=now)
    except click.ClickException as error:
        raise click.ClickException(
            f"{error.message} To start anew, add --fresh (what is in {folder.path} is lost then); "
            "to keep it, choose another folder with --data."
        ) from error
    folder.write_description(described.to_json())
    return described


def _describe(folder: DemoFolder, base_url: str, made: list[ClientLink], *, now: datetime) -> Described:
    with database(_url(folder.database)) as engine:
        state = schema_state(engine)
        if state is SchemaState.OLD:
            schema.upgrade(engine)
        elif state is not SchemaState.CURRENT:
            raise click.ClickException(words_of_state(state))
        with Session(engine) as session:
            return describe(session, folder.description, base_url, made, now=now)


def _build(folder: DemoFolder, *, now: datetime) -> list[ClientLink]:
    folder.forget_unfinished()
    with database(_url(folder.unfinished), create=True) as engine:
        built = build_demo(engine, now=now)
    folder.unfinished.replace(folder.database)  # closed, so its write-ahead log is in it
    return built.client_links


def _greet(described: Described, folder: DemoFolder) -> None:
    base = described.base_url
    lines = [
        "",
        "Terminlotse is running with invented people. No message leaves this machine.",
        "",
        f"  Clients        {base}/{SLUG}/",
        f"  Their phones   {base}/demo/phone",
        f"  Staff          {base}/staff/",
        f"  Interpreters   {base}/interpreter/",
        f"  All of it      {base}/demo/",
        "",
        f"  Password of all accounts: {PASSWORD}",
        *(f"    {ROLES[role]:<17}{email}" for role, email in SHOWN),
        "",
        f"For scripts: {folder.description}",
        "Ctrl-C ends the demo; the next start goes on with its data.",
    ]
    click.echo("\n".join(lines))
