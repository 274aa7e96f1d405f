"""What Twilio's error codes mean for the next step.

Codes: https://www.twilio.com/docs/api/errors. A code that is not listed is ``UNLISTED``, never a guess.
"""

import ssl
from collections.abc import Iterator, Mapping

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError

from notifications.channels.delivery import ErrorClass, Outcome

ERROR_CLASSES: Mapping[int, ErrorClass] = {
    429: ErrorClass.THROTTLED,
    20429: ErrorClass.THROTTLED,
    401: ErrorClass.ACCOUNT,
    403: ErrorClass.ACCOUNT,
    20003: ErrorClass.ACCOUNT,  # authentication failed
    21408: ErrorClass.ACCOUNT,  # no permission to send to this country
    21606: ErrorClass.ACCOUNT,  # the sender is not ours
    21659: ErrorClass.ACCOUNT,  # the sender is no Twilio number or short code
    30002: ErrorClass.ACCOUNT,  # account suspended
    21211: ErrorClass.NUMBER,  # invalid number
    21217: ErrorClass.NUMBER,  # number does not appear to be valid
    21614: ErrorClass.NUMBER,  # not a mobile number
    21635: ErrorClass.NUMBER,  # landline
    30004: ErrorClass.NUMBER,  # blocked
    30005: ErrorClass.NUMBER,  # unknown or no longer in use
    30006: ErrorClass.NUMBER,  # landline or unreachable network
    21610: ErrorClass.OPTED_OUT,
    21612: ErrorClass.ROUTE,
    30001: ErrorClass.TEMPORARY,  # queue overflow
    30003: ErrorClass.TEMPORARY,  # handset off or out of reach
    30008: ErrorClass.TEMPORARY,  # unknown error at the carrier
    30036: ErrorClass.TEMPORARY,  # validity period over
    21602: ErrorClass.TEXT,  # no body
    21617: ErrorClass.TEXT,  # body longer than 1600 characters
    30007: ErrorClass.TEXT,  # filtered by the carrier
    63016: ErrorClass.TEXT,  # outside the 24 hours of WhatsApp and no template
}

_OUTCOMES = {
    ErrorClass.THROTTLED: Outcome.NOT_SENT,
    ErrorClass.CONNECTION: Outcome.NOT_SENT,
    ErrorClass.UNKNOWN: Outcome.UNKNOWN,
}
# Failures of the TLS handshake, before any request is written.
_HANDSHAKE_REASONS = frozenset(
    {
        "WRONG_VERSION_NUMBER",
        "UNSUPPORTED_PROTOCOL",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
    }
)


def class_of_code(code: int) -> ErrorClass:
    """The class of a code from an error answer or a status callback."""
    return ERROR_CLASSES.get(code, ErrorClass.UNLISTED)


def class_of_answer(status: int, code: int | None) -> ErrorClass:
    """The class of an HTTP answer that is no success; ``code`` is Twilio's or, without one, the status again."""
    if status == 429:
        return ErrorClass.THROTTLED
    # A redirect, a proxy's page or a failing server says nothing about whether the message was taken.
    if status < 400 or status >= 500:
        return ErrorClass.UNKNOWN
    known = class_of_code(code if code is not None else status)
    return class_of_code(status) if known is ErrorClass.UNLISTED else known


def class_of_exception(error: Exception) -> ErrorClass:
    """CONNECTION if the request surely never left, else UNKNOWN: a read time-out or a dropped line proves nothing."""
    if isinstance(error, requests.ConnectTimeout):
        return ErrorClass.CONNECTION
    if isinstance(error, requests.RequestException) and any(
        _before_request(cause) for cause in _causes(error)
    ):
        return ErrorClass.CONNECTION
    return ErrorClass.UNKNOWN


def outcome_of(error_class: ErrorClass) -> Outcome:
    """What is certain about a message whose hand-over ended with ``error_class``."""
    return _OUTCOMES.get(error_class, Outcome.REFUSED)


def _before_request(cause: BaseException) -> bool:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return True
    if isinstance(cause, ssl.SSLError):
        return cause.reason in _HANDSHAKE_REASONS
    return isinstance(cause, NewConnectionError | NameResolutionError)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """``error``, what it was raised from, and what requests and urllib3 keep in ``args`` and ``reason`` instead."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        linked = (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)
        waiting.extend(one for one in linked if isinstance(one, BaseException))
