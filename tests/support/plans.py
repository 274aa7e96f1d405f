"""The plans that tests book most."""

from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.services.slot_request import SlotRequest


def clerk_alone(catalogue: Catalogue) -> Plan:
    """A clerk for half an hour."""
    return plan_appointment(catalogue, SlotRequest(("titel",)))


def with_interpreter(catalogue: Catalogue) -> Plan:
    """A clerk and an interpreter of Levantine Arabic for half an hour."""
    return plan_appointment(catalogue, SlotRequest(("titel",), "ara", "apc"))


def joint(catalogue: Catalogue) -> Plan:
    """A clerk, an adviser, an interpreter and a room for 75 minutes."""
    return plan_appointment(catalogue, SlotRequest(("titel", "beratung"), "ara", "apc"))


def desk_after_desk(catalogue: Catalogue) -> Plan:
    """Finger prints, and an hour of advice at another agency 45 minutes after their start; one interpreter for both."""
    asked = SlotRequest(("finger", "beratung"), "ara", "apc", stays=True)
    minutes = [visit.minutes for visit in plan_chain(catalogue, asked).visits]
    return plan_appointment(catalogue, asked.arranged((0, 1), (0, 45), minutes))
