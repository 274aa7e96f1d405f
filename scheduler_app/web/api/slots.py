"""GET slots: when a service, or several at one table, can be had."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from flask import Response, jsonify, request

from scheduler_app.domain.errors import NotTogether, UnknownThing
from scheduler_app.domain.languages import Language
from scheduler_app.models import db
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import ROOM
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.access import public
from scheduler_app.web.api import blueprint
from scheduler_app.web.api.problems import FieldError, InvalidRequest
from scheduler_app.web.api.values import Spoken, read_interpreter, read_language, read_moment, write_slot
from scheduler_app.web.request_time import now

MOST, USUAL = 1000, 100
PARAMETERS = ("from", "to", "language", "interpreter", "with", "limit")

T = TypeVar("T")


@dataclass
class Query:
    """The parameters of one request; all that are wrong are told at once."""

    catalogue: Catalogue
    errors: list[FieldError] = field(default_factory=list)

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        text = request.args.get(name, "").strip()
        if not text:
            return None
        try:
            return reader(text)
        except ValueError as error:
            self.refuse(name, str(error))
            return None

    def refuse(self, name: str, detail: str) -> None:
        self.errors.append(FieldError(detail, parameter=name))

    def check_names(self) -> None:
        for name in request.args:
            if name not in PARAMETERS:
                self.refuse(name, f"There is no parameter {name!r}; known are {', '.join(PARAMETERS)}.")
            elif name != "with" and len(request.args.getlist(name)) > 1:
                self.refuse(name, f"The parameter {name!r} is given twice.")


@blueprint.get("/<municipality>/services/<service>/slots")
@public
def list_slots(municipality: str, service: str) -> Response:
    """The free starts of a service, in order of time."""
    catalogue = catalogue_of(db.session(), municipality)
    query = Query(catalogue)
    query.check_names()
    from_at, until_at = _range(query, catalogue)
    language = query.read("language", read_language)
    spoken = query.read("interpreter", lambda text: read_interpreter(text, language))
    limit = query.read("limit", _read_limit) or USUAL
    plan = _plan(query, catalogue, service, spoken if spoken is not None else read_interpreter("", language))
    if query.errors:
        raise InvalidRequest(*query.errors)
    search = find_slots(
        db.session(), catalogue, plan, now=now(), from_at=from_at, until_at=until_at, limit=limit
    )
    answer = _head(catalogue, plan, language)
    answer["slots"] = [write_slot(start, plan.minutes, catalogue) for start in search.starts]
    if search.blocking:
        answer["blocking"] = [_blocking(plan, key) for key in search.blocking]
    return jsonify(answer)


def _range(query: Query, catalogue: Catalogue) -> tuple[datetime | None, datetime | None]:
    from_at = query.read("from", lambda text: read_moment(text, catalogue))
    until_at = query.read("to", lambda text: read_moment(text, catalogue, day_ends=True))
    if from_at and until_at and until_at <= from_at:
        query.refuse("to", "'to' lies before 'from'.")
    return from_at, until_at


def _read_limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST):
        raise ValueError(f"{text!r} is no whole number from 1 to {MOST}.")
    return int(text)


def _plan(query: Query, catalogue: Catalogue, service: str, spoken: Spoken) -> Plan:
    """Raises UnknownThing for the service in the address: that is a 404; those of ``with`` are mistakes."""
    further = [key for text in request.args.getlist("with") for key in text.split(",") if key]
    wanted = SlotRequest((service,), spoken.language, spoken.variety)
    alone = plan_appointment(catalogue, wanted, online_only=True)
    if not further:
        return alone
    try:
        joint = SlotRequest((service, *further), spoken.language, spoken.variety)
        return plan_appointment(catalogue, joint, online_only=True)
    except UnknownThing as error:
        query.refuse("with", f"There is no {error.what} {error.key!r} here.")
    except NotTogether as error:
        query.refuse("with", f"These need a visit of their own: {', '.join(error.keys)}.")
    return alone


def _head(catalogue: Catalogue, plan: Plan, language: Language | None) -> dict[str, Any]:
    request_ = plan.request
    spoken = Spoken(request_.language, request_.variety) if plan.level else Spoken()
    return {
        "service": plan.concerns[0].key,
        "services": [concern.key for concern in plan.concerns],
        "language": language.tag if language else None,
        "interpreter": spoken.code,
        "minutes": plan.minutes,
        "timezone": catalogue.timezone,
    }


def _blocking(plan: Plan, key: str) -> dict[str, str]:
    """What prevents it, without the names of persons."""
    if key in (INTERPRETER, ROOM):
        return {"role": key}
    concern = next(c for c in plan.concerns if any(need.key == key for need in c.needs))
    return {"role": "staff", "service": concern.key}
