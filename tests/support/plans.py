"""The two plans that tests book most."""

from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import Plan, plan_appointment
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
