"""Her appointment: the page that is the proof of it, and the entry for her own calendar."""

from datetime import timedelta

import segno
from flask import render_template
from markupsafe import Markup

from calendars.events import CalendarEvent, EventStatus
from calendars.single_event import write_event
from calendars.vevent import SummaryPrefixes
from scheduler_app.models import Appointment, AppointmentStatus, PartStat
from scheduler_app.services.itinerary import visit_times, visits_of
from scheduler_app.services.participations import active, active_interpreter
from scheduler_app.services.read_assignments import is_by_video
from scheduler_app.web.client.check import check_address
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.papers import papers_of
from scheduler_app.web.local_dates import clock
from scheduler_app.web.page_language import gettext
from scheduler_app.web.request_time import now

ALARM_BEFORE = timedelta(hours=2)


def appointment_state(appointment: Appointment) -> str:
    """``cancelled``, ``over``, ``running`` (can no longer be moved) or ``ahead``."""
    if appointment.status == AppointmentStatus.CANCELLED:
        return "cancelled"
    if appointment.ends_at <= now():
        return "over"
    return "running" if appointment.starts_at <= now() else "ahead"


def appointment_page(appointment: Appointment, token: str, *, problem: str = "") -> str:
    """Number, time, place, papers, interpreter, date of the request, and a code that others can check."""
    catalogue = municipality()
    address = check_address(appointment)
    services = [concern.service for concern in appointment.concerns]
    visits = visits_of(catalogue, appointment)
    return render_template(
        "client/appointment.html",
        appointment=appointment,
        token=token,
        state=appointment_state(appointment),
        problem=problem,
        services=services,
        visits=visits,
        is_by_video=is_by_video(appointment),
        papers=papers_of(services),
        place=catalogue.places.get(appointment.place_id or 0),
        interpreter_code=appointment.interpreter_variety or appointment.interpreter_language,
        interpreter_state=_interpreter_state(appointment),
        check_address=address,
        qr_code=qr_code(address),
    )


def qr_code(address: str) -> Markup:
    """A QR code as inline SVG without style attributes; error correction M survives a folded paper."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=2))  # noqa: S704  # written by segno, escaped there


def calendar_file(appointment: Appointment) -> bytes:
    """An .ics file with the day, the place and the number, in her language; the topic stays out of her cloud.

    A chain is one entry, from the first visit to the last at the place of the first, with the times and places of all
    in its description: telephones take one entry from a file, and only one alarm is of use.
    """
    place = municipality().places.get(appointment.place_id or 0)
    hers = [p for p in active(appointment) if p.resource_id == appointment.client.resource_id]
    mine = hers[0] if hers else appointment
    is_cancelled = appointment.status == AppointmentStatus.CANCELLED
    event = CalendarEvent(
        uid=mine.uid,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        sequence=mine.sequence,
        changed_at=mine.changed_at,
        status=EventStatus.CANCELLED if is_cancelled else EventStatus.CONFIRMED,
        summary=gettext("Termin %(number)s", number=appointment.number),
        location=appointment.place,
        description="\n".join(
            (*_stops(appointment), gettext("Fragen? Telefon: %(phone)s", phone=municipality().phone))
        ),
        geo=(place.latitude, place.longitude) if place and place.latitude and place.longitude else None,
    )
    prefixes = SummaryPrefixes(cancelled=gettext("Abgesagt: "))
    return write_event(event, timezone=municipality().timezone, alarm_before=ALARM_BEFORE, labels=prefixes)


def _stops(appointment: Appointment) -> list[str]:
    """Times and places of a chain's visits, one a line."""
    visits = visit_times(appointment)
    if len(visits) < 2:
        return []
    return [f"{clock(visit.starts_at)}–{clock(visit.ends_at)}: {visit.place}" for visit in visits]


def _interpreter_state(appointment: Appointment) -> str:
    """``none`` needed, ``accepted``, ``asked``, or ``missing`` while somebody is sought."""
    if not appointment.interpreter_language:
        return "none"
    interpreter = active_interpreter(appointment)
    if interpreter is None:
        return "missing"
    return "accepted" if interpreter.partstat == PartStat.ACCEPTED else "asked"
