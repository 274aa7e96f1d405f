"""The demo's telephone: what would lie on the phones of those who got messages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.statuses import Status
from scheduler_app.models import Client, Interpreter, Notification, ResourceKind


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """``at`` is when it was sent, or is due as long as it has no text yet."""

    body: str
    language: str
    kind: str
    status: str
    failure: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DemoPhone:
    """One number (E.164) with all who use it; messages newest first, ``planned`` soonest first."""

    number: str
    owner_kind: ResourceKind
    owners: tuple[str, ...]
    messages: tuple[DemoMessage, ...]
    planned: tuple[DemoMessage, ...]


def read_demo_phones(session: Session, *, limit: int = 200) -> tuple[DemoPhone, ...]:
    """Phones with the latest messages of all municipalities of a demo, the one that rang last first."""
    rows = session.scalars(
        select(Notification).order_by(Notification.created_at.desc(), Notification.id.desc()).limit(limit)
    ).all()
    owners = _owners(session, {row.recipient_id for row in rows})
    by_number: dict[str, list[Notification]] = {}
    for row in rows:
        by_number.setdefault(row.recipient_address, []).append(row)
    phones = [_phone(number, found, owners) for number, found in by_number.items()]
    ringing = (phone for phone in phones if phone.messages or phone.planned)
    return tuple(sorted(ringing, key=_last_rang, reverse=True))


def _phone(number: str, rows: list[Notification], owners: dict[int, tuple[ResourceKind, str]]) -> DemoPhone:
    known = dict.fromkeys(owners[row.recipient_id] for row in rows if row.recipient_id in owners)
    there = sorted((row for row in rows if row.body), key=lambda row: (_at(row), row.id), reverse=True)
    waiting = (row for row in rows if not row.body and row.status != Status.CANCELLED)
    planned = sorted(waiting, key=lambda row: (row.due_at, row.id))
    return DemoPhone(
        number=number,
        owner_kind=next((kind for kind, _ in known), ResourceKind.CLIENT),
        owners=tuple(name for _, name in known),
        messages=tuple(map(_message, there)),
        planned=tuple(map(_message, planned)),
    )


def _message(row: Notification) -> DemoMessage:
    return DemoMessage(row.body, row.language, row.kind, row.status, row.failure, _at(row))


def _at(row: Notification) -> datetime:
    return row.sent_at or row.due_at


def _last_rang(phone: DemoPhone) -> tuple[bool, datetime]:
    newest = (phone.messages or phone.planned)[0]
    return bool(phone.messages), newest.at


def _owners(session: Session, recipient_ids: set[int]) -> dict[int, tuple[ResourceKind, str]]:
    clients = session.execute(
        select(Client.resource_id, Client.name).where(Client.resource_id.in_(recipient_ids))
    )
    interpreters = session.execute(
        select(Interpreter.resource_id, Interpreter.name).where(Interpreter.resource_id.in_(recipient_ids))
    )
    found = {row.resource_id: (ResourceKind.CLIENT, row.name) for row in clients}
    return found | {row.resource_id: (ResourceKind.INTERPRETER, row.name) for row in interpreters}
