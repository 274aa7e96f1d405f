"""The appointments of a case that a new plan can be made around."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import Appointment, AppointmentStatus, Case
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_chain import StandingVisit


def standing_visits(
    session: Session, catalogue: Catalogue, of_case: Case, *, now: datetime
) -> tuple[StandingVisit, ...]:
    """Those of this case that are still to come, soonest first.

    Left out: chains, and what is for a service that there is no more. Appointments that others made for the client are
    not the case's business; her time for them is taken, and that is all.
    """
    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.case_id == of_case.id,
            Appointment.status == AppointmentStatus.CONFIRMED,
            Appointment.starts_at > now,
        )
        .order_by(Appointment.starts_at)
    )
    found = []
    for appointment in rows:
        services = tuple(concern.service.key for concern in appointment.concerns)
        is_joint = all(concern.starts_at == appointment.starts_at for concern in appointment.concerns)
        if is_joint and services and all(key in catalogue.services for key in services):
            minutes = (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1)
            starts = epoch_minute(appointment.starts_at)
            found.append(StandingVisit(appointment.id, services, starts, minutes, appointment.place_id or 0))
    return tuple(found)
