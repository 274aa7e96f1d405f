"""The parts of the file about agencies, their teams and people, interpreter pools and rooms."""

from __future__ import annotations

from scheduler_app.domain.languages import (
    LANGUAGES,
    AmbiguousLanguage,
    UnknownLanguage,
    find_language,
    varieties_of,
)
from scheduler_app.models import LEVELS, AgencyKind, Gender, InterpreterLevel, StaffRole

from .contents import (
    Agency,
    Interpreter,
    Pool,
    Room,
    SpokenLanguage,
    StaffMember,
    Team,
)
from .problems import did_you_mean
from .read_profile import minutes_between, number_between, read_phone_line
from .section import Section, one_of, refer
from .values import read_email, read_phone, read_slug, read_yes_no

AGENCY_KINDS = frozenset(kind.value for kind in AgencyKind if kind is not AgencyKind.INTERPRETER_POOL)
SPOKEN_LANGUAGES = frozenset(language.code for language in LANGUAGES if language.variety_of is None)
ROLES = frozenset(role.value for role in StaffRole)
GENDERS = frozenset(gender.value for gender in Gender if gender is not Gender.UNKNOWN)
ON_SITE, BY_VIDEO = "on_site", "video"


def read_agencies(top: Section) -> tuple[tuple[Agency, Section], ...]:
    """The agencies, each with its block."""
    return tuple(
        (_read_agency(key, section), section) for key, section in top.named_blocks("agencies", "agency")
    )


def _read_agency(key: str, section: Section) -> Agency:
    agency = _read_office(key, section, AgencyKind(section.choice("kind", AGENCY_KINDS, AgencyKind.SOCIAL)))
    section.close()
    return agency


def _read_office(key: str, section: Section, kind: AgencyKind) -> Agency:
    """What an agency and a pool have in common."""
    staff = tuple(_read_staff_member(*named) for named in section.named_blocks("staff", "staff"))
    known = {member.key for member in staff}
    return Agency(
        line=section.line,
        key=key,
        name=section.text("name"),
        kind=kind,
        client_word=section.text("client_word"),
        place=section.text("place"),
        phone=read_phone_line(section),
        hours=section.hours("opening_hours"),
        teams=tuple(
            _read_team(name, team, known)
            for name, team in section.named_blocks(
                "teams", "team", is_required=kind != AgencyKind.INTERPRETER_POOL
            )
        ),
        staff=staff,
        lead_working_days=(
            section.optional("lead_working_days", number_between(0, 60), 0)
            if kind == AgencyKind.INTERPRETER_POOL
            else 0
        ),
    )


def _read_team(key: str, section: Section, staff: set[str]) -> Team:
    members = section.words("staff", str)
    for member, line in members.items():
        if member not in staff:
            message = f"names staff '{member}', who is not in this agency{did_you_mean(member, staff)}"
            section.problems.add(line, f"{section.where} {message}")
    team = Team(key=key, name=section.text("name"), staff=tuple(members))
    section.close()
    return team


def _read_staff_member(key: str, section: Section) -> StaffMember:
    member = StaffMember(
        line=section.line,
        key=key,
        name=section.text("name"),
        email=section.value("email", read_email, ""),
        roles=tuple(section.words("roles", one_of(ROLES))),
        desk=section.optional("desk", str, ""),
        own_hours=section.hours("hours", ()) or None,
    )
    section.close()
    return member


def read_pools(top: Section) -> tuple[tuple[Pool, Section], ...]:
    """The interpreter pools, each with its block."""
    return tuple(
        (_read_pool(key, section), section)
        for key, section in top.named_blocks("pools", "pool", is_required=False)
    )


def _read_pool(key: str, section: Section) -> Pool:
    pool = Pool(
        agency=_read_office(key, section, AgencyKind.INTERPRETER_POOL),
        serves=tuple(section.words("serves", read_slug)),
        interpreters=tuple(
            _read_interpreter(*named) for named in section.named_blocks("interpreters", "interpreter")
        ),
    )
    section.close()
    return pool


def _read_interpreter(key: str, section: Section) -> Interpreter:
    works = _read_works(section)
    interpreter = Interpreter(
        line=section.line,
        key=key,
        name=section.text("name"),
        email=section.value("email", read_email, ""),
        mobile=section.value("mobile", read_phone, ""),
        languages=_read_spoken_languages(section),
        own_hours=section.hours("hours", ()) or None,
        gender=Gender(section.optional("gender", one_of(GENDERS), Gender.UNKNOWN.value)),
        on_site=ON_SITE in works,
        by_video=BY_VIDEO in works,
    )
    section.close()
    return interpreter


def _read_works(section: Section) -> frozenset[str]:
    """How she works; who does not say comes."""
    if section.node("works", is_required=False) is None:
        return frozenset((ON_SITE,))
    return frozenset(section.words("works", one_of((ON_SITE, BY_VIDEO))))


def _read_spoken_languages(section: Section) -> tuple[SpokenLanguage, ...]:
    spoken: list[SpokenLanguage] = []
    for node in section.items("languages"):
        found = section.read_text(node, "'languages'", _read_spoken_language, None)
        if found is None:
            continue
        if any((found.language, found.variety) == (other.language, other.variety) for other in spoken):
            section.complain(f"'languages' names '{found.language}' twice", node.line)
        spoken.append(found)
    return tuple(spoken)


def _read_spoken_language(written: str) -> SpokenLanguage:
    """'ukr lay', or with a variety 'ara/apc certified'."""
    words = written.split()
    if len(words) != 2:
        levels = ", ".join(LEVELS)
        raise ValueError(f"'{written}' must be a language and a level ({levels}), such as 'ara/apc lay'")
    language, slash, variety = words[0].partition("/")
    if language not in SPOKEN_LANGUAGES:
        raise ValueError(f"unknown language '{language}'{_language_hint(language)}")
    varieties = {known.code for known in varieties_of(language)}
    if slash and variety not in varieties:
        raise ValueError(f"'{variety}' is no variety of '{language}'{did_you_mean(variety, varieties)}")
    if words[1] not in LEVELS:
        raise ValueError(f"unknown level '{words[1]}'{did_you_mean(words[1], LEVELS)}")
    return SpokenLanguage(language, variety, InterpreterLevel(words[1]))


def _language_hint(written: str) -> str:
    try:
        known = find_language(written)
    except AmbiguousLanguage as error:
        return f"; write one of {', '.join(error.choices)}"
    except UnknownLanguage:
        return did_you_mean(written, SPOKEN_LANGUAGES) or "; use its ISO 639-3 code"
    return f"; write {known.variety_of}/{known.code}" if known.variety_of else f"; write {known.code}"


def read_rooms(top: Section, places: set[str]) -> tuple[Room, ...]:
    blocks = top.named_blocks("rooms", "room", is_required=False)
    return tuple(_read_room(key, section, places) for key, section in blocks)


def _read_room(key: str, section: Section, places: set[str]) -> Room:
    room = Room(
        line=section.line,
        key=key,
        name=section.text("name"),
        place=section.text("place"),
        seats=section.value("seats", number_between(1, 500), 1),
        is_step_free=section.value("step_free", read_yes_no, False),
        hours=section.hours("hours"),
        after_minutes=section.optional("after_minutes", minutes_between(0, 120), 0),
        parallel=section.optional("parallel", number_between(1, 50), 1),
    )
    refer(section, "place", room.place, places, section.line_of("place"))
    section.close()
    return room
