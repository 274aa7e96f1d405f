"""The part of the file about services: what clients come for, who is needed, what to bring."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler_app.models import LEVELS, InterpreterLevel

from .contents import Need, Service, Translations
from .document import Node, Text
from .problems import did_you_mean
from .read_profile import minutes_between, number_between
from .section import Section
from .values import read_yes_no

NO_INTERPRETER = "none"
LONGEST_MINUTES = 480


def read_papers(top: Section) -> dict[str, Translations]:
    """The catalogue of papers that services refer to by key."""
    node = top.node("papers", is_required=False)
    if node is None:
        return {}
    section = Section(node, "papers", top.problems)
    keys = [key for key, _ in top.named_blocks("papers", "paper")]
    return {key: section.translations(key) for key in keys}


def read_services(top: Section, papers: Mapping[str, Translations]) -> tuple[tuple[Service, Section], ...]:
    """The services in the order of the file, each with its block."""
    blocks = top.named_blocks("services", "service")
    return tuple((_read_service(key, section, papers), section) for key, section in blocks)


def _read_service(key: str, section: Section, papers: Mapping[str, Translations]) -> Service:
    level = section.choice("interpreter_level", (*LEVELS, NO_INTERPRETER), NO_INTERPRETER)
    minutes = section.value("minutes", minutes_between(5, LONGEST_MINUTES), None)
    seats, is_step_free = _read_room_need(section)
    service = Service(
        key=key,
        agency=section.text("agency"),
        name=section.translations("name"),
        description=section.translations("description", is_required=False),
        minutes=minutes or 5,
        is_online=section.value("online", read_yes_no, False),
        is_joint=section.value("joint", read_yes_no, False),
        needs=_read_needs(section, minutes),
        interpreter_level=None if level == NO_INTERPRETER else InterpreterLevel(level),
        room_seats=seats,
        room_step_free=is_step_free,
        lead_working_days=section.optional("lead_working_days", number_between(0, 60), 0),
        papers=tuple(
            _read_paper(node, section, papers) for node in section.items("papers", is_required=False)
        ),
    )
    section.close()
    return service


def _read_needs(service: Section, service_minutes: int | None) -> tuple[Need, ...]:
    needs: list[Need] = []
    for node in service.items("needs"):
        section = Section(node, f"{service.where}, needs", service.problems)
        need = _read_need(section, service_minutes)
        if need.person is not None and need.person in [other.person for other in needs]:
            section.complain(f"'{need.person}' is named twice")
        needs.append(need)
    if needs and all(need.is_optional for need in needs):
        service.complain("all of its 'needs' are optional; somebody must be there", service.line_of("needs"))
    return tuple(needs)


def _read_need(section: Section, service_minutes: int | None) -> Need:
    need = Need(
        team=section.optional("team", str, "") or None,
        person=section.optional("person", str, "") or None,
        minutes=section.optional("minutes", minutes_between(5, LONGEST_MINUTES), None),
        offset_minutes=section.optional("offset", minutes_between(0, LONGEST_MINUTES), 0),
        before_minutes=section.optional("before", minutes_between(0, 120), 0),
        after_minutes=section.optional("after", minutes_between(0, 120), 0),
        is_optional=section.optional("optional", read_yes_no, False),
    )
    if (need.team is None) == (need.person is None):
        section.complain("write either 'team' or 'person'")
    if need.offset_minutes and not section.has("minutes"):
        section.complain("'offset' needs 'minutes', too: how long from then on", section.line_of("offset"))
    elif need.minutes and service_minutes and need.offset_minutes + need.minutes > service_minutes:
        ends = need.offset_minutes + need.minutes
        section.complain(
            f"takes part until {ends} minutes after the start, but the service takes {service_minutes}",
            section.line_of("minutes"),
        )
    section.close()
    return need


def _read_room_need(service: Section) -> tuple[int, bool]:
    """Seats, and whether it must be a room without steps."""
    section = service.block("room", f"{service.where}, room", is_required=False)
    if section is None:
        return 0, False
    seats = section.value("seats", number_between(1, 500), 1)
    is_step_free = section.optional("step_free", read_yes_no, False)
    section.close()
    return seats, is_step_free


def _read_paper(node: Node, section: Section, papers: Mapping[str, Translations]) -> Translations:
    """Texts by language, or the key of a paper in the catalogue."""
    if not isinstance(node, Text):
        return section.read_translations(node, "a paper")
    if node.value not in papers:
        section.complain(f"unknown paper '{node.value}'{did_you_mean(node.value, papers)}", node.line)
        return {}
    return papers[node.value]
