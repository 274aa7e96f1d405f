"""What the planning page offers as the plan with the fewest visits."""

import json
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.errors import SlotTaken
from scheduler_app.models import Appointment, Case, db
from scheduler_app.services.book_bundle import book_bundle, booked_already
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.catalogue_entries import ServiceEntry
from scheduler_app.services.find_bundle import Bundle, BundleVisit, find_bundle
from scheduler_app.services.standing_visits import standing_visits
from scheduler_app.web.local_dates import day_and_time, local
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import staff_member
from scheduler_app.web.staff.diary_grid import day_bounds
from scheduler_app.web.staff.planning.booking import contact_of
from scheduler_app.web.staff.planning.picked import Picked
from scheduler_app.web.staff.planning.pressed import START, pressed_bundle


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """One visit of the plan. ``number`` is that of the appointment, if it stands already."""

    visit: BundleVisit
    concerns: tuple[ServiceEntry, ...]
    number: str


@dataclass(frozen=True, slots=True)
class BundleOffer:
    """The plan by day; ``replaced`` names the appointments that it makes superfluous.

    ``saved`` says in words what it saves, ``value`` is what the button sends.
    """

    days: list[tuple[date, list[ShownVisit]]]
    replaced: list[str]
    saved: str
    value: str
    books: bool


def bundle_offer(offer: Catalogue, of_case: Case, picked: Picked) -> BundleOffer | None:
    """The best plan for what was picked and the appointments of the case; None if there is none."""
    bundle = _found(offer, of_case, picked)
    if bundle is None:
        return None
    numbers = _numbers(bundle)
    shown = [
        ShownVisit(
            visit,
            tuple(offer.service(key) for key in visit.services),
            numbers.get(visit.appointment_id or 0, ""),
        )
        for visit in bundle.visits
    ]
    days = groupby(shown, key=lambda visit: local(visit.visit.starts_at).date())
    return BundleOffer(
        [(day, list(visits)) for day, visits in days],
        [_named(appointment_id) for appointment_id in bundle.replaces],
        saved_words(bundle),
        value_of(bundle),
        bool(bundle.bookings),
    )


def saved_words(bundle: Bundle) -> str:
    """ "2 Wege und 3 Gespräche weniger"."""
    ways, visits = bundle.saved_ways, bundle.saved_visits
    parts = [
        f"{ways} {'Weg' if ways == 1 else 'Wege'}" if ways > 0 else "",
        f"{visits} {'Gespräch' if visits == 1 else 'Gespräche'}" if visits > 0 else "",
    ]
    saved = " und ".join(part for part in parts if part)
    return f"{saved} weniger" if saved else ""


def book_offered(offer: Catalogue, of_case: Case, picked: Picked, value: str) -> ResponseReturnValue:
    """Book the plan that a button sent, if it is offered now. Raises SlotTaken, and what ``book_bundle`` raises."""
    bundle = _found(offer, of_case, picked)
    if bundle is None or value_of(bundle) != value:
        raise SlotTaken
    made = book_bundle(
        db.session(),
        offer,
        bundle.bookings,
        contact_of(of_case),
        now=now(),
        actor=f"staff:{staff_member().id}",
        replaces=bundle.replaces,
        case_id=of_case.id,
    )
    return _to_case(of_case, len(made))


def bundle_booked_before(offer: Catalogue, of_case: Case, value: str) -> ResponseReturnValue | None:
    """Where the first click led, if this is the second; asked before a search, which plans around what is booked."""
    bookings = pressed_bundle(value)
    if not bookings:
        return None
    made = booked_already(db.session(), offer, bookings, contact_of(of_case))
    return _to_case(of_case, len(made)) if made is not None else None


def _to_case(of_case: Case, count_booked: int) -> ResponseReturnValue:
    count = "Ein Termin" if count_booked == 1 else f"{count_booked} Termine"
    flash(f"Gebucht: {count}. Die Klient*in bekommt eine SMS zu allem, was neu ist oder ausfällt.", "success")
    return redirect(url_for("staff.case", number=of_case.number))


def value_of(bundle: Bundle) -> str:
    """A plan as text: what it books and what it replaces."""
    bookings = [[b.starts_at.strftime(START), b.request.to_json()] for b in bundle.bookings]
    return json.dumps({"book": bookings, "replace": bundle.replaces}, sort_keys=True)


def _found(offer: Catalogue, of_case: Case, picked: Picked) -> Bundle | None:
    from_at = day_bounds(picked.from_day, 1, offer.timezone)[0] if picked.from_day is not None else None
    return find_bundle(
        db.session(),
        offer,
        picked.request,
        now=now(),
        client_resource_id=of_case.client.resource_id,
        standing=standing_visits(db.session(), offer, of_case, now=now()),
        from_at=from_at,
        longest_wait=picked.longest_wait,
    )


def _named(appointment_id: int) -> str:
    appointment = db.session().get_one(Appointment, appointment_id)
    return f"{appointment.number} ({day_and_time(appointment.starts_at).striptags()})"


def _numbers(bundle: Bundle) -> dict[int, str]:
    ids = {visit.appointment_id for visit in bundle.visits if visit.appointment_id} | set(bundle.replaces)
    return {
        appointment_id: db.session().get_one(Appointment, appointment_id).number for appointment_id in ids
    }
