"""The plan of an appointment that stands, to fill its roles again: for moving it, or for another interpreter."""

from dataclasses import replace

from scheduler_app.models import Appointment
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest


def plan_again(catalogue: Catalogue, appointment: Appointment) -> Plan:
    """The plan to fill an appointment's roles again, as they were asked for, with the client as one of them.

    The length stays, and so do a chain's visits: it moves as a whole.
    """
    request = SlotRequest.from_json(appointment.request)
    there = [person for person in request.people if person in catalogue.staff]
    request = replace(request, people=tuple(there))
    if not request.is_chain:
        minutes = int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)
        request = replace(
            request, minutes=minutes, room=request.room if request.room in catalogue.rooms else None
        )
    return plan_appointment(catalogue, request).with_client(appointment.client.resource_id)
