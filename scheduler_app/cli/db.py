"""`terminlotse db`: the tables."""

import click

from scheduler_app.cli.database import SchemaState, database, schema_state, settings, words_of_state
from scheduler_app.models import schema


@click.group()
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Make the tables, or bring them to this release. Run it before each start of a new release."""
    with database(settings().database_url, create=True) as engine:
        state = schema_state(engine)
        if state in (SchemaState.FOREIGN, SchemaState.NEWER):
            raise click.ClickException(words_of_state(state))
        schema.upgrade(engine)
        click.echo("Nothing to do." if state is SchemaState.CURRENT else "The tables are up to date.")
