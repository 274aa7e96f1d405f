"""How to reach Twilio; importing this does not load the SDK, which costs a tenth of a second and much memory."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from notifications.channels.delivery import Channel


@dataclass(frozen=True)
class TwilioAccount:
    """Credentials, sender and addresses.

    ``status_callback`` is the URL to which "/" and a message's reference are added; the time-outs are seconds.
    Raises ValueError unless ``base_url`` is https or on this machine: the credentials go with every request.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    messaging_service_sid: str
    base_url: str = "https://api.twilio.com"
    status_callback: str | None = None
    connect_timeout: float = 3.0
    read_timeout: float = 10.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if not parts.hostname or not (parts.scheme == "https" or _is_loopback(parts.scheme, parts.hostname)):
            raise ValueError(f"Twilio's base URL must begin with https://, not {self.base_url!r}")


def open_twilio(account: TwilioAccount) -> Channel:
    """The SMS channel of ``account``; loads the SDK."""
    from notifications.channels.twilio_sms import TwilioSms  # noqa: PLC0415 - only where Twilio is used

    return TwilioSms(account)


def _is_loopback(scheme: str, host: str) -> bool:
    try:
        return scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False
