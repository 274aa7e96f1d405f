"""An appointment's rows as the rule of visibility wants them."""

from scheduler_app.domain.visibility import Parties
from scheduler_app.models import Appointment, ParticipationRole
from scheduler_app.services.participations import active, lacks_interpreter


def parties_of(appointment: Appointment) -> Parties:
    """Who takes part now; reads the appointment's participations and case."""
    taking_part = active(appointment)
    staff = [p for p in taking_part if p.role == ParticipationRole.STAFF]
    interpreters = [p for p in taking_part if p.role == ParticipationRole.INTERPRETER]
    return Parties(
        agencies=frozenset(p.agency_id for p in staff if p.agency_id is not None),
        pools=frozenset(p.agency_id for p in interpreters if p.agency_id is not None),
        people=frozenset(p.resource_id for p in staff),
        case_manager_id=appointment.case.case_manager_id if appointment.case else None,
        lacks_interpreter=lacks_interpreter(appointment),
    )
