"""What a municipality file says, once it has been read without a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from scheduler_app.domain.opening_hours import WeeklyHours
from scheduler_app.models import AgencyKind, Gender, InterpreterLevel

Translations: TypeAlias = Mapping[str, str]
"""Page language to text; German is always there."""

WeekHours: TypeAlias = tuple[WeeklyHours, ...]
"""The openings of a week in order, in wall-clock minutes."""


@dataclass(frozen=True, slots=True)
class Booking:
    """How appointments of the municipality are offered and held."""

    lead_time_hours: int
    horizon_weeks: int
    hold_minutes: int
    start_every_minutes: int
    interpreter_time_factor: int
    """Percent of the time that interpreting adds."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The municipality itself."""

    slug: str
    name: str
    state: str
    timezone: str
    phone: str
    address: str
    number_prefix: str
    """What appointment numbers start with."""
    links: Mapping[str, str]
    languages: tuple[str, ...]
    booking: Booking


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    name: str
    address: str
    latitude: float | None
    longitude: float | None
    directions: Translations


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed from a local wall-clock time until another one (exclusive), everywhere or at one agency."""

    starts: datetime
    ends: datetime
    reason: str
    agency: str | None


@dataclass(frozen=True, slots=True)
class StaffMember:
    line: int
    key: str
    name: str
    email: str
    roles: tuple[str, ...]
    desk: str
    own_hours: WeekHours | None
    """None: those of the agency."""


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name: str
    staff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agency:
    line: int
    key: str
    name: str
    kind: AgencyKind
    client_word: str
    place: str
    phone: str
    hours: WeekHours
    teams: tuple[Team, ...]
    staff: tuple[StaffMember, ...]
    lead_working_days: int
    """How many working days ahead a pool must be asked; 0 with all other agencies."""


@dataclass(frozen=True, slots=True)
class Room:
    line: int
    key: str
    name: str
    place: str
    seats: int
    is_step_free: bool
    hours: WeekHours
    after_minutes: int
    """For airing and tidying after each use."""
    parallel: int
    """How many talks go on in it side by side."""


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """ISO 639-3 codes; without a variety she speaks all of the language."""

    language: str
    variety: str
    level: InterpreterLevel


@dataclass(frozen=True, slots=True)
class Interpreter:
    line: int
    key: str
    name: str
    email: str
    mobile: str
    languages: tuple[SpokenLanguage, ...]
    own_hours: WeekHours | None
    """None: those of the pool."""
    gender: Gender
    on_site: bool
    by_video: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """An interpreter pool: an agency that may belong to somebody else and serve several municipalities."""

    agency: Agency
    serves: tuple[str, ...]
    interpreters: tuple[Interpreter, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One person of a team, or one particular person (exactly one of the two is set)."""

    team: str | None
    person: str | None
    minutes: int | None
    """None: as long as the service takes."""
    offset_minutes: int
    """From the start of the service on."""
    before_minutes: int
    after_minutes: int
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Service:
    key: str
    agency: str
    name: Translations
    description: Translations
    minutes: int
    is_online: bool
    """Clients may book it themselves."""
    is_joint: bool
    """It can be done at a shared table."""
    needs: tuple[Need, ...]
    interpreter_level: InterpreterLevel | None
    """The least level allowed; none if nobody needs to talk."""
    room_seats: int
    """0: at the clerk's own desk."""
    room_step_free: bool
    lead_working_days: int
    """Nothing sooner than so many working days ahead."""
    papers: tuple[Translations, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityFile:
    profile: Profile
    places: tuple[Place, ...]
    closures: tuple[Closure, ...]
    agencies: tuple[Agency, ...]
    rooms: tuple[Room, ...]
    pools: tuple[Pool, ...]
    services: tuple[Service, ...]
