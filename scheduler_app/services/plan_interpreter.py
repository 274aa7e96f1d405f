"""Which interpreters would do for a request, and when they are needed."""

from collections.abc import Sequence
from typing import Protocol

from scheduler_app.domain.chain import staying
from scheduler_app.domain.free_time import CELL_MINUTES, cells_for
from scheduler_app.domain.joint_search import Need, Role, Span
from scheduler_app.models import LEVELS, InterpreterLevel
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import ServiceEntry
from scheduler_app.services.slot_request import SlotRequest

INTERPRETER = "interpreter"

AT_NO_PLACE = -1
"""By video: nobody travels."""


class TimedVisit(Protocol):
    """A visit as far as an interpreter is concerned; minutes."""

    @property
    def offset(self) -> int: ...
    @property
    def minutes(self) -> int: ...
    @property
    def place_id(self) -> int: ...


def interpreter_level(concerns: Sequence[ServiceEntry], request: SlotRequest) -> str:
    """The highest level that the request or any concern asks for; empty if there is no talk to interpret."""
    asked = [concern.interpreter_level for concern in concerns if concern.interpreter_level]
    if not request.language or not asked:
        return ""
    levels = [LEVELS.index(InterpreterLevel(level)) for level in (*asked, request.level) if level]
    return LEVELS[max(levels)]


def able_interpreters(catalogue: Catalogue, request: SlotRequest, level: str) -> tuple[int, ...]:
    """Everybody who interprets what is asked for, at that level, and is what the client must have."""
    return tuple(
        person
        for person in catalogue.interpreters_of(
            request.language, request.variety, level, by_video=request.by_video
        )
        if not request.is_gender_must or catalogue.interpreters[person].gender == request.gender
    )


def interpreter_role(
    catalogue: Catalogue, request: SlotRequest, level: str, visits: Sequence[TimedVisit]
) -> Role:
    """One interpreter for all visits: at each of them or, if she stays, also in between."""
    spans: Sequence[Span] = [
        Span(
            visit.offset // CELL_MINUTES,
            cells_for(visit.minutes),
            AT_NO_PLACE if request.by_video else visit.place_id,
        )
        for visit in visits
    ]
    if request.stays:
        spans = staying(spans)
    return Role(INTERPRETER, able_interpreters(catalogue, request, level), Need(tuple(spans)))
