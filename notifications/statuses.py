"""What can become of a notification, in GOV.UK Notify's words.

Names: https://docs.notifications.service.gov.uk/rest-api.html (message status descriptions).
"""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """The status of one notification."""

    CREATED = "created"
    SENDING = "sending"
    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    TEMPORARY_FAILURE = "temporary-failure"
    PERMANENT_FAILURE = "permanent-failure"
    TECHNICAL_FAILURE = "technical-failure"
    CANCELLED = "cancelled"
    VALIDATION_FAILED = "validation-failed"


_RECEIPTS = frozenset({Status.DELIVERED, Status.TEMPORARY_FAILURE, Status.PERMANENT_FAILURE})

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    # A receipt can arrive before our own note that the provider took the message, hence receipts follow `created`.
    Status.CREATED: frozenset(Status) - {Status.CREATED},
    Status.SENDING: _RECEIPTS | {Status.PENDING, Status.SENT, Status.TECHNICAL_FAILURE, Status.CANCELLED},
    Status.PENDING: _RECEIPTS | {Status.TECHNICAL_FAILURE, Status.CANCELLED},
    # "No receipt is expected" does not stop a bounce or a late receipt from being the better knowledge.
    Status.SENT: _RECEIPTS,
    # A receipt that comes after we stopped waiting for it overrides our guess.
    Status.TEMPORARY_FAILURE: frozenset({Status.DELIVERED, Status.PERMANENT_FAILURE}),
    Status.DELIVERED: frozenset(),
    Status.PERMANENT_FAILURE: frozenset(),
    Status.TECHNICAL_FAILURE: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.VALIDATION_FAILED: frozenset(),
}

WAITING = frozenset({Status.CREATED, Status.SENDING, Status.PENDING})
FINAL = frozenset(Status) - WAITING


def is_final(status: Status) -> bool:
    """Whether nobody waits for this notification any more: no worker sends it and no receipt is expected.

    ``sent`` and ``temporary-failure`` are final, too, although a late receipt may still correct them.
    """
    return status in FINAL


def may_become(current: Status, new: Status) -> bool:
    """Whether a notification may go from ``current`` to ``new``; staying as it is is no transition."""
    return new in TRANSITIONS[current]


def merged(current: Status, reported: Status) -> Status:
    """The status after a receipt says ``reported``: receipts come in any order and more than once."""
    return reported if may_become(current, reported) else current
