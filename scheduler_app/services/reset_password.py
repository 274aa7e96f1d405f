"""An administrator gives somebody a new password."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.models import Account
from scheduler_app.models.engine import begin_write
from scheduler_app.services.audit import record
from scheduler_app.services.sign_in import set_password


def reset_password(
    session: Session, account_id: int, password: str, *, municipality_id: int, actor: str, now: datetime
) -> None:
    """Set the password of an account of this municipality and end its sessions; commits.

    Raises UnknownThing for an account of another municipality, PasswordTooShort.
    """
    begin_write(session)
    account = session.scalars(
        select(Account).where(Account.id == account_id, Account.municipality_id == municipality_id)
    ).one_or_none()
    try:
        if account is None:
            raise UnknownThing("account", str(account_id))
        set_password(session, account, password)
        record(
            session,
            municipality_id,
            at=now,
            actor=actor,
            action="password_reset",
            subject="account",
            subject_id=account_id,
        )
        session.commit()
    except BaseException:
        session.rollback()
        raise
