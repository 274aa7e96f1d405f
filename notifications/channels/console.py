"""A channel for trials: nothing leaves the machine."""

import sys
from typing import TextIO

from notifications.channels.delivery import Delivery, Outcome, OutgoingMessage
from notifications.numbers import masked
from notifications.segments import count_segments


class ConsoleChannel:
    """Accepts every message and writes one line about it, without its text and without the number in full."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, message: OutgoingMessage) -> Delivery:
        """Write the line to the stream given, or else to standard error, and accept the message."""
        size = count_segments(message.body)
        line = f"SMS {message.reference} to {masked(message.to)}: {size.segments} segment(s), {size.encoding}"
        # Looked up now, not when imported, so that a redirected standard error is respected.
        (self._stream or sys.stderr).write(line + "\n")
        return Delivery(Outcome.ACCEPTED, provider_reference=f"console-{message.reference}")
