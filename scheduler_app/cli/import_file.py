"""`terminlotse import`: a municipality from its file."""

from collections.abc import Mapping
from pathlib import Path

import click

from scheduler_app.cli.database import open_session
from scheduler_app.clock import system_clock
from scheduler_app.services.import_municipality import ImportReport, import_municipality
from scheduler_app.services.municipality_file.problems import MunicipalityFileRefused


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
def import_file(file: Path) -> None:
    """Create or update a municipality from FILE (docs/municipality-file.md): all of it or nothing."""
    try:
        text = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file} can not be read: {error.strerror}.") from error
    with open_session() as session:
        try:
            report = import_municipality(session, text, now=system_clock())
        except MunicipalityFileRefused as refused:
            for problem in refused.problems:
                click.echo(f"{file}: {problem}", err=True)
            count = len(refused.problems)
            mistakes = "1 mistake" if count == 1 else f"{count} mistakes"
            raise click.ClickException(f"{file} has {mistakes}; nothing was changed.") from refused
    _print(report)


def _print(report: ImportReport) -> None:
    if not report.has_changes:
        click.echo(f"{report.slug}: nothing has changed.")
        return
    click.echo(f"{report.slug}: {'created' if report.is_new else 'updated'}.")
    for word, counts in (("new", report.created), ("changed", report.updated), ("gone", report.removed)):
        if counts:
            click.echo(f"  {word}: {_counted(counts)}")
    for note in report.notes:
        click.echo(f"  note: {note}")
    if report.is_new:
        click.echo("Accounts have no passwords yet: terminlotse account set-password EMAIL")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
