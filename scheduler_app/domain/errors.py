"""What can go wrong, as facts. Views turn ``code`` into a text in the reader's language."""

from collections.abc import Sequence
from datetime import datetime


class TerminlotseError(Exception):
    """A request that can not be fulfilled, for a reason the person should hear."""

    code = "error"


class SlotTaken(TerminlotseError):
    """Somebody else was faster. ``next_starts`` are the nearest starts that are still free (may be empty)."""

    code = "slot_taken"

    def __init__(self, next_starts: Sequence[datetime] = ()) -> None:
        super().__init__(self.code)
        self.next_starts = tuple(next_starts)


class NotOffered(TerminlotseError):
    """This start is outside what may be booked: in the past, too soon, too late, or off the grid."""

    code = "not_offered"


class HoldGone(TerminlotseError):
    """The slot was kept until its deadline, which has passed, or it was given back."""

    code = "hold_gone"


class LinkInvalid(TerminlotseError):
    """The secret link is unknown, was for something else, or has expired."""

    code = "link_invalid"


class AppointmentClosed(TerminlotseError):
    """The appointment is over or cancelled, so it can no longer be changed."""

    code = "appointment_closed"


class AlreadyAnswered(TerminlotseError):
    """The assignment is no longer this person's to answer."""

    code = "already_answered"


class AssignmentChanged(TerminlotseError):
    """Time or place of the assignment is no longer what the interpreter saw when she answered."""

    code = "assignment_changed"


class InvitationClosed(TerminlotseError):
    """The invitation was booked, so it can no longer be withdrawn."""

    code = "invitation_closed"


class UnknownThing(TerminlotseError):
    """Something named in a request does not exist (here, for this person). ``what`` names the kind, ``key`` the key."""

    code = "unknown"

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"unknown {what}: {key}")
        self.what = what
        self.key = key


class NotTogether(TerminlotseError):
    """These services can not be done at one table. ``keys`` are those that need a visit of their own."""

    code = "not_together"

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(f"cannot be joined: {', '.join(keys)}")
        self.keys = tuple(keys)


class ChainLength(TerminlotseError):
    """A chain has at least two visits and at most ``most``."""

    code = "chain_length"

    def __init__(self, most: int) -> None:
        super().__init__(f"a chain has 2 to {most} visits")
        self.most = most


class TooManyServices(TerminlotseError):
    """At most ``most`` services are planned at once."""

    code = "too_many_services"

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} services at once")
        self.most = most


class BundleSize(TerminlotseError):
    """A plan with the fewest visits is made for at most ``most`` concerns and appointments."""

    code = "bundle_size"

    def __init__(self, most: int) -> None:
        super().__init__(f"a bundle has 1 to {most} concerns and appointments")
        self.most = most


class TooManyHolds(TerminlotseError):
    """One source keeps too many slots from others at once."""

    code = "too_many_holds"


class ClientBusy(TerminlotseError):
    """The client has another appointment at that time."""

    code = "client_busy"


class InvalidContact(TerminlotseError):
    """Name or phone number can not be used. ``field`` is ``name`` or ``phone``; ``code`` says why."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


class RequestChanged(TerminlotseError):
    """An idempotency key came a second time with a different request."""

    code = "idempotency_key_reused"
