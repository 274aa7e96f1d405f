"""The query parameters of a search: all that are wrong are told at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from flask import request

from scheduler_app.domain.languages import Language
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_chain import LONGEST_WAIT_MINUTES
from scheduler_app.services.slot_request import SlotRequest
from scheduler_app.web.api.problems import FieldError
from scheduler_app.web.api.values import (
    LONGEST_WAIT_ASKED,
    read_flag,
    read_gender,
    read_interpreter,
    read_language,
    read_moment,
    read_number,
    read_order,
    read_time_of_day,
    read_weekdays,
)

MOST, USUAL = 1000, 100
OF_CHAINS = ("order", "longest_wait", "stays")
PARAMETERS = (
    "from", "to", "language", "interpreter", "with", "limit", "gender", "video", "step_free",
    "weekdays", "earliest", "latest", "why", "chain", *OF_CHAINS,
)  # fmt: skip

T = TypeVar("T")


@dataclass
class Query:
    """The parameters of one request, read one by one."""

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


@dataclass(frozen=True)
class Search:
    """What the parameters ask for. ``asks_why``: also what would help, where there are none.

    ``is_ordered`` and ``longest_wait`` (minutes) are for chains.
    """

    wanted: SlotRequest
    language: Language | None
    from_at: datetime | None
    until_at: datetime | None
    limit: int
    asks_why: bool
    is_chain: bool
    is_ordered: bool
    longest_wait: int


def read_search(query: Query, service: str) -> Search:
    """The search of this request; what is wrong stands in ``query.errors``."""
    query.check_names()
    from_at = query.read("from", lambda text: read_moment(text, query.catalogue))
    until_at = query.read("to", lambda text: read_moment(text, query.catalogue, day_ends=True))
    if from_at and until_at and until_at <= from_at:
        query.refuse("to", "'to' lies before 'from'.")
    language = query.read("language", read_language)
    is_chain = query.read("chain", read_flag) or False
    order = query.read("order", read_order)
    longest_wait = query.read("longest_wait", lambda text: read_number(text, 0, LONGEST_WAIT_ASKED))
    for name in OF_CHAINS:
        if not is_chain and name in request.args:
            query.refuse(name, f"{name!r} is for chains: give chain=1 with it.")
    return Search(
        wanted=_wanted(query, service, language),
        language=language,
        from_at=from_at,
        until_at=until_at,
        limit=query.read("limit", lambda text: read_number(text, 1, MOST)) or USUAL,
        asks_why=query.read("why", read_flag) or False,
        is_chain=is_chain,
        is_ordered=order == "given",
        longest_wait=LONGEST_WAIT_MINUTES if longest_wait is None else longest_wait,
    )


def _wanted(query: Query, service: str, language: Language | None) -> SlotRequest:
    further = [key for text in request.args.getlist("with") for key in text.split(",") if key]
    spoken = query.read("interpreter", lambda text: read_interpreter(text, language))
    if spoken is None:
        spoken = read_interpreter("", language)
    gender = query.read("gender", read_gender) or ""
    earliest, latest = query.read("earliest", read_time_of_day), query.read("latest", read_time_of_day)
    if earliest is not None and latest is not None and latest <= earliest:
        query.refuse("latest", "'latest' must be later than 'earliest'.")
    return SlotRequest(
        (service, *further),
        spoken.language,
        spoken.variety,
        gender=gender,
        is_gender_must=bool(gender),
        by_video=query.read("video", read_flag) or False,
        step_free=query.read("step_free", read_flag) or False,
        weekdays=query.read("weekdays", read_weekdays) or (),
        earliest=earliest,
        latest=latest,
        stays=query.read("stays", read_flag) or False,
    )
