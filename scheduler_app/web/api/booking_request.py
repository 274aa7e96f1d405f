"""Reading what is to be booked out of a JSON body: every mistake with its place, not only the first one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from scheduler_app.domain.errors import InvalidContact, NotTogether, UnknownThing
from scheduler_app.domain.languages import Language
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.contact import Contact, check_contact
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.api.problems import FieldError, InvalidRequest
from scheduler_app.web.api.values import (
    Spoken,
    read_interpreter,
    read_language,
    read_moment,
    written_language,
)

MEMBERS = ("service", "services", "start", "language", "interpreter", "client")
CLIENT_MEMBERS = ("name", "phone")
LONGEST_KEY = 255
CONTACT_WORDS = {
    ("name", "missing"): "A name is needed.",
    ("name", "too_long"): "The name is too long.",
    ("name", "unreadable"): "The name has characters that nobody can see.",
    ("phone", "missing"): "A mobile number is needed.",
}

T = TypeVar("T")


@dataclass(frozen=True)
class BookingRequest:
    """What the body asks for, checked."""

    plan: Plan
    starts_at: datetime
    contact: Contact


@dataclass
class _Body:
    members: Mapping[str, Any]
    errors: list[FieldError] = field(default_factory=list)

    def refuse(self, pointer: str, detail: str) -> None:
        self.errors.append(FieldError(detail, pointer=pointer))

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self.members.get(name)
        if value is None and not needed:
            return ""
        if isinstance(value, str) and (value.strip() or not needed):
            return value.strip()
        self.refuse(f"#/{name}", f"'{name}' is needed, as a text." if needed else f"'{name}' must be a text.")
        return ""

    def read(self, name: str, reader: Callable[[str], T], *, needed: bool = False) -> T | None:
        text = self.text(name, needed=needed)
        if not text:
            return None
        try:
            return reader(text)
        except ValueError as error:
            self.refuse(f"#/{name}", str(error))
            return None


def read_booking_request(catalogue: Catalogue) -> BookingRequest:
    """The booking that the body of this request asks for. Raises InvalidRequest with all mistakes, or BadRequest."""
    body = _Body(_members())
    _check_members(body, "#/", body.members, MEMBERS)
    language = body.read("language", read_language, needed=True)
    spoken = body.read("interpreter", lambda text: read_interpreter(text, language))
    starts_at = body.read("start", lambda text: _start(text, catalogue), needed=True)
    contact = _contact(body, language)
    plan = _plan(body, catalogue, spoken if spoken is not None else read_interpreter("", language))
    if body.errors or plan is None or starts_at is None or contact is None:
        raise InvalidRequest(*body.errors)
    return BookingRequest(plan, starts_at, contact)


def read_idempotency_key() -> str:
    """The header Idempotency-Key, empty if there is none; in a name space of the API's own."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidRequest(
            FieldError(f"A key has at most {LONGEST_KEY} visible characters.", parameter="Idempotency-Key")
        )
    return f"api:{key}" if key else ""


def _members() -> Mapping[str, Any]:
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        members = request.get_json()
    except (BadRequest, RecursionError) as error:
        raise InvalidRequest(FieldError("The body is no JSON.", pointer="#")) from error
    if not isinstance(members, dict):
        raise InvalidRequest(FieldError("The body must be an object.", pointer="#"))
    return members


def _check_members(body: _Body, base: str, members: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in members:
        if name not in known:
            body.refuse(f"{base}{name}", f"There is no member '{name}' here; known are {', '.join(known)}.")


def _start(text: str, catalogue: Catalogue) -> datetime:
    if len(text) == len("2027-01-12"):
        raise ValueError(f"{text!r} is a day; give the start of a slot, as 2027-01-12T09:30:00+01:00.")
    return read_moment(text, catalogue)


def _contact(body: _Body, language: Language | None) -> Contact | None:
    client = body.members.get("client")
    if not isinstance(client, dict):
        body.refuse("#/client", "'client' is needed, as an object with name and phone.")
        return None
    _check_members(body, "#/client/", client, CLIENT_MEMBERS)
    texts = {name: client.get(name) for name in CLIENT_MEMBERS}
    for name, value in texts.items():
        if not isinstance(value, str):
            body.refuse(f"#/client/{name}", f"'{name}' is needed, as a text.")
    given, phone = texts["name"], texts["phone"]
    if not isinstance(given, str) or not isinstance(phone, str):
        return None
    try:
        return check_contact(given, phone, written_language(language).tag if language else "de")
    except InvalidContact as error:
        words = CONTACT_WORDS.get((error.field, error.code), f"This is no mobile number: {error.code}.")
        body.refuse(f"#/client/{error.field}", words)
        return None


def _plan(body: _Body, catalogue: Catalogue, spoken: Spoken) -> Plan | None:
    keys, pointer = _service_keys(body)
    if not keys:
        return None
    try:
        wanted = SlotRequest(keys, spoken.language, spoken.variety)
        return plan_appointment(catalogue, wanted, online_only=True)
    except UnknownThing as error:
        body.refuse(pointer, f"There is no {error.what} {error.key!r} here.")
    except NotTogether as error:
        body.refuse(pointer, f"These need a visit of their own: {', '.join(error.keys)}.")
    return None


def _service_keys(body: _Body) -> tuple[tuple[str, ...], str]:
    single, several = body.members.get("service"), body.members.get("services")
    if (single is None) == (several is None):
        body.refuse("#/service", "Give either 'service' or 'services'.")
        return (), ""
    if single is not None:
        key = body.text("service", needed=True)
        return ((key,) if key else ()), "#/service"
    if isinstance(several, list) and several and all(isinstance(key, str) for key in several):
        return tuple(several), "#/services"
    body.refuse("#/services", "'services' must be a list of keys.")
    return (), ""
