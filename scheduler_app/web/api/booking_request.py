"""Reading what is to be booked out of a JSON body: every mistake with its place, not only the first one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

from scheduler_app.domain.errors import (
    ChainLength,
    InvalidContact,
    NotOffered,
    NotTogether,
    TooManyServices,
    UnknownThing,
)
from scheduler_app.domain.languages import Language
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.check_chain import refuse_unworkable_chain
from scheduler_app.services.contact import Contact, check_contact
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.api.asked_visits import AskedVisit, read_visits
from scheduler_app.web.api.json_body import Body, read_members
from scheduler_app.web.api.problems import FieldError, InvalidRequest
from scheduler_app.web.api.values import (
    LONGEST_WAIT_ASKED,
    Spoken,
    read_gender,
    read_interpreter,
    read_language,
    written_language,
)

MEMBERS = (
    "service", "services", "visits", "start", "language", "interpreter", "gender", "video", "step_free", "stays",
    "client",
)  # fmt: skip
CLIENT_MEMBERS = ("name", "phone")
LONGEST_KEY = 255
CONTACT_WORDS = {
    ("name", "missing"): "A name is needed.",
    ("name", "too_long"): "The name is too long.",
    ("name", "unreadable"): "The name has characters that nobody can see.",
    ("phone", "missing"): "A mobile number is needed.",
}

NOT_WORKABLE = (
    "These visits can not follow each other: each needs its time and the way to the next one, with at most "
    f"{LONGEST_WAIT_ASKED} minutes to wait, all in order, on one day and within eight hours. Send the starts of a "
    "chain that was found."
)


@dataclass(frozen=True)
class BookingRequest:
    """What the body asks for, checked."""

    plan: Plan
    starts_at: datetime
    contact: Contact


def read_booking_request(catalogue: Catalogue) -> BookingRequest:
    """The booking that the body of this request asks for. Raises InvalidRequest with all mistakes, or BadRequest."""
    body = Body(read_members())
    body.check_names("#/", body.members, MEMBERS)
    language = body.read("language", read_language, needed=True)
    spoken = body.read("interpreter", lambda text: read_interpreter(text, language))
    contact = _contact(body, language)
    visits = read_visits(body, catalogue)
    wanted = _wanted(body, visits, spoken if spoken is not None else read_interpreter("", language))
    plan = _plan(body, catalogue, wanted, visits) if wanted is not None else None
    if body.errors or plan is None or contact is None:
        raise InvalidRequest(*body.errors)
    return BookingRequest(plan, visits[0].starts_at, contact)


def read_idempotency_key() -> str:
    """The header Idempotency-Key, empty if there is none; in a name space of the API's own."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidRequest(
            FieldError(f"A key has at most {LONGEST_KEY} visible characters.", parameter="Idempotency-Key")
        )
    return f"api:{key}" if key else ""


def _contact(body: Body, language: Language | None) -> Contact | None:
    client = body.members.get("client")
    if not isinstance(client, dict):
        body.refuse("#/client", "'client' is needed, as an object with name and phone.")
        return None
    body.check_names("#/client/", client, CLIENT_MEMBERS)
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


def _wanted(body: Body, visits: Sequence[AskedVisit], spoken: Spoken) -> SlotRequest | None:
    """What is to be booked, without the times; None if its visits can not be read."""
    gender = body.read("gender", read_gender) or ""
    by_video, step_free, stays = body.flag("video"), body.flag("step_free"), body.flag("stays")
    if not visits:
        return None
    groups = [place for place, visit in enumerate(visits) for _ in visit.services]
    return SlotRequest(
        tuple(service for visit in visits for service in visit.services),
        spoken.language,
        spoken.variety,
        gender=gender,
        is_gender_must=bool(gender),
        by_video=by_video,
        step_free=step_free,
        stays=stays and len(visits) > 1,
        groups=tuple(groups) if 1 < len(visits) < len(groups) else (),
    )


def _plan(body: Body, catalogue: Catalogue, wanted: SlotRequest, visits: Sequence[AskedVisit]) -> Plan | None:
    """Joint at one table, or the chain of visits as they were sent."""
    try:
        if len(visits) == 1:
            return plan_appointment(catalogue, wanted, online_only=True)
        found = plan_chain(catalogue, wanted, online_only=True)
        lengths = [visit.minutes for visit in found.visits]
        arranged = wanted.arranged(range(len(visits)), _offsets(visits), lengths)
        plan = plan_appointment(catalogue, arranged, online_only=True)
        refuse_unworkable_chain(catalogue, plan, visits[0].starts_at, longest_wait=LONGEST_WAIT_ASKED)
        return plan
    except UnknownThing as error:
        if error.what == "length":
            body.refuse("#/visits", NOT_WORKABLE)
            return None
        body.refuse(_pointer(visits, error.key), f"There is no {error.what} {error.key!r} here.")
    except NotTogether as error:
        words = f"These need a visit of their own: {', '.join(error.keys)}."
        body.refuse(_pointer(visits, error.keys[0]), words)
    except TooManyServices as error:
        pointer = visits[0].pointer if len(visits) == 1 else "#/visits"
        body.refuse(pointer, f"At most {error.most} services at once.")
    except ChainLength as error:
        body.refuse("#/visits", f"A chain has 2 to {error.most} visits.")
    except NotOffered:
        body.refuse("#/visits", NOT_WORKABLE)
    return None


def _offsets(visits: Sequence[AskedVisit]) -> list[int]:
    """Minutes after the first. Raises NotOffered for those that are not whole."""
    after = [visit.starts_at - visits[0].starts_at for visit in visits]
    if any(offset % timedelta(minutes=1) for offset in after):
        raise NotOffered
    return [offset // timedelta(minutes=1) for offset in after]


def _pointer(visits: Sequence[AskedVisit], key: str) -> str:
    return next((visit.pointer for visit in visits if key in visit.services), visits[0].pointer)
