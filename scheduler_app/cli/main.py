"""The commands, and what every one of them does when something fails: one sentence, no traceback."""

from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from scheduler_app import __version__
from scheduler_app.cli.account import account
from scheduler_app.cli.database import words_of
from scheduler_app.cli.db import db
from scheduler_app.cli.demo import demo
from scheduler_app.cli.doctor import doctor
from scheduler_app.cli.import_file import import_file
from scheduler_app.cli.serve import serve
from scheduler_app.cli.slots import slots
from scheduler_app.cli.worker import worker
from scheduler_app.config import SettingsError


class Commands(click.Group):
    """A group whose expected failures are one sentence on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.ClickException(str(error)) from error
        except SQLAlchemyError as error:
            words = words_of(error)
            if words is None:
                raise
            raise click.ClickException(words) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Terminlotse")
def main() -> None:
    """Terminlotse: every agency, the interpreter and the room, found and booked together.

    All commands but demo read their settings from the environment (TERMINLOTSE_DATABASE_URL and others).
    """


for command in (demo, serve, worker, db, import_file, account, slots, doctor):
    main.add_command(command)
