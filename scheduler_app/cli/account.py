"""`terminlotse account`: ways in for staff and interpreters."""

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.cli.database import open_session
from scheduler_app.models import Account, Audience
from scheduler_app.models.engine import begin_write
from scheduler_app.services.sign_in import SHORTEST_PASSWORD, PasswordTooShort
from scheduler_app.services.sign_in import set_password as give_password


@click.group()
def account() -> None:
    """Ways in for staff and interpreters."""


@account.command()
@click.argument("email")
@click.option("--audience", type=click.Choice([str(a) for a in Audience]), help="If somebody is both.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def set_password(email: str, audience: str | None, *, password_stdin: bool) -> None:
    """Give the account of EMAIL a password, and end its sign-ins."""
    with open_session() as session:
        found = _account(session, email.strip().lower(), audience)
        password = _read_password(from_stdin=password_stdin)
        begin_write(session)
        found = session.get_one(Account, found.id)
        try:
            give_password(session, found, password)
        except PasswordTooShort as error:
            raise click.ClickException(
                f"The password is too short: at least {SHORTEST_PASSWORD} characters."
            ) from error
        session.commit()
        click.echo(f"{found.email} ({found.audience}) has a new password.")


def _account(session: Session, email: str, audience: str | None) -> Account:
    accounts = session.scalars(select(Account).where(Account.email == email, Account.is_active)).all()
    wanted = [found for found in accounts if audience in (None, found.audience)]
    if not wanted:
        raise click.ClickException(
            f"There is no account of {email}. Accounts come with the municipality's file."
        )
    if len(wanted) > 1:
        raise click.ClickException(
            f"{email} is staff and interpreter: add --audience staff or --audience interpreter."
        )
    return wanted[0]


def _read_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", type=click.STRING, hide_input=True, confirmation_prompt=True)
    return password
