"""What the start page of a demo shows: its municipalities, and whom its well-known accounts belong to."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from scheduler_app.models import Account, Municipality


@dataclass(frozen=True, slots=True)
class DemoMunicipality:
    slug: str
    name: str


def read_demo_municipalities(session: Session) -> tuple[DemoMunicipality, ...]:
    rows = session.execute(select(Municipality.slug, Municipality.name).order_by(Municipality.id))
    return tuple(DemoMunicipality(row.slug, row.name) for row in rows)


def read_account_names(session: Session, emails: Collection[str]) -> dict[str, str]:
    """The names of people by the e-mail addresses that they can sign in with; who can not is left out."""
    accounts = session.scalars(
        select(Account)
        .where(Account.email.in_(emails), Account.is_active, Account.password_hash != "")
        .options(joinedload(Account.staff_member), joinedload(Account.interpreter))
    )
    people = {account.email: account.staff_member or account.interpreter for account in accounts}
    return {email: person.name for email, person in people.items() if person}
