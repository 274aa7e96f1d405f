"""Signing in: limits, one answer to every failure, sessions that end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler_app.models import Account, Audience, SignIn, SignInFailure, StaffMember
from scheduler_app.services.sign_in import (
    COUNTED_FOR,
    MOST_FAILURES_OF_ONE,
    MOST_FAILURES_PER_ADDRESS,
    MOST_FAILURES_PER_SOURCE,
    SIGNED_IN_FOR,
    PasswordTooShort,
    SignedIn,
    SignInFailed,
    TooManyTries,
    set_password,
    sign_in,
    sign_out,
    signed_in_account,
)
from tests.support.builders import NOW, Town
from tests.support.databases import engine_for
from tests.support.server import SECRET_KEY

PASSWORD = "correct horse battery"


@pytest.fixture
def account(session: Session, town: Town) -> Account:
    member = session.scalars(select(StaffMember).where(StaffMember.resource_id == town.clerks[0])).one()
    made = Account(
        municipality_id=town.municipality_id,
        audience=Audience.STAFF,
        email="b.schneider@lotsenau.example",
        roles=["clerk"],
        staff_member_id=member.id,
    )
    session.add(made)
    session.flush()
    set_password(session, made, PASSWORD)
    session.commit()
    return made


def enter(
    session: Session,
    email: str = "b.schneider@lotsenau.example",
    password: str = PASSWORD,
    *,
    audience: Audience = Audience.STAFF,
    source: str = "10.0.0.1",
    after: timedelta = timedelta(),
) -> SignedIn:
    return sign_in(session, audience, email, password, source=source, secret_key=SECRET_KEY, now=NOW + after)


def test_the_right_password_opens_a_session_for_a_working_day(session: Session, account: Account) -> None:
    signed_in = enter(session, " B.Schneider@Lotsenau.example ")
    assert signed_in.account.id == account.id
    still, over = NOW + SIGNED_IN_FOR - timedelta(seconds=1), NOW + SIGNED_IN_FOR
    assert signed_in_account(session, Audience.STAFF, signed_in.token, now=still) is account
    assert signed_in_account(session, Audience.STAFF, signed_in.token, now=over) is None
    assert signed_in_account(session, Audience.INTERPRETER, signed_in.token, now=NOW) is None
    assert signed_in_account(session, Audience.STAFF, "unknown", now=NOW) is None


def test_whatever_is_wrong_the_answer_is_the_same(session: Session, account: Account) -> None:
    tries = [
        {"password": "wrong"},
        {"email": "nobody@lotsenau.example"},
        {"password": ""},
        {"email": ""},
    ]
    answers = set()
    for wrong in tries:
        with pytest.raises(SignInFailed) as failed:
            enter(session, **wrong)  # type: ignore[arg-type]
        assert not session.in_transaction()
        answers.add((type(failed.value), failed.value.code, str(failed.value)))
    with pytest.raises(SignInFailed):
        enter(session, audience=Audience.INTERPRETER)
    assert len(answers) == 1
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_an_account_without_a_password_or_closed_lets_nobody_in(session: Session, account: Account) -> None:
    account.is_active = False
    session.commit()
    with pytest.raises(SignInFailed):
        enter(session)
    account.is_active, account.password_hash = True, ""
    session.commit()
    with pytest.raises(SignInFailed):
        enter(session, password="")


@pytest.mark.parametrize("email", ["b.schneider@lotsenau.example", "nobody@lotsenau.example"])
def test_after_too_many_tries_an_address_has_to_wait_where_they_came_from(
    session: Session, account: Account, email: str
) -> None:
    for _ in range(MOST_FAILURES_OF_ONE):
        with pytest.raises(SignInFailed):
            enter(session, email, "wrong")
    with pytest.raises(TooManyTries):
        enter(session, email)
    with pytest.raises(SignInFailed):
        enter(session, email, "wrong", source="10.0.0.2")
    if email == account.email:
        assert enter(session, source="10.0.0.2").account.id == account.id  # strangers do not lock her out
        with pytest.raises(TooManyTries):
            enter(session)
        assert enter(session, after=COUNTED_FOR).account.id == account.id


def test_many_sources_together_do_not_help_to_guess(session: Session, account: Account) -> None:
    with pytest.raises(SignInFailed):
        enter(session, password="wrong")
    email_hash = session.scalars(select(SignInFailure.email_hash)).one()
    for number in range(MOST_FAILURES_PER_ADDRESS - 1):
        session.add(SignInFailure(email_hash=email_hash, source_hash=f"{number}", failed_at=NOW))
    session.commit()
    with pytest.raises(TooManyTries):
        enter(session, source="10.0.0.2")
    assert enter(session, source="10.0.0.2", after=COUNTED_FOR).account.id == account.id


def test_tries_at_once_are_counted_too(database_url: str, session: Session, account: Account) -> None:
    """A try counts as failed before its password is looked at."""
    others = 3 * MOST_FAILURES_OF_ONE
    engine = engine_for(database_url)

    def guess(_number: int) -> type[Exception] | None:
        try:
            with Session(engine) as own:
                enter(own, password="wrong")
        except (SignInFailed, TooManyTries) as error:
            return type(error)
        return None

    with ThreadPoolExecutor(others) as pool:
        answers = list(pool.map(guess, range(others)))
    engine.dispose()
    assert answers.count(SignInFailed) == MOST_FAILURES_OF_ONE
    assert answers.count(TooManyTries) == others - MOST_FAILURES_OF_ONE


def test_after_too_many_tries_a_source_has_to_wait(session: Session, account: Account) -> None:
    with pytest.raises(SignInFailed):
        enter(session, "nobody@lotsenau.example", "wrong")
    source_hash = session.scalars(select(SignInFailure.source_hash)).one()
    for number in range(MOST_FAILURES_PER_SOURCE - 1):
        session.add(SignInFailure(email_hash=f"{number}", source_hash=source_hash, failed_at=NOW))
    session.commit()
    with pytest.raises(TooManyTries):
        enter(session)
    assert enter(session, source="10.0.0.2").account.id == account.id


def test_success_forgets_the_failures_and_old_ones_are_deleted(session: Session, account: Account) -> None:
    for _ in range(MOST_FAILURES_OF_ONE - 1):
        with pytest.raises(SignInFailed):
            enter(session, password="wrong")
    enter(session)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 0
    with pytest.raises(SignInFailed):
        enter(session, password="wrong")
    with pytest.raises(SignInFailed):
        enter(session, password="wrong", after=2 * COUNTED_FOR)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 1


def test_failures_hold_no_address(session: Session, account: Account) -> None:
    with pytest.raises(SignInFailed):
        enter(session, password="wrong")
    failure = session.scalars(select(SignInFailure)).one()
    assert account.email not in failure.email_hash
    assert "10.0.0.1" not in failure.source_hash


def test_signing_out_ends_this_browser_only(session: Session, account: Account) -> None:
    here, there = enter(session).token, enter(session).token
    sign_out(session, here)
    assert signed_in_account(session, Audience.STAFF, here, now=NOW) is None
    assert signed_in_account(session, Audience.STAFF, there, now=NOW) is not None


def test_a_new_password_ends_all_sessions(session: Session, account: Account) -> None:
    token = enter(session).token
    with pytest.raises(PasswordTooShort):
        set_password(session, account, "short")
    set_password(session, account, "another long password")
    session.commit()
    assert signed_in_account(session, Audience.STAFF, token, now=NOW) is None
    with pytest.raises(SignInFailed):
        enter(session)
    assert enter(session, password="another long password").account.id == account.id
