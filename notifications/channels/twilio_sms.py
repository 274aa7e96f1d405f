"""SMS through Twilio's Messages API.

https://www.twilio.com/docs/messaging/api/message-resource. The API has no idempotency key for messages, so one call
is one hand-over: no retry happens here, and an outcome that is not certain is reported as unknown.
"""

import logging
import os
import threading
from datetime import timedelta

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from notifications.channels.delivery import Delivery, ErrorClass, Outcome, OutgoingMessage
from notifications.channels.twilio_account import TwilioAccount
from notifications.channels.twilio_errors import (
    class_of_answer,
    class_of_code,
    class_of_exception,
    outcome_of,
)
from notifications.channels.twilio_http import RebasedHttpClient

_log = logging.getLogger(__name__)
_LONGEST_VALIDITY_SECONDS = 36000
_FAILED = frozenset({"failed", "undelivered", "canceled"})


class TwilioSms:
    """The channel. A client is built at the first message of each thread and process."""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account
        self._local = threading.local()

    def send(self, message: OutgoingMessage) -> Delivery:
        """Hand ``message`` over with one request; nothing the provider or the network does raises."""
        client, http = self._client()
        try:
            created = client.messages.create(**self._parameters(message))
        except TwilioRestException as error:
            code = error.code if error.code is not None else error.status
            return _failed(class_of_answer(error.status, error.code), str(code), _retry_after(http))
        except Exception as error:  # noqa: BLE001 - whatever else went wrong, the message may have left
            # The name alone: the texts of these exceptions hold URLs, account and numbers.
            _log.warning("No usable answer from Twilio: %s", type(error).__name__)
            return _failed(class_of_exception(error))
        return _accepted(created)

    def close(self) -> None:
        """Close this thread's connections; the next message opens new ones."""
        if getattr(self._local, "process", None) == os.getpid():
            self._local.http.close()
        self._local.process = None

    def _parameters(self, message: OutgoingMessage) -> dict[str, object]:
        account = self._account
        seconds = int(message.valid_for.total_seconds())
        parameters: dict[str, object] = {
            "to": message.to,
            "body": message.body,
            "messaging_service_sid": account.messaging_service_sid,
            "validity_period": max(1, min(seconds, _LONGEST_VALIDITY_SECONDS)),
        }
        if account.status_callback:
            parameters["status_callback"] = f"{account.status_callback.rstrip('/')}/{message.reference}"
        return parameters

    def _client(self) -> tuple[Client, RebasedHttpClient]:
        # Connections must not be shared with a forked child or another thread.
        if getattr(self._local, "process", None) != os.getpid():
            account = self._account
            self._local.http = RebasedHttpClient(account)
            self._local.client = Client(account.account_sid, account.auth_token, http_client=self._local.http)
            self._local.process = os.getpid()
        return self._local.client, self._local.http


def _accepted(created: MessageInstance) -> Delivery:
    if not created.sid:
        return _failed(ErrorClass.UNKNOWN)
    if created.status in _FAILED:
        code = created.error_code
        error_class = class_of_code(int(code)) if code else ErrorClass.UNLISTED
        return Delivery(Outcome.REFUSED, created.sid, str(code) if code else None, error_class)
    return Delivery(Outcome.ACCEPTED, created.sid)


def _failed(
    error_class: ErrorClass, code: str | None = None, retry_after: timedelta | None = None
) -> Delivery:
    return Delivery(outcome_of(error_class), None, code, error_class, retry_after)


def _retry_after(http: RebasedHttpClient) -> timedelta | None:
    """The pause in seconds that the provider asked for; its other form, a date (RFC 9110, 10.2.3), is ignored."""
    value = http.last_headers.get("Retry-After", "")
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() else None
