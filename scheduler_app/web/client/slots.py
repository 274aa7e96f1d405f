"""The slots at which everybody needed is free together; choosing one keeps it for her."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.chain import MOST_VISITS
from scheduler_app.domain.errors import NotOffered, SlotTaken, TooManyHolds
from scheduler_app.domain.numbers import keyed_hash
from scheduler_app.models import db
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.hold_slot import hold_slot
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.web.access import public
from scheduler_app.web.client import blueprint
from scheduler_app.web.client.chains import chains_page, chosen_plan
from scheduler_app.web.client.choose_interpreter import interpreter_page, is_answered, open_question
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.papers import papers_of
from scheduler_app.web.client.slot_offer import Offer, meeting_place, offer, offer_of
from scheduler_app.web.client.what_helps import what_helps
from scheduler_app.web.client.wish import Wish, local_midnight, read_start, read_wish, weekday_choices
from scheduler_app.web.network_source import network_source
from scheduler_app.web.request_time import now


@blueprint.get("/<municipality_slug>/slots")
@public
def slots() -> ResponseReturnValue:
    wish = read_wish()
    return _unanswered(wish) or offer_page(wish)


@blueprint.post("/<municipality_slug>/slots")
@public
def choose_slot() -> ResponseReturnValue:
    """Keep the slot, or all visits of the chain, for her, and ask who she is."""
    wish = read_wish()
    unanswered = _unanswered(wish)
    if unanswered:
        return unanswered
    starts_at = read_start()
    try:
        plan = chosen_plan(wish, starts_at) if wish.is_chain else _plan(wish)
        held = hold_slot(db.session(), municipality(), plan, starts_at, now=now(), source_hash=_source_hash())
    except SlotTaken as taken:
        return offer_page(wish, problem="taken", nearest=taken.next_starts), 409
    except NotOffered:
        return offer_page(wish, problem="not_offered"), 409
    except TooManyHolds:
        abort(429)
    return redirect(url_for("client.hold", token=held.token), 303)


def offer_page(wish: Wish, *, problem: str = "", nearest: Sequence[datetime] = ()) -> str:
    """What is free for a wish; after a lost race ``nearest``. Each slot is a button that keeps it."""
    if wish.is_chain:
        return chains_page(wish, problem=problem)
    plan = _plan(wish)
    offered = offer_of(nearest, plan) if nearest else _search(wish, plan)
    return render_template(
        "client/slots.html",
        wish=wish,
        plan=plan,
        offer=offered,
        helps=[] if offered.days else what_helps(wish),
        place=meeting_place(plan),
        papers=papers_of(plan.concerns),
        problem=problem,
        weekdays=weekday_choices(),
        as_chain=_as_chain(wish),
    )


def _as_chain(wish: Wish) -> Wish | None:
    """The same concerns desk after desk, if they are at more than one."""
    chain = replace(wish, is_chain=True)
    return chain if 1 < len(chain.slot_request().by_visit) <= MOST_VISITS else None


def _search(wish: Wish, plan: Plan) -> Offer:
    found = find_slots(db.session(), municipality(), plan, now=now(), from_at=local_midnight(wish.from_on))
    return offer(found, wish.from_on)


def _plan(wish: Wish) -> Plan:
    return plan_appointment(municipality(), wish.slot_request(), online_only=True)


def _unanswered(wish: Wish) -> ResponseReturnValue | None:
    """The page of a question that must be answered before; None if all are."""
    asked = open_question(wish)
    if asked is None and not is_answered(wish):
        return interpreter_page(wish, problem="unknown" if wish.interpreter else "missing"), 400
    return asked


def _source_hash() -> str:
    settings = current_app.extensions["terminlotse"].settings
    return keyed_hash(settings.secret_key, "hold-source", network_source())
