"""A channel that keeps what it is given, and the outbox around it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.channels.delivery import Channel, Delivery, Outcome, OutgoingMessage
from notifications.texts import Texts
from scheduler_app.models import Notification
from scheduler_app.services.send_due_notifications import Outbox, send_due_notifications
from tests.notifications.messages import FOLDER

PUBLIC_URL = "https://termine.example"


class RecordingChannel:
    """Reports ``answers`` in turn, an exception by raising it, and accepts whatever comes after them.

    ``meanwhile`` is done during each call.
    """

    def __init__(
        self,
        answers: Iterable[Delivery | BaseException] = (),
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        self.sent: list[OutgoingMessage] = []
        self._meanwhile = meanwhile
        self._answers = iter(answers)
        self._lock = Lock()

    def send(self, message: OutgoingMessage) -> Delivery:
        with self._lock:
            self.sent.append(message)
            answer = next(self._answers, Delivery(Outcome.ACCEPTED, f"provider-{message.reference}"))
        self._meanwhile()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def bodies_to(self, number: str) -> list[str]:
        return [message.body for message in self.sent if message.to == number]


def outbox_with(channel: Channel, *, keeps_links: bool = False) -> Outbox:
    outbox = Outbox({"sms": channel}, Texts(FOLDER), PUBLIC_URL)
    return replace(outbox, keeps_links=keeps_links)


def send_at(session: Session, channel: Channel, at: datetime, *, batch: int = 50) -> int:
    """One tick at this time, in which no time passes."""
    return send_due_notifications(session, outbox_with(channel), clock=lambda: at, batch=batch)


def one_row(session: Session, kind: str, *, version: int = 0, recipient: int | None = None) -> Notification:
    """The only notification of this kind, as it is in the database now."""
    session.rollback()
    query = select(Notification).where(Notification.kind == kind, Notification.version == version)
    if recipient is not None:
        query = query.where(Notification.recipient_id == recipient)
    return session.scalars(query).one()
