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


def store_accounts(
    run: ImportRun,
    file: MunicipalityFile,
    staff: dict[str, StaffMember],
    interpreters: dict[str, Interpreter],
) -> None:
    """An account for everybody in the file. An address that somebody left behind goes on with its account.

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
            yield _Wanted(member.line, member.email, Audience.STAFF, roles, staff[member.key].id)


def _interpreter_accounts(file: MunicipalityFile, interpreters: dict[str, Interpreter]) -> Iterable[_Wanted]:
    for pool in file.pools:
        for person in pool.interpreters:
            yield _Wanted(person.line, person.email, Audience.INTERPRETER, [], interpreters[person.key].id)


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
        values = {"email": person.email, "roles": person.roles, "is_active": True, **_owner(person)}
        run.put("account", chosen[person.person_id], Account, {"audience": audience.value}, values)


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
