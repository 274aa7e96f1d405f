"""A Messages API on the loopback interface, for the official SDK to talk to.

It checks what Twilio checks and answers as Twilio does, or misbehaves as networks do; ``received`` holds every
message it took, also those whose answer got lost.
"""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qs

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "fake-token"
SERVICE_SID = "MG" + "1" * 32
PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
_AUTHORIZATION = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()


class FakeTwilio(ThreadingHTTPServer):
    """The server; ``misbehave`` replaces its next answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.misbehave: Callable[[_Handler], None] | None = None
        self.client_is_gone = threading.Event()

    @property
    def port(self) -> int:
        return self.server_port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def fake(self) -> FakeTwilio:
        return cast(FakeTwilio, self.server)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        self.fake.paths.append(self.path)
        if self.fake.misbehave:
            self.fake.misbehave(self)
        elif problem := self._problem():
            self.refuse(*problem)
        else:
            self.take()

    def take(self, **changes: object) -> None:
        """Take the message and say so."""
        self.fake.received.append(self.form)
        self.answer(201, _resource(len(self.fake.received), self.form) | changes)

    def refuse(self, status: int, code: int, headers: Mapping[str, str] | None = None) -> None:
        """Answer with Twilio's error body."""
        body = {"code": code, "message": "refused", "more_info": "", "status": status}
        self.answer(status, body, headers)

    def answer(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        """Send ``body``: text as a web page, anything else as JSON."""
        is_page = isinstance(body, str)
        payload = (cast(str, body) if is_page else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if is_page else "application/json")
        self.send_header("Content-Length", str(len(payload)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Write no log."""

    def _problem(self) -> tuple[int, int] | None:
        to, validity = self.form.get("To", ""), self.form.get("ValidityPeriod", "36000")
        checks = (
            (self.headers["Authorization"] != _AUTHORIZATION, (401, 20003)),
            (self.path != PATH, (404, 20404)),
            (not re.fullmatch(r"\+[1-9]\d{6,14}", to), (400, 21211)),
            (self.form.get("MessagingServiceSid") != SERVICE_SID, (400, 21701)),
            (not self.form.get("Body"), (400, 21602)),
            (len(self.form.get("Body", "")) > 1600, (400, 21617)),
            (not 1 <= int(validity) <= 36000, (400, 21640)),
        )
        return next((problem for is_wrong, problem in checks if is_wrong), None)


@contextmanager
def running_fake() -> Iterator[FakeTwilio]:
    """A fake that answers while the block runs."""
    server = FakeTwilio()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.client_is_gone.set()
        server.shutdown()
        server.server_close()
        thread.join()


def refusing(status: int, code: int, **headers: str) -> Callable[[_Handler], None]:
    """An answer with Twilio's error body; ``Retry_After`` is written ``Retry-After``."""
    return lambda handler: handler.refuse(status, code, {k.replace("_", "-"): v for k, v in headers.items()})


def page(status: int) -> Callable[[_Handler], None]:
    """A web page where JSON is expected, as a proxy sends it."""
    return lambda handler: handler.answer(status, "<html><h1>Sorry</h1></html>")


def taken_but(**changes: object) -> Callable[[_Handler], None]:
    """Takes the message and changes the answer."""
    return lambda handler: handler.take(**changes)


def redirect_to(url: str) -> Callable[[_Handler], None]:
    """Sends the client elsewhere."""
    return lambda handler: handler.answer(307, {}, {"Location": url})


def dropped(handler: _Handler) -> None:
    """Takes the message and hangs up without a word."""
    handler.fake.received.append(handler.form)
    handler.close_connection = True


def too_slow(handler: _Handler) -> None:
    """Takes the message and keeps its answer until the client has given up."""
    handler.fake.received.append(handler.form)
    handler.fake.client_is_gone.wait(30)
    handler.close_connection = True


def _resource(n: int, form: Mapping[str, str]) -> dict[str, object]:
    sid = f"SM{n:032x}"
    return {
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "body": form["Body"],
        "date_created": "Mon, 30 Nov 2026 13:00:00 +0000",
        "date_sent": None,
        "date_updated": "Mon, 30 Nov 2026 13:00:00 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": None,
        "messaging_service_sid": form["MessagingServiceSid"],
        "num_media": "0",
        "num_segments": "0",
        "price": None,
        "price_unit": None,
        "sid": sid,
        "status": "accepted",
        "subresource_uris": {"media": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}/Media.json"},
        "to": form["To"],
        "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}.json",
    }
