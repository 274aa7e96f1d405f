"""The channel that sends nothing, and what every message must have."""

import io
from datetime import timedelta

import pytest

from notifications.channels import Channel, Delivery, Outcome, OutgoingMessage
from notifications.channels.console import ConsoleChannel

HOUR = timedelta(hours=1)


def test_console_accepts_and_tells_neither_number_nor_text() -> None:
    stream = io.StringIO()
    channel: Channel = ConsoleChannel(stream)
    delivery = channel.send(OutgoingMessage("42", "+491713920055", "Ваш візит", HOUR))
    assert delivery == Delivery(Outcome.ACCEPTED, provider_reference="console-42")
    assert stream.getvalue() == "SMS 42 to +49...55: 1 segment(s), UCS-2\n"


def test_console_writes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleChannel().send(OutgoingMessage("42", "+491713920055", "Hallo", HOUR))
    assert capsys.readouterr().err.startswith("SMS 42 ")


@pytest.mark.parametrize(
    ("reference", "to", "body", "valid_for"),
    [("", "+49", "x", HOUR), ("1", "", "x", HOUR), ("1", "+49", " ", HOUR), ("1", "+49", "x", timedelta(0))],
)
def test_messages_must_be_complete_and_of_use(
    reference: str, to: str, body: str, valid_for: timedelta
) -> None:
    with pytest.raises(ValueError, match="message"):
        OutgoingMessage(reference, to, body, valid_for)
