"""The HTTP side of the Twilio SDK: our base URL, our time-outs, and the headers the SDK drops.

The SDK has no time-out of its own and waits for ever. Only its synchronous client is used: the asynchronous one
ignores its time-out and repeats a POST after a 5xx, which sends an SMS twice (twilio-python issue 925).
"""

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from notifications.channels.twilio_account import TwilioAccount

# Paths hold the account's SID, so the SDK's own lines about every request stay out of the log.
_logger = logging.getLogger(__name__)
_logger.setLevel(logging.WARNING)


class RebasedHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Sends every request to the account's base URL and follows no redirect.

    ``last_headers`` are those of the last answer; an instance must not be shared between threads.
    """

    def __init__(self, account: TwilioAccount) -> None:
        super().__init__(logger=_logger)
        self._base = urlsplit(account.base_url)
        # The SDK's constructor wants one number; the attribute is passed on as it is, and requests takes the pair.
        self.timeout = (account.connect_timeout, account.read_timeout)
        self.last_headers: Mapping[str, str] = {}

    def request(self, method: str, url: str, **options: object) -> Response:
        """Make one request; see TwilioHttpClient."""
        self.last_headers = {}
        options |= {"allow_redirects": False, "timeout": None}
        response = super().request(method, self._rebased(url), **options)
        self.last_headers = response.headers
        return response

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def _rebased(self, url: str) -> str:
        parts = urlsplit(url)
        path = self._base.path.rstrip("/") + parts.path
        return parts._replace(scheme=self._base.scheme, netloc=self._base.netloc, path=path).geturl()
