"""From the text of a municipality file to its contents, or to all of its mistakes."""

from __future__ import annotations

from .check_references import check_agencies, check_closures, check_services
from .contents import MunicipalityFile
from .document import read_document
from .problems import Problems
from .read_people import read_agencies, read_pools, read_rooms
from .read_profile import read_closures, read_places, read_profile
from .read_services import read_papers, read_services
from .section import Section

FORMAT = "terminlotse-municipality/1"


def read_municipality_file(content: str | bytes) -> MunicipalityFile:
    """The contents of a file in the format 'terminlotse-municipality/1'.

    Raises MunicipalityFileRefused with every mistake found and its line; bytes must be UTF-8.
    """
    problems = Problems()
    top = Section(read_document(content), "file", problems)
    top.value("format", _this_format, "")
    # a file of another version would drown its reader in mistakes that are none
    problems.refuse_if_any()
    file = _read_parts(top)
    problems.refuse_if_any()
    return file


def _this_format(written: str) -> str:
    if written != FORMAT:
        raise ValueError(f"'{written}' cannot be read here, only '{FORMAT}'")
    return written


def _read_parts(top: Section) -> MunicipalityFile:
    places = read_places(top)
    closures = read_closures(top)
    agencies, pools = read_agencies(top), read_pools(top)
    services = read_services(top, read_papers(top))
    file = MunicipalityFile(
        profile=read_profile(top),
        places=places,
        closures=tuple(closure for closure, _ in closures),
        agencies=tuple(agency for agency, _ in agencies),
        rooms=read_rooms(top, {place.key for place in places}),
        pools=tuple(pool for pool, _ in pools),
        services=tuple(service for service, _ in services),
    )
    top.close()
    offices = {agency.key: block for agency, block in agencies}
    for pool, block in pools:
        if pool.agency.key in offices:
            block.complain(f"'{pool.agency.key}' is already an agency")
        offices.setdefault(pool.agency.key, block)
    check_agencies(file, offices)
    check_closures(closures, offices, top.problems)
    check_services(file, {service.key: block for service, block in services})
    return file
