"""The part of the file about services: what clients come for, who is needed, what to bring."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler_app.models import LEVELS, InterpreterLevel

from .contents import Need, Service, Translations
from .document import Node, Text
from .problems import did_you_mean
from .read_profile import number_between
from .section import Section
from .values import read_number, read_yes_no

NO_INTERPRETER = "none"


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
    service = Service(
        key=key,
        agency=section.text("agency"),
        name=section.translations("name"),
        description=section.translations("description", is_required=False),
        minutes=section.value("minutes", _service_minutes, 5),
        is_online=section.value("online", read_yes_no, False),
        is_joint=section.value("joint", read_yes_no, False),
        needs=_read_needs(section),
        interpreter_level=None if level == NO_INTERPRETER else InterpreterLevel(level),
        room_seats=_read_room_need(section),
        papers=tuple(
            _read_paper(node, section, papers) for node in section.items("papers", is_required=False)
        ),
    )
    section.close()
    return service


def _service_minutes(written: str) -> int:
    minutes = read_number(written, 5, 480)
    if minutes % 5:
        raise ValueError(f"{minutes} minutes is not a multiple of five")
    return minutes


def _read_needs(service: Section) -> tuple[Need, ...]:
    needs: list[Need] = []
    for node in service.items("needs"):
        section = Section(node, f"{service.where}, needs", service.problems)
        need = Need(
            team=section.optional("team", str, "") or None,
            person=section.optional("person", str, "") or None,
        )
        if (need.team is None) == (need.person is None):
            section.complain("write either 'team' or 'person'")
        if need in needs:
            section.complain(f"'{need.team or need.person}' is named twice")
        section.close()
        needs.append(need)
    return tuple(needs)


def _read_room_need(service: Section) -> int:
    section = service.block("room", f"{service.where}, room", is_required=False)
    if section is None:
        return 0
    seats = section.value("seats", number_between(1, 500), 1)
    section.close()
    return seats


def _read_paper(node: Node, section: Section, papers: Mapping[str, Translations]) -> Translations:
    """Texts by language, or the key of a paper in the catalogue."""
    if not isinstance(node, Text):
        return section.read_translations(node, "a paper")
    if node.value not in papers:
        section.complain(f"unknown paper '{node.value}'{did_you_mean(node.value, papers)}", node.line)
        return {}
    return papers[node.value]
