"""Why there is no slot, and what would help, without the name of any person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scheduler_app.models import db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.explain_search import TIME, explain_search
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.services.plan_chain import ChainPlan
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import ROOM, kind_of_role
from scheduler_app.services.plan_variants import ChangeCode
from scheduler_app.web.api.query import Search
from scheduler_app.web.api.values import write_moment

FOR_CLIENTS = {
    ChangeCode.ANY_DATE,
    ChangeCode.ANY_WEEKDAY,
    ChangeCode.ANY_TIME,
    ChangeCode.BY_VIDEO,
    ChangeCode.CHAIN,
    ChangeCode.ANY_VARIETY,
    ChangeCode.ANY_GENDER,
    ChangeCode.ANY_STEPS,
}
"""What a client can decide herself. Doing without the interpreter, or with a worse one, is not for her to risk."""

VISIT = "visit"


def blocking_visits(plan: ChainPlan, keys: Iterable[str]) -> list[dict[str, str]]:
    """The visits and escorts without any one of which there would be chains."""
    return _once(_visit(plan, key) for key in keys) or [{"role": TIME}]


def blocking_roles(plan: Plan, keys: Iterable[str]) -> list[dict[str, str]]:
    """The roles without any one of which there would be slots; where there are none, the time asked for prevents it."""
    return _once(_role(plan, key) for key in keys) or [{"role": TIME}]


def reasons(catalogue: Catalogue, plan: Plan, search: Search, *, now: datetime) -> dict[str, Any]:
    """``blocking``: without any one of these there would be slots; ``would_help``: changes that would open some."""
    explained = explain_search(
        db.session(), catalogue, plan, now=now, from_at=search.from_at, until_at=search.until_at
    )
    helpful = [
        {
            "changes": [str(code) for code in suggestion.codes],
            "count": suggestion.count,
            "first": write_moment(suggestion.first_at, catalogue),
        }
        for suggestion in explained.suggestions
        if FOR_CLIENTS.issuperset(suggestion.codes)
    ]
    return {"blocking": _once(_role(plan, key) for key in explained.blocking), "would_help": helpful}


def _role(plan: Plan, key: str) -> dict[str, str]:
    kind = kind_of_role(key)
    if kind in (INTERPRETER, ROOM, TIME):
        return {"role": kind}
    concern = next((c for c in plan.concerns if any(need.key == key for need in c.needs)), None)
    return {"role": "staff", "service": concern.key} if concern else {"role": "staff"}


def _visit(plan: ChainPlan, key: str) -> dict[str, str]:
    kind = kind_of_role(key)
    if kind != VISIT:
        return {"role": kind if kind == INTERPRETER else "staff"}
    visit = plan.visits[int(key.partition(":")[2]) - 1]
    return {"role": VISIT, "service": visit.concerns[0].key}


def _once(roles: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    once: list[dict[str, str]] = []
    for role in roles:
        if role not in once:
            once.append(role)
    return once
