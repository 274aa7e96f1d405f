"""What a catalogue holds: plain, unchanging rows of a municipality's offer."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.domain.languages import covers
from scheduler_app.models import LEVELS, Gender, InterpreterLevel


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    id: int
    key: str
    name: str
    kind: str
    phone: str
    client_word: str
    place_id: int | None
    lead_working_days: int = 0


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    id: int
    name: str
    address: str
    latitude: float | None
    longitude: float | None
    directions: dict[str, str]


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A staff member who can be claimed; all ids here are resource ids unless they say otherwise."""

    resource_id: int
    staff_member_id: int
    name: str
    agency_id: int
    desk: str


@dataclass(frozen=True, slots=True)
class Spoken:
    language: str
    variety: str
    level: str


@dataclass(frozen=True, slots=True)
class InterpreterEntry:
    resource_id: int
    agency_id: int
    languages: tuple[Spoken, ...]
    name: str = ""
    gender: str = Gender.UNKNOWN
    on_site: bool = True
    by_video: bool = False


@dataclass(frozen=True, slots=True)
class RoomEntry:
    """``capacity`` talks can go on in it side by side; for ``after_minutes`` after each it is aired and tidied."""

    resource_id: int
    name: str
    place_id: int
    seats: int
    is_step_free: bool
    after_minutes: int = 0
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class NeedEntry:
    """One of ``candidates`` is needed. Two services that need the same team share one person, by the same ``key``;
    the second of one team in one service has the key ``team:<id>/2``, the third ``team:<id>/3``.

    She is there for ``minutes`` (none: the service's) from ``offset_minutes`` after its start, and needs
    ``before_minutes`` and ``after_minutes`` around that for herself. ``is_optional``: it goes on without her.
    """

    key: str
    name: str
    candidates: tuple[int, ...]
    minutes: int | None = None
    offset_minutes: int = 0
    before_minutes: int = 0
    after_minutes: int = 0
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    id: int
    key: str
    agency: AgencyEntry
    name: dict[str, str]
    description: dict[str, str]
    papers: tuple[dict[str, str], ...]
    minutes: int
    is_online: bool
    is_joint: bool
    interpreter_level: str
    room_seats: int
    needs: tuple[NeedEntry, ...]
    room_step_free: bool = False
    lead_working_days: int = 0


@dataclass(frozen=True)
class Catalogue:
    """One municipality's offer at one version."""

    version: int
    municipality_id: int
    slug: str
    name: str
    state: str
    timezone: str
    phone: str
    address: str
    number_prefix: str
    languages: tuple[str, ...]
    links: dict[str, str]
    lead_time_hours: int
    horizon_weeks: int
    hold_minutes: int
    start_every_minutes: int
    interpreter_extra_percent: int
    agencies: dict[int, AgencyEntry]
    places: dict[int, PlaceEntry]
    services: dict[str, ServiceEntry]
    staff: dict[int, StaffEntry]
    interpreters: dict[int, InterpreterEntry]
    rooms: dict[int, RoomEntry]
    resource_ids: frozenset[int]
    capacities: dict[int, int] = field(default_factory=dict)
    """Resource id -> how many appointments it takes at once, of those that take more than one."""
    positions: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Place id -> latitude and longitude, also of places in municipalities that share a pool: interpreters come from
    there."""

    worked_out: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What follows from this version and is asked for again and again, by what was asked."""

    def service(self, key: str) -> ServiceEntry:
        """Raises UnknownThing for a key that this municipality does not have."""
        if key not in self.services:
            raise UnknownThing("service", key)
        return self.services[key]

    def interpreters_of(
        self, language: str, variety: str, level: str, *, by_video: bool = False
    ) -> tuple[int, ...]:
        """Everybody who interprets this language (ISO 639-3) at this level or above, and comes, or works by video."""
        lowest = LEVELS.index(InterpreterLevel(level or InterpreterLevel.LAY))
        return tuple(
            interpreter.resource_id
            for interpreter in self.interpreters.values()
            if (interpreter.by_video if by_video else interpreter.on_site)
            and any(
                LEVELS.index(InterpreterLevel(spoken.level)) >= lowest
                and covers(spoken.language, spoken.variety or None, language, variety or None)
                for spoken in interpreter.languages
            )
        )

    def languages_interpreted(self) -> frozenset[str]:
        """ISO 639-3 codes of languages and varieties that somebody interprets."""
        spoken = [s for interpreter in self.interpreters.values() for s in interpreter.languages]
        return frozenset(s.variety or s.language for s in spoken) | frozenset(s.language for s in spoken)
