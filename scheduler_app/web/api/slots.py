"""GET slots: when a service, or several at one table or desk after desk, can be had."""

import json
from typing import Any

from flask import Response

from scheduler_app.domain.errors import ChainLength, NotTogether, TooManyServices, UnknownThing
from scheduler_app.models import db
from scheduler_app.models.engine import begin_read
from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_chain import ChainPlan, plan_chain
from scheduler_app.web.access import public
from scheduler_app.web.api import blueprint
from scheduler_app.web.api.problems import InvalidRequest
from scheduler_app.web.api.query import Query, Search, read_search
from scheduler_app.web.api.reasons import blocking_roles, blocking_visits, reasons
from scheduler_app.web.api.slot_texts import write_slots
from scheduler_app.web.api.values import Spoken, write_chain
from scheduler_app.web.request_time import now


@blueprint.get("/<municipality>/services/<service>/slots")
@public
def list_slots(municipality: str, service: str) -> Response:
    """The free starts of a service, or the chains that begin with any, in order of time."""
    begin_read(db.session())
    catalogue = catalogue_of(db.session(), municipality)
    query = Query(catalogue)
    search = read_search(query, service)
    if search.is_chain:
        return _chains(query, search)
    return _slots(query, search)


def _slots(query: Query, search: Search) -> Response:
    catalogue = query.catalogue
    plan = _plan(query, search)
    found = find_slots(
        db.session(),
        catalogue,
        plan,
        now=now(),
        from_at=search.from_at,
        until_at=search.until_at,
        limit=search.limit,
    )
    more: dict[str, Any] = {}
    if not found.minutes and search.asks_why:
        more = reasons(catalogue, plan, search, now=now())
    elif not found.minutes:
        more = {"blocking": blocking_roles(plan, found.blocking)}
    head = _head(catalogue, plan, search) | {"minutes": plan.minutes}
    return _answer(head, "slots", write_slots(found.minutes, plan.minutes, catalogue.timezone), more)


def _chains(query: Query, search: Search) -> Response:
    catalogue = query.catalogue
    plan = _chain_plan(query, search)
    found = find_chains(
        db.session(),
        catalogue,
        plan,
        now=now(),
        from_at=search.from_at,
        until_at=search.until_at,
        limit=search.limit,
    )
    more = {} if found.chains else {"blocking": blocking_visits(plan, found.blocking)}
    chains = [write_chain(catalogue, chain) for chain in found.chains]
    return _answer(_head(catalogue, plan, search), "chains", _text(chains), more)


def _plan(query: Query, search: Search) -> Plan:
    """Raises UnknownThing for the service in the address: that is a 404; those of ``with`` are mistakes."""
    query.catalogue.service(search.wanted.services[0])
    try:
        plan = plan_appointment(query.catalogue, search.wanted, online_only=True)
    except UnknownThing as error:
        _refuse_unknown(query, search, error)
    except TooManyServices as error:
        query.refuse("with", f"At most {error.most} services at once.")
    except NotTogether as error:
        query.refuse("with", f"These need a visit of their own: {', '.join(error.keys)}. Try chain=1.")
    if query.errors:
        raise InvalidRequest(*query.errors)
    return plan


def _chain_plan(query: Query, search: Search) -> ChainPlan:
    """The same for visits one after the other."""
    query.catalogue.service(search.wanted.services[0])
    try:
        plan = plan_chain(
            query.catalogue,
            search.wanted,
            is_ordered=search.is_ordered,
            longest_wait=search.longest_wait,
            online_only=True,
        )
    except UnknownThing as error:
        _refuse_unknown(query, search, error)
    except (ChainLength, TooManyServices) as error:
        query.refuse("with", f"A chain has 2 to {error.most} services.")
    if query.errors:
        raise InvalidRequest(*query.errors)
    return plan


def _refuse_unknown(query: Query, search: Search, error: UnknownThing) -> None:
    if error.key == search.wanted.services[0]:
        raise error
    query.refuse("with", f"There is no {error.what} {error.key!r} here.")


def _head(catalogue: Catalogue, plan: Plan | ChainPlan, search: Search) -> dict[str, Any]:
    wanted = plan.request
    spoken = Spoken(wanted.language, wanted.variety) if plan.level else Spoken()
    return {
        "service": wanted.services[0],
        "services": list(dict.fromkeys(wanted.services)),
        "language": search.language.tag if search.language else None,
        "interpreter": spoken.code,
        "timezone": catalogue.timezone,
    }


def _answer(head: dict[str, Any], name: str, found: str, more: dict[str, Any]) -> Response:
    """``found`` is JSON already: a thousand slots are put together faster than they are looked through."""
    members = [f"{_text(head)[1:-1]}", f'"{name}":{found}']
    if more:
        members.append(_text(more)[1:-1])
    return Response(f"{{{','.join(members)}}}\n", mimetype="application/json")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
