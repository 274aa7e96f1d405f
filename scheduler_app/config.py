"""Settings, read once from the environment (prefix ``TERMINLOTSE_``)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

PREFIX = "TERMINLOTSE_"
SMS_PROVIDERS = ("console", "twilio")
_TWILIO_NEEDS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID")


_PACKAGE = Path(__file__).resolve().parent


class _Read(Protocol):
    def __call__(self, name: str, default: str = "") -> str: ...


class SettingsError(ValueError):
    """A setting is missing or wrong; the message names it and says what is expected."""


@dataclass(frozen=True)
class TwilioSettings:
    account_sid: str
    auth_token: str = field(repr=False)
    messaging_service_sid: str
    base_url: str = "https://api.twilio.com"


@dataclass(frozen=True)
class Settings:
    """How this installation runs. ``public_url`` has no trailing slash and is what links in messages begin with.

    ``trusted_proxies``: how many reverse proxies stand in front; what they say of the browser's address is believed.
    """

    database_url: str
    secret_key: str = field(repr=False)
    public_url: str = "http://127.0.0.1:8000"
    sms_provider: str = "console"
    twilio: TwilioSettings | None = None
    demo: bool = False
    trusted_proxies: int = 0

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check the settings.

        Raises SettingsError for the first setting that is missing or wrong.
        """

        def read(name: str, default: str = "") -> str:
            return environment.get(PREFIX + name, "").strip() or default

        database_url = read("DATABASE_URL")
        if not database_url:
            raise SettingsError(
                f"{PREFIX}DATABASE_URL is not set. Example: sqlite:////var/lib/terminlotse/terminlotse.sqlite3 "
                "or postgresql://terminlotse@localhost/terminlotse"
            )
        demo = read("DEMO") == "1"
        secret_key = read("SECRET_KEY")
        if not secret_key and demo:
            secret_key = secrets.token_urlsafe(32)
        if len(secret_key) < 16:
            raise SettingsError(f"{PREFIX}SECRET_KEY is missing or shorter than 16 characters.")
        return cls(
            database_url=with_driver(database_url),
            secret_key=secret_key,
            public_url=_public_url(read("PUBLIC_URL", cls.public_url)),
            sms_provider=_sms_provider(read("SMS_PROVIDER", "console")),
            twilio=_twilio(read),
            demo=demo,
            trusted_proxies=_trusted_proxies(read("TRUSTED_PROXIES", "0")),
        )


def templates_folder() -> Path:
    """``templates/`` lies at the top of a checkout and inside the package when installed."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def with_driver(database_url: str) -> str:
    """Name the PostgreSQL driver that is installed (psycopg 3), so that plain ``postgresql://`` works."""
    for plain in ("postgres://", "postgresql://"):
        if database_url.startswith(plain):
            return "postgresql+psycopg://" + database_url[len(plain) :]
    return database_url


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL must be an address like https://termine.example, not {text!r}."
        )
    return text.rstrip("/")


def _trusted_proxies(text: str) -> int:
    if text not in tuple("0123456789"):
        raise SettingsError(
            f"{PREFIX}TRUSTED_PROXIES must be the number of reverse proxies in front, 0 to 9, not {text!r}."
        )
    return int(text)


def _sms_provider(text: str) -> str:
    if text not in SMS_PROVIDERS:
        raise SettingsError(f"{PREFIX}SMS_PROVIDER must be one of {', '.join(SMS_PROVIDERS)}, not {text!r}.")
    return text


def _twilio(read: _Read) -> TwilioSettings | None:
    if read("SMS_PROVIDER", "console") != "twilio":
        return None
    missing = [PREFIX + name for name in _TWILIO_NEEDS if not read(name)]
    if missing:
        raise SettingsError(f"{PREFIX}SMS_PROVIDER is twilio, but not set: {', '.join(missing)}.")
    account_sid, auth_token, messaging_service_sid = (read(name) for name in _TWILIO_NEEDS)
    return TwilioSettings(
        account_sid, auth_token, messaging_service_sid, read("TWILIO_BASE_URL", TwilioSettings.base_url)
    )
