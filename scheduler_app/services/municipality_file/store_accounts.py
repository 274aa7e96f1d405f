"""Writes the accounts with which staff and interpreters sign in; passwords are set elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from scheduler_app.models import Account, Audience, Feed, Interpreter, Room, SignIn, StaffMember

from .contents import MunicipalityFile
from .import_run import ImportRun
from .problems import FileProblem, MunicipalityFileRefused


@dataclass(frozen=True)
class _Wanted:
    line: int
    email: str
    audience: Audience
    roles: list[str]
    person_id: int
    name: str


def store_accounts(
    run: ImportRun,
    file: MunicipalityFile,
    staff: dict[str, StaffMember],
    interpreters: dict[str, Interpreter],
) -> None:
    """An account for everybody in the file. An address that somebody left behind goes on with its account; the
    password does so only where the name is the same too, so that just the key has changed.

    Raises MunicipalityFileRefused if an address belongs to an account of another municipality.
    """
    wanted = [*_staff_accounts(file, staff), *_interpreter_accounts(file, interpreters)]
    _refuse_foreign_addresses(run, wanted)
    for audience in Audience:
        _store(run, audience, [account for account in wanted if account.audience == audience])


def _staff_accounts(file: MunicipalityFile, staff: dict[str, StaffMember]) -> Iterable[_Wanted]:
    for office in (*file.agencies, *(pool.agency for pool in file.pools)):
        for member in office.staff:
            roles = list(member.roles)
            row = staff[member.key]
            yield _Wanted(member.line, member.email, Audience.STAFF, roles, row.id, row.name)


def _interpreter_accounts(file: MunicipalityFile, interpreters: dict[str, Interpreter]) -> Iterable[_Wanted]:
    for pool in file.pools:
        for person in pool.interpreters:
            row = interpreters[person.key]
            yield _Wanted(person.line, person.email, Audience.INTERPRETER, [], row.id, row.name)


def _refuse_foreign_addresses(run: ImportRun, wanted: list[_Wanted]) -> None:
    query = select(Account.audience, Account.email).where(Account.municipality_id != run.municipality.id)
    foreign = {(row.audience, row.email) for row in run.session.execute(query)}
    problems = [
        FileProblem(account.line, f"'{account.email}' already belongs to an account of another municipality")
        for account in wanted
        if (account.audience.value, account.email) in foreign
    ]
    if problems:
        raise MunicipalityFileRefused(problems)


def _store(run: ImportRun, audience: Audience, wanted: list[_Wanted]) -> None:
    query = select(Account).where(
        Account.municipality_id == run.municipality.id, Account.audience == audience.value
    )
    accounts = list(run.session.scalars(query))
    by_person = {account.staff_member_id or account.interpreter_id: account for account in accounts}
    by_email = {account.email: account for account in accounts}
    staying = {account.person_id for account in wanted}
    chosen: dict[int, Account | None] = {}
    for person in wanted:
        left_behind = by_email.get(person.email)
        if left_behind and (left_behind.staff_member_id or left_behind.interpreter_id) in staying:
            left_behind = None
        chosen[person.person_id] = by_person.get(person.person_id) or left_behind
    _free_addresses(run, wanted, by_email, chosen)
    for person in wanted:
        account = chosen[person.person_id]
        if account is not None:
            _shut_out_former_owner(run, account, person)
        values = {"email": person.email, "roles": person.roles, "is_active": True, **_owner(person)}
        run.put("account", account, Account, {"audience": audience.value}, values)


def _shut_out_former_owner(run: ImportRun, account: Account, person: _Wanted) -> None:
    """An account that goes over to somebody else lets nobody in until a new password is set."""
    former = account.staff_member or account.interpreter
    if former is None or former.id == person.person_id or former.name == person.name:
        return
    account.password_hash = ""
    run.session.execute(delete(SignIn).where(SignIn.account_id == account.id))
    run.notes.append(
        f"the account {person.email} of {former.name} is now that of {person.name}, who needs a new password"
    )


def _owner(person: _Wanted) -> dict[str, int]:
    column = "staff_member_id" if person.audience == Audience.STAFF else "interpreter_id"
    return {column: person.person_id}


def _free_addresses(
    run: ImportRun, wanted: list[_Wanted], by_email: dict[str, Account], chosen: dict[int, Account | None]
) -> None:
    """Two people may have swapped addresses, which are unique at every moment."""
    for person in wanted:
        holder = by_email.get(person.email)
        if holder is not None and holder is not chosen[person.person_id]:
            holder.email = f"{holder.id}@moved.invalid"
    run.session.flush()


def close_accounts(run: ImportRun, people: Iterable[StaffMember | Interpreter | Room]) -> None:
    """Ends the ways in of people who have gone: account, sign-ins, calendar feeds."""
    for person in people:
        feeds = Feed.resource_id == person.resource_id
        run.session.execute(update(Feed).where(feeds, Feed.revoked_at.is_(None)).values(revoked_at=run.now))
        if isinstance(person, Room):
            continue
        staff = isinstance(person, StaffMember)
        owner = Account.staff_member_id == person.id if staff else Account.interpreter_id == person.id
        for account in run.session.scalars(select(Account).where(owner)):
            account.is_active = False
            run.session.execute(delete(SignIn).where(SignIn.account_id == account.id))
