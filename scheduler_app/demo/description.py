"""demo.json: where the demo is, and how to get in, for people and scripts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.demo.build import PASSWORD
from scheduler_app.demo.scenarios import ClientLink
from scheduler_app.domain.errors import LinkInvalid
from scheduler_app.domain.numbers import token_hash
from scheduler_app.models import Account, Feed, Interpreter, StaffMember
from scheduler_app.services.feeds import subscribe_feed
from scheduler_app.services.links import open_link

SHOWN = (
    ("case_manager", "selin.celik@moers.example"),
    ("clerk", "kemal.yilmaz@moers.example"),
    ("team_lead", "birgit.schneider@moers.example"),
    ("pool_coordinator", "beate.winkler@sprachmittlerpool-wesel.example"),
    ("municipal_admin", "thomas.wagner@moers.example"),
    ("interpreter", "rania.haddad@sprachmittlung.example"),
)
WITH_FEED = ("case_manager", "clerk", "interpreter")


@dataclass(frozen=True)
class Described:
    """What stands in demo.json; addresses begin with ``base_url``."""

    base_url: str
    accounts: list[dict[str, str]]
    feeds: list[dict[str, str]]
    client_links: list[dict[str, str]]

    def to_json(self) -> str:
        return json.dumps(vars(self), indent=2, ensure_ascii=False) + "\n"


def describe(
    session: Session, file: Path, base_url: str, made: Sequence[ClientLink], *, now: datetime
) -> Described:
    """Describe the demo. Secret addresses of the last start are kept as long as they work."""
    last = _last(file)
    links = [
        {
            "client": link.client,
            "language": link.language,
            "purpose": link.purpose,
            "address": f"{base_url}/t/{link.token}",
        }
        for link in made
    ] or [_moved(entry, base_url, "/t/") for entry in last["client_links"] if _opens(session, entry, now=now)]
    return Described(base_url, _accounts(session), _feeds(session, last["feeds"], base_url, now=now), links)


def _last(file: Path) -> dict[str, list[dict[str, str]]]:
    """What was written at the last start; nothing, if somebody has changed or removed the file."""
    try:
        last: dict[str, Any] = json.loads(file.read_text())
        return {
            name: [dict(entry) for entry in last[name] if isinstance(entry["address"], str)]
            for name in ("feeds", "client_links")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"feeds": [], "client_links": []}


def _token(entry: dict[str, str]) -> str:
    return entry["address"].rpartition("/")[2].removesuffix(".ics")


def _moved(entry: dict[str, str], base_url: str, folder: str) -> dict[str, str]:
    """The same address at the port of this start."""
    return {**entry, "address": f"{base_url}{folder}{_token(entry)}"}


def _opens(session: Session, entry: dict[str, str], *, now: datetime) -> bool:
    try:
        open_link(session, _token(entry), now=now)
    except LinkInvalid:
        return False
    return True


def _accounts(session: Session) -> list[dict[str, str]]:
    """Everybody; one of each role first."""
    shown = [{"role": role, "email": email, "password": PASSWORD} for role, email in SHOWN]
    rows = session.scalars(select(Account).where(Account.is_active).order_by(Account.id))
    others = [
        {
            "role": account.roles[0] if account.roles else "interpreter",
            "email": account.email,
            "password": PASSWORD,
        }
        for account in rows
        if account.email not in {email for _, email in SHOWN}
    ]
    return shown + others


def _feeds(
    session: Session, last: list[dict[str, str]], base_url: str, *, now: datetime
) -> list[dict[str, str]]:
    known = {entry.get("role"): entry for entry in last}
    feeds = []
    for role, email in SHOWN:
        if role not in WITH_FEED:
            continue
        token = _token(known[role]) if role in known else ""
        if not _is_valid(session, token):
            token = _subscribe(session, role, email, now=now)
        feeds.append({"role": role, "address": f"{base_url}/calendars/{token}.ics"})
    return feeds


def _is_valid(session: Session, token: str) -> bool:
    query = select(Feed.id).where(Feed.token_hash == token_hash(token), Feed.revoked_at.is_(None))
    return session.scalar(query) is not None


def _subscribe(session: Session, role: str, email: str, *, now: datetime) -> str:
    person: type[Interpreter] | type[StaffMember] = Interpreter if role == "interpreter" else StaffMember
    joined = select(person.resource_id, person.municipality_id).join(Account)
    found = session.execute(joined.where(Account.email == email)).one()
    return subscribe_feed(
        session, resource_id=found.resource_id, municipality_id=found.municipality_id, now=now
    )
