"""Signing in and out: argon2id, a limit on tries, one session per browser and audience."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session, joinedload

from scheduler_app.domain.errors import TerminlotseError
from scheduler_app.domain.numbers import keyed_hash, new_token, token_hash
from scheduler_app.models import Account, Audience, SignIn, SignInFailure
from scheduler_app.models.engine import begin_write

SIGNED_IN_FOR = timedelta(hours=12)
"""A working day; whoever comes the next morning signs in again."""

COUNTED_FOR = timedelta(minutes=15)
MOST_FAILURES_OF_ONE = 5
"""Of one address from one source: who types wrongly elsewhere does not lock its owner out."""
MOST_FAILURES_PER_ADDRESS = 50
"""Of one address from all sources together, so that many of them do not help to guess."""
MOST_FAILURES_PER_SOURCE = 50
"""A town hall shares one network address, so it may fail more often than one person."""

SHORTEST_PASSWORD = 12

_hasher = PasswordHasher()


class SignInFailed(TerminlotseError):
    """E-mail or password is wrong. Which of them is not told (ASVS 6.3.8)."""

    code = "sign_in_failed"


class TooManyTries(TerminlotseError):
    """Too many failures; to be tried again after ``COUNTED_FOR``."""

    code = "too_many_tries"


class PasswordTooShort(TerminlotseError):
    """Shorter than ``SHORTEST_PASSWORD``."""

    code = "password_too_short"


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, and the token for the browser's cookie."""

    account: Account
    token: str


@dataclass(frozen=True)
class _Try:
    email_hash: str
    source_hash: str

    @property
    def of_one(self) -> tuple[ColumnElement[bool], ...]:
        """Failures of this address from this source."""
        return SignInFailure.email_hash == self.email_hash, SignInFailure.source_hash == self.source_hash


def sign_in(
    session: Session,
    audience: Audience,
    email: str,
    password: str,
    *,
    source: str,
    secret_key: str,
    now: datetime,
) -> SignedIn:
    """Check an account's password and open a session for a browser; commits.

    ``source`` is the network that the try came from. The try is written down as failed before the password is looked
    at, so that many at once are counted too; a success takes it back. Raises SignInFailed or TooManyTries.
    """
    address = email.strip().lower()
    tried = _Try(
        keyed_hash(secret_key, "sign-in-email", f"{audience}:{address}"),
        keyed_hash(secret_key, "sign-in-source", source),
    )
    begin_write(session)
    account = session.scalars(
        select(Account)
        .where(Account.audience == audience, Account.email == address, Account.is_active)
        .with_for_update()  # tries on one account are counted one after the other
    ).one_or_none()
    account_id, password_hash = (account.id, account.password_hash) if account else (None, "")
    _count(session, tried, now=now)
    session.commit()
    if not _verify(password_hash, password) or account_id is None:
        raise SignInFailed
    begin_write(session)
    account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    if not account.is_active or account.password_hash != password_hash:
        session.rollback()
        raise SignInFailed  # closed, or given another password, while this one was looked at
    session.execute(delete(SignInFailure).where(*tried.of_one))
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    token = new_token()
    session.add(
        SignIn(
            municipality_id=account.municipality_id,
            account_id=account.id,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + SIGNED_IN_FOR,
        )
    )
    session.commit()
    return SignedIn(account, token)


def signed_in_account(session: Session, audience: Audience, token: str, *, now: datetime) -> Account | None:
    """Whose browser this is; None if the session has ended or the account was closed."""
    found = session.scalars(
        select(SignIn)
        .where(SignIn.token_hash == token_hash(token), SignIn.expires_at > now)
        .options(
            joinedload(SignIn.account).joinedload(Account.staff_member),
            joinedload(SignIn.account).joinedload(Account.interpreter),
        )
    ).one_or_none()
    if found is None or not found.account.is_active or found.account.audience != audience:
        return None
    return found.account


def sign_out(session: Session, token: str) -> None:
    """End this browser's session; commits."""
    begin_write(session)
    session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))
    session.commit()


def set_password(session: Session, account: Account, password: str) -> None:
    """Give an account a new password and end its sessions; the caller commits. Raises PasswordTooShort."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort
    account.password_hash = _hasher.hash(password)
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def _verify(password_hash: str, password: str) -> bool:
    """Takes as long for an unknown account as for a wrong password."""
    try:
        _hasher.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(new_token())


def _count(session: Session, tried: _Try, *, now: datetime) -> None:
    """Write a try down, in the caller's transaction; raises TooManyTries, and ends it, if there were too many."""
    session.execute(delete(SignInFailure).where(SignInFailure.failed_at < now - COUNTED_FOR))
    of_address, of_source = tried.of_one
    limits = (
        (tried.of_one, MOST_FAILURES_OF_ONE),
        ((of_address,), MOST_FAILURES_PER_ADDRESS),
        ((of_source,), MOST_FAILURES_PER_SOURCE),
    )
    if any(_failures(session, whose, now=now) >= most for whose, most in limits):
        session.rollback()
        raise TooManyTries
    session.add(SignInFailure(email_hash=tried.email_hash, source_hash=tried.source_hash, failed_at=now))


def _failures(session: Session, whose: tuple[ColumnElement[bool], ...], *, now: datetime) -> int:
    recent = SignInFailure.failed_at > now - COUNTED_FOR
    return session.scalar(select(func.count()).select_from(SignInFailure).where(*whose, recent)) or 0
