"""The parts of the file about the municipality itself: profile, booking rules, places and closures."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import available_timezones

from scheduler_app.domain.languages import PAGE_LANGUAGES

from .contents import Booking, Closure, Place, Profile
from .document import Text
from .problems import Problems
from .section import Section, one_of
from .values import (
    read_coordinates,
    read_link,
    read_minutes,
    read_moment,
    read_number,
    read_number_prefix,
    read_phone,
    read_slug,
)

STATES = frozenset(
    ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")
)
"""ISO 3166-2:DE without 'DE-'."""
LINKS = ("website", "imprint", "privacy", "accessibility")


def number_between(lowest: int, highest: int) -> Callable[[str], int]:
    def read(written: str) -> int:
        return read_number(written, lowest, highest)

    return read


def minutes_between(lowest: int, highest: int) -> Callable[[str], int]:
    """Multiples of five."""

    def read(written: str) -> int:
        return read_minutes(written, lowest, highest)

    return read


def _phone_as_written(written: str) -> str:
    read_phone(written)
    return written


def read_phone_line(section: Section) -> str:
    """A number to be shown, as it was written."""
    return section.value("phone", _phone_as_written, "")


def read_profile(top: Section) -> Profile:
    section = top.block("municipality", "municipality") or Section(Text(1, ""), "municipality", Problems())
    links = section.block("links", "municipality, links")
    profile = Profile(
        slug=section.value("slug", read_slug, ""),
        name=section.text("name"),
        state=section.choice("state", STATES, "NW"),
        timezone=section.choice("timezone", available_timezones(), "Europe/Berlin"),
        phone=read_phone_line(section),
        address=section.text("address"),
        number_prefix=section.value("number_prefix", read_number_prefix, ""),
        links=_read_links(links) if links else {},
        languages=tuple(section.words("languages", one_of(PAGE_LANGUAGES))),
        booking=_read_booking(section),
    )
    if profile.languages and "de" not in profile.languages:
        section.complain("'languages' must contain German ('de')", section.line_of("languages"))
    section.close()
    return profile


def _read_links(section: Section) -> dict[str, str]:
    links = {name: section.optional(name, read_link, "") for name in LINKS}
    for name in ("imprint", "privacy"):
        section.node(name)
    section.close()
    return {name: link for name, link in links.items() if link}


def _read_booking(profile: Section) -> Booking:
    section = profile.block("booking", "municipality, booking") or Section(
        Text(1, ""), "booking", profile.problems
    )
    booking = Booking(
        lead_time_hours=section.value("lead_time_hours", number_between(0, 24 * 60), 0),
        horizon_weeks=section.value("horizon_weeks", number_between(1, 52), 1),
        hold_minutes=section.value("hold_minutes", number_between(5, 24 * 60), 5),
        start_every_minutes=section.value("start_every_minutes", _start_grid, 15),
        interpreter_time_factor=section.value("interpreter_time_factor", number_between(0, 200), 0),
    )
    section.close()
    return booking


def _start_grid(written: str) -> int:
    minutes = read_number(written, 5, 60)
    if minutes % 5 or 60 % minutes:
        raise ValueError(f"appointments cannot start every {minutes} minutes; use 5, 10, 15, 20, 30 or 60")
    return minutes


def read_places(top: Section) -> tuple[Place, ...]:
    return tuple(_read_place(key, section) for key, section in top.named_blocks("places", "place"))


def _read_place(key: str, section: Section) -> Place:
    position = section.optional("position", read_coordinates, None)
    place = Place(
        key=key,
        name=section.text("name"),
        address=section.text("address"),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        directions=section.translations("directions", is_required=False),
    )
    section.close()
    return place


def read_closures(top: Section) -> tuple[tuple[Closure, int], ...]:
    """The closures, each with its line."""
    sections = [Section(node, "closure", top.problems) for node in top.items("closures", is_required=False)]
    return tuple((_read_closure(section), section.line_of("agency")) for section in sections)


def _read_closure(section: Section) -> Closure:
    starts = section.value("from", lambda written: read_moment(written, is_end=False), None)
    ends = section.value("until", lambda written: read_moment(written, is_end=True), None)
    reason = section.text("reason")
    agency = section.optional("agency", str, "") or None
    if starts and ends and ends <= starts:
        section.complain("'until' lies before 'from'", section.line_of("until"))
    section.close()
    moment = starts or ends or read_moment("2000-01-01", is_end=False)
    return Closure(starts=starts or moment, ends=ends or moment, reason=reason, agency=agency)
