"""The starts to which an appointment can be moved."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler_app.models import Appointment
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.find_slots import SlotSearch, find_slots
from scheduler_app.services.plan_again import plan_again


def find_new_time(
    session: Session,
    catalogue: Catalogue,
    appointment: Appointment,
    *,
    now: datetime,
    from_at: datetime | None = None,
    limit: int | None = None,
) -> SlotSearch:
    """When everybody it needs is free again, the time that it takes now counted as free. A chain keeps its visits.

    The weekdays and times of the day that were asked for when it was booked do not bind: whoever moves looks at all.
    Raises UnknownThing and NotTogether if it is no longer offered like this.
    """
    plan = plan_again(catalogue, appointment)
    plan = replace(plan, request=replace(plan.request, weekdays=(), earliest=None, latest=None))
    return find_slots(
        session,
        catalogue,
        plan,
        now=now,
        from_at=from_at,
        limit=limit,
        without_appointment=appointment.id,
    )
