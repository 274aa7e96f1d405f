"""Several concerns one after the other on one day: itineraries to choose from, and what was chosen."""

from datetime import datetime

from flask import render_template

from scheduler_app.domain.errors import NotOffered, UnknownThing
from scheduler_app.models import db
from scheduler_app.services.check_chain import arranged_as, refuse_unworkable_chain
from scheduler_app.services.find_chains import find_chains
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_chain import LONGEST_WAIT_MINUTES, plan_chain
from scheduler_app.web.client.chain_offer import chain_offer, pressed_arrangement
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.what_helps import what_helps
from scheduler_app.web.client.wish import Wish, local_midnight, weekday_choices
from scheduler_app.web.request_time import now


def chains_page(wish: Wish, *, problem: str = "") -> str:
    """The itineraries for a wish; each has a button that keeps all of its visits. Raises ChainLength."""
    plan = plan_chain(municipality(), wish.slot_request(), online_only=True)
    found = find_chains(db.session(), municipality(), plan, now=now(), from_at=local_midnight(wish.from_on))
    offered = chain_offer(found, wish.from_on)
    return render_template(
        "client/chains.html",
        wish=wish,
        plan=plan,
        offer=offered,
        helps=[] if offered.days else what_helps(wish),
        problem=problem,
        weekdays=weekday_choices(),
    )


def chosen_plan(wish: Wish, starts_at: datetime) -> Plan:
    """The plan of the chain that was pressed. Raises NotOffered if it is none that this wish could be offered."""
    arranged = arranged_as(wish.slot_request(), pressed_arrangement())
    if arranged is None:
        raise NotOffered
    try:
        plan = plan_appointment(municipality(), arranged, online_only=True)
    except UnknownThing as error:
        raise NotOffered from error
    refuse_unworkable_chain(municipality(), plan, starts_at, longest_wait=LONGEST_WAIT_MINUTES)
    return plan
