"""The one thing a channel does: take a message and say what is known about it afterwards."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What is certain after a hand-over."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


class ErrorClass(StrEnum):
    """What an error means for the next step; see ``twilio_errors`` for which code is which."""

    THROTTLED = "throttled"
    """Surely not processed: try again, more slowly."""
    CONNECTION = "connection"
    """The provider was not reached: try again."""
    UNKNOWN = "unknown"
    """It may have been accepted: ask the provider before any other try."""
    ACCOUNT = "account"
    """Ours to mend (credentials, sender, permission): stop the channel, keep the message."""
    NUMBER = "number"
    """No message will ever reach this number: flag it, use the next channel."""
    OPTED_OUT = "opted_out"
    """The recipient has blocked the sender: until she unblocks it."""
    ROUTE = "route"
    """Not from this sender to this number: use the next channel."""
    TEMPORARY = "temporary"
    """The network could not deliver now: one more try while it is still useful."""
    TEXT = "text"
    """This text will not go through, however often."""
    UNLISTED = "unlisted"
    """A code nobody has classified yet: treat as temporary and tell an operator."""


@dataclass(frozen=True)
class OutgoingMessage:
    """A message to hand over once. ``reference`` is ours, ``to`` is E.164, ``valid_for`` is how long it is useful.

    Raises ValueError for an empty field or a message that is no longer of use.
    """

    reference: str
    to: str
    body: str
    valid_for: timedelta

    def __post_init__(self) -> None:
        if not (self.reference and self.to and self.body.strip()):
            raise ValueError("a message needs a reference, a recipient and a body")
        if self.valid_for <= timedelta(0):
            raise ValueError("the message is no longer of use")


@dataclass(frozen=True)
class Delivery:
    """What came of a hand-over.

    ``code`` is the provider's code or else the HTTP status, ``retry_after`` the pause that the provider asked for.
    """

    outcome: Outcome
    provider_reference: str | None = None
    code: str | None = None
    error_class: ErrorClass | None = None
    retry_after: timedelta | None = None


class Channel(Protocol):
    """A way to a recipient."""

    def send(self, message: OutgoingMessage) -> Delivery:
        """Hand ``message`` over once, without any retry, and report; provider and network errors are no exceptions."""
        ...
