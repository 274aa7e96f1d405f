"""The official SDK against a provider on the loopback interface."""

import dataclasses
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.channels import Delivery, ErrorClass, Outcome, OutgoingMessage
from notifications.channels.twilio_account import TwilioAccount, open_twilio
from notifications.channels.twilio_sms import TwilioSms
from tests.notifications import fake_twilio
from tests.notifications.fake_twilio import FakeTwilio, running_fake

MESSAGE = OutgoingMessage("7fQ2", "+491713920055", "Ваш візит: понеділок 30.11 14:30", timedelta(hours=3))


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with running_fake() as server:
        yield server


@pytest.fixture
def channel(account: TwilioAccount) -> Iterator[TwilioSms]:
    sms = TwilioSms(account)
    yield sms
    sms.close()


@pytest.fixture
def account(fake: FakeTwilio) -> TwilioAccount:
    return TwilioAccount(
        fake_twilio.ACCOUNT_SID, fake_twilio.AUTH_TOKEN, fake_twilio.SERVICE_SID, fake.base_url
    )


def sent_by(account: TwilioAccount, message: OutgoingMessage = MESSAGE) -> Delivery:
    sms = TwilioSms(account)
    try:
        return sms.send(message)
    finally:
        sms.close()


def test_accepted(fake: FakeTwilio, channel: TwilioSms) -> None:
    assert channel.send(MESSAGE) == Delivery(Outcome.ACCEPTED, "SM" + "1".zfill(32))
    assert fake.paths == [fake_twilio.PATH]
    assert fake.received == [
        {
            "To": "+491713920055",
            "Body": MESSAGE.body,
            "MessagingServiceSid": fake_twilio.SERVICE_SID,
            "ValidityPeriod": "10800",
        }
    ]


def test_status_callback_ends_in_the_reference(fake: FakeTwilio, account: TwilioAccount) -> None:
    callback = "https://termine.moers.example/notifications/twilio/status/"
    sent_by(dataclasses.replace(account, status_callback=callback))
    assert fake.received[0]["StatusCallback"] == callback + "7fQ2"


@pytest.mark.parametrize(
    ("valid_for", "seconds"),
    [(timedelta(days=3), "36000"), (timedelta(seconds=90), "90"), (timedelta(milliseconds=1), "1")],
)
def test_validity_stays_within_twilios_limits(
    fake: FakeTwilio, channel: TwilioSms, valid_for: timedelta, seconds: str
) -> None:
    channel.send(dataclasses.replace(MESSAGE, valid_for=valid_for))
    assert fake.received[0]["ValidityPeriod"] == seconds


@pytest.mark.parametrize(
    ("answer", "outcome", "code", "error_class"),
    [
        (fake_twilio.refusing(400, 21211), Outcome.REFUSED, "21211", ErrorClass.NUMBER),
        (fake_twilio.refusing(400, 21610), Outcome.REFUSED, "21610", ErrorClass.OPTED_OUT),
        (fake_twilio.refusing(400, 21612), Outcome.REFUSED, "21612", ErrorClass.ROUTE),
        (fake_twilio.refusing(400, 21617), Outcome.REFUSED, "21617", ErrorClass.TEXT),
        (fake_twilio.refusing(400, 29999), Outcome.REFUSED, "29999", ErrorClass.UNLISTED),
        (fake_twilio.refusing(401, 20003), Outcome.REFUSED, "20003", ErrorClass.ACCOUNT),
        (fake_twilio.refusing(403, 29999), Outcome.REFUSED, "29999", ErrorClass.ACCOUNT),
        (fake_twilio.refusing(429, 20429), Outcome.NOT_SENT, "20429", ErrorClass.THROTTLED),
        (fake_twilio.page(429), Outcome.NOT_SENT, "429", ErrorClass.THROTTLED),
        (fake_twilio.page(403), Outcome.REFUSED, "403", ErrorClass.ACCOUNT),
        (fake_twilio.page(503), Outcome.UNKNOWN, "503", ErrorClass.UNKNOWN),
        (fake_twilio.refusing(500, 20003), Outcome.UNKNOWN, "20003", ErrorClass.UNKNOWN),
        (fake_twilio.page(201), Outcome.UNKNOWN, None, ErrorClass.UNKNOWN),
        (fake_twilio.taken_but(sid=None), Outcome.UNKNOWN, None, ErrorClass.UNKNOWN),
        (fake_twilio.dropped, Outcome.UNKNOWN, None, ErrorClass.UNKNOWN),
        (fake_twilio.redirect_to("/elsewhere"), Outcome.UNKNOWN, "307", ErrorClass.UNKNOWN),
    ],
)
def test_faults_of_the_provider(
    fake: FakeTwilio,
    channel: TwilioSms,
    answer: Callable[..., None],
    outcome: Outcome,
    code: str | None,
    error_class: ErrorClass,
) -> None:
    fake.misbehave = answer
    assert channel.send(MESSAGE) == Delivery(outcome, None, code, error_class)
    assert len(fake.paths) == 1, "one call is one request"


