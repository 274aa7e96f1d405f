"""Idempotency keys: the same write request twice gives the same answer once."""

import hashlib
import hmac
import json
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import RequestChanged
from scheduler_app.domain.numbers import token_from, token_hash
from scheduler_app.models import Appointment, IdempotencyKey
from scheduler_app.services.contact import Contact
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.write_appointment import Booked


class IdempotentRequest:
    """A booking request and the key that came with it (empty = none, nothing is remembered).

    The answer holds a secret link, of which only the hash is stored. So the link's token is made from the key, which
    the caller has, and a random nonce, which we keep: both together give it again, neither alone does.
    """

    def __init__(self, key: str, plan: Plan, starts_at: datetime, contact: Contact) -> None:
        self._key = key
        request = [
            plan.request.to_json(),
            starts_at.isoformat(),
            contact.name,
            contact.phone,
            contact.language,
        ]
        self._request_hash = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        self._nonce = secrets.token_hex(16)

    @property
    def token(self) -> str:
        """For the link that this request would make; empty without a key."""
        return self._token(self._nonce) if self._key else ""

    def answer(self, session: Session, municipality_id: int) -> Booked | None:
        """What was answered the first time; raises RequestChanged if the key came with another request."""
        if not self._key:
            return None
        kept = session.scalars(
            select(IdempotencyKey).where(
                IdempotencyKey.municipality_id == municipality_id,
                IdempotencyKey.key_hash == token_hash(self._key),
            )
        ).one_or_none()
        if kept is None:
            return None
        if kept.request_hash != self._request_hash:
            raise RequestChanged
        return Booked(
            session.get_one(Appointment, kept.answer["appointment_id"]), self._token(kept.answer["nonce"])
        )

    def remember(self, session: Session, appointment: Appointment, *, now: datetime) -> None:
        """Keep the answer, in the transaction that makes it; the unique key lets one of two rivals through."""
        if not self._key:
            return
        session.add(
            IdempotencyKey(
                municipality_id=appointment.municipality_id,
                key_hash=token_hash(self._key),
                request_hash=self._request_hash,
                answer={"appointment_id": appointment.id, "nonce": self._nonce},
                created_at=now,
            )
        )
        session.flush()

    def _token(self, nonce: str) -> str:
        return token_from(hmac.new(nonce.encode(), self._key.encode(), hashlib.sha256).digest())
