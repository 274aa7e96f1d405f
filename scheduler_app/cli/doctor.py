"""`terminlotse doctor`: is everything there, and if not, what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.texts import TextError, Texts
from scheduler_app.cli.database import SchemaState, database, schema_state, words_of_state
from scheduler_app.cli.database import settings as read_settings
from scheduler_app.cli.port import require_free_port
from scheduler_app.config import Settings, SettingsError, templates_folder
from scheduler_app.models import Municipality

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Finding:
    """``is_fault``: it will not work like this; otherwise it is good, or only worth knowing."""

    what: str
    words: str
    is_fault: bool = False


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address that serve will listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def doctor(host: str, port: int) -> None:
    """Check settings, database, files and port; says what to do where something is missing."""
    findings = [*_of_settings(), *_of_files(), _of_port(host, port)]
    for finding in findings:
        click.echo(f"{'FAULT' if finding.is_fault else 'ok':5}  {finding.what}: {finding.words}")
    faults = sum(finding.is_fault for finding in findings)
    if faults:
        raise click.ClickException(f"{faults} of {len(findings)} checks found a fault.")


def _of_settings() -> Iterator[Finding]:
    try:
        settings = read_settings()
    except SettingsError as error:
        yield Finding("settings", str(error), is_fault=True)
        return
    yield Finding("settings", f"links in messages begin with {settings.public_url}")
    yield _of_public_url(settings)
    yield _of_sms(settings)
    yield from _of_database(settings)


def _of_public_url(settings: Settings) -> Finding:
    is_local = urlsplit(settings.public_url).hostname in LOOPBACK
    if not settings.is_https and not is_local:
        return Finding(
            "TLS", "TERMINLOTSE_PUBLIC_URL must begin with https:// outside this machine", is_fault=True
        )
    return Finding("TLS", "only this machine can open the links" if is_local else "yes")


def _of_sms(settings: Settings) -> Finding:
    if settings.sms_provider == "console":
        return Finding("SMS", "nothing is sent (console); set TERMINLOTSE_SMS_PROVIDER to send")
    return Finding("SMS", settings.sms_provider)


def _of_database(settings: Settings) -> Iterator[Finding]:
    try:
        with database(settings.database_url) as engine:
            yield Finding("database", engine.dialect.name)
            state = schema_state(engine)
            yield Finding("tables", words_of_state(state), is_fault=state is not SchemaState.CURRENT)
            if state is SchemaState.CURRENT:
                yield from _of_municipalities(Session(engine))
    except click.ClickException as error:
        yield Finding("database", error.message, is_fault=True)


def _of_municipalities(session: Session) -> Iterator[Finding]:
    with session:
        rows = session.execute(select(Municipality.slug, Municipality.timezone)).all()
    if not rows:
        yield Finding("municipalities", "none yet; terminlotse import FILE makes one")
    for slug, timezone in rows:
        yield Finding("municipality", slug, is_fault=False)
        yield _of_zone(timezone)


def _of_zone(timezone: str) -> Finding:
    try:
        ZoneInfo(timezone)
    except ZoneInfoNotFoundError:
        return Finding("time zone", f"{timezone} is not known here; pip install tzdata", is_fault=True)
    return Finding("time zone", timezone)


def _of_files() -> Iterator[Finding]:
    yield _found("time zone data", "there", lambda: bool(ZoneInfo("Europe/Berlin")), "pip install tzdata")
    texts = Texts(templates_folder() / "messages")
    yield _found("message texts", "there", lambda: bool(texts.kinds()), "install Terminlotse again")
    is_made = (VENDOR / "kern.min.css").is_file
    yield _found("style sheet and fonts", "there", is_made, "make assets, or install Terminlotse again")


def _found(what: str, good: str, is_there: Callable[[], bool], remedy: str) -> Finding:
    try:
        there = is_there()
    except (OSError, TextError, ZoneInfoNotFoundError):
        there = False
    return Finding(what, good) if there else Finding(what, f"missing; {remedy}", is_fault=True)


def _of_port(host: str, port: int) -> Finding:
    try:
        require_free_port(host, port)
    except click.ClickException as error:
        return Finding("port", f"{error.message} If that is Terminlotse itself, all is well.", is_fault=False)
    return Finding("port", f"{port} is free")