def test_read_time_out_is_unknown_for_the_provider_has_the_message(
    fake: FakeTwilio, account: TwilioAccount
) -> None:
    fake.misbehave = fake_twilio.too_slow
    delivery = sent_by(dataclasses.replace(account, read_timeout=0.2))
    assert delivery == Delivery(Outcome.UNKNOWN, error_class=ErrorClass.UNKNOWN)
    assert len(fake.received) == 1


def test_time_outs_unless_told_otherwise(account: TwilioAccount) -> None:
    assert (account.connect_timeout, account.read_timeout) == (3.0, 10.0)


def test_failed_at_once(fake: FakeTwilio, channel: TwilioSms) -> None:
    fake.misbehave = fake_twilio.taken_but(status="failed", error_code=30006)
    sid = "SM" + "1".zfill(32)
    assert channel.send(MESSAGE) == Delivery(Outcome.REFUSED, sid, "30006", ErrorClass.NUMBER)


@pytest.mark.parametrize(
    ("header", "pause"), [("7", timedelta(seconds=7)), ("Mon, 30 Nov 2026 13:00:00 GMT", None)]
)
def test_retry_after(fake: FakeTwilio, channel: TwilioSms, header: str, pause: timedelta | None) -> None:
    fake.misbehave = fake_twilio.refusing(429, 20429, Retry_After=header)
    assert channel.send(MESSAGE).retry_after == pause
    fake.misbehave = None
    assert channel.send(MESSAGE).retry_after is None


def test_nobody_listens(account: TwilioAccount) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        delivery = sent_by(dataclasses.replace(account, base_url=f"http://127.0.0.1:{port}"))
    assert delivery == Delivery(Outcome.NOT_SENT, error_class=ErrorClass.CONNECTION)


def test_tls_handshake_fails(fake: FakeTwilio, account: TwilioAccount) -> None:
    delivery = sent_by(dataclasses.replace(account, base_url=f"https://127.0.0.1:{fake.port}"))
    assert delivery == Delivery(Outcome.NOT_SENT, error_class=ErrorClass.CONNECTION)
    assert fake.paths == []


def test_wrong_token(fake: FakeTwilio, account: TwilioAccount) -> None:
    delivery = sent_by(dataclasses.replace(account, auth_token="another"))
    assert delivery == Delivery(Outcome.REFUSED, None, "20003", ErrorClass.ACCOUNT)


def test_base_url_wins_over_the_sdks_region(
    fake: FakeTwilio, account: TwilioAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    proxied = dataclasses.replace(account, base_url=fake.base_url + "/gateway/")
    sent_by(account)
    sent_by(proxied)
    assert fake.paths == [fake_twilio.PATH, "/gateway" + fake_twilio.PATH]


@pytest.mark.parametrize(
    "base_url", ["http://api.twilio.com", "http://192.0.2.7", "api.twilio.com", "ftp://x", ""]
)
def test_base_url_must_be_safe(account: TwilioAccount, base_url: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        dataclasses.replace(account, base_url=base_url)


def test_threads_do_not_share_a_connection(fake: FakeTwilio, account: TwilioAccount) -> None:
    sms = open_twilio(account)
    assert isinstance(sms, TwilioSms)
    outcomes: list[Outcome] = []

    def work() -> None:
        outcomes.extend(sms.send(MESSAGE).outcome for _ in range(3))
        sms.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Outcome.ACCEPTED] * 12
    assert len(fake.received) == 12


def test_logs_hold_no_number_text_or_account(
    fake: FakeTwilio, channel: TwilioSms, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for answer in (None, fake_twilio.dropped, fake_twilio.page(503), fake_twilio.refusing(400, 21211)):
        fake.misbehave = answer
        channel.send(MESSAGE)
    for secret in (MESSAGE.to, MESSAGE.body, fake_twilio.ACCOUNT_SID, fake_twilio.AUTH_TOKEN):
        assert secret not in caplog.text
    assert fake_twilio.AUTH_TOKEN not in repr(channel._account)


def test_sdk_is_loaded_only_where_it_is_used() -> None:
    code = "import sys, notifications.channels.twilio_account; print('twilio' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
