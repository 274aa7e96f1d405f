"""Who interpreted for a client last: people who know each other need fewer words."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.models import Appointment, AppointmentStatus, Participation, ParticipationRole, PartStat


def last_interpreter(session: Session, client_resource_id: int, *, but: int | None = None) -> int | None:
    """The interpreter (resource id) of the client's latest appointment that stands, if she has had any.

    ``but`` is an appointment (id) that does not count. Who has declined, or was replaced, was not there.
    """
    hers = select(Participation.appointment_id).where(
        Participation.resource_id == client_resource_id,
        Participation.role == ParticipationRole.CLIENT,
        Participation.ended_at.is_(None),
    )
    return session.scalar(
        select(Participation.resource_id)
        .join(Appointment)
        .where(
            Appointment.id.in_(hers),
            Appointment.id != (but or 0),
            Appointment.status == AppointmentStatus.CONFIRMED,
            Participation.role == ParticipationRole.INTERPRETER,
            Participation.ended_at.is_(None),
            Participation.partstat != PartStat.DECLINED,
        )
        .order_by(Appointment.starts_at.desc(), Participation.id.desc())
        .limit(1)
    )
