"""Who an appointment is for: what is asked of her, and how she is found again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.numbers import NumberError, parse_mobile
from scheduler_app.domain.errors import ClientBusy, InvalidContact
from scheduler_app.domain.numbers import name_key
from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import Appointment, Claim, Client, Resource, ResourceKind
from scheduler_app.services.slot_request import SlotRequest

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Contact:
    """A checked name and E.164 mobile number, and the language (BCP 47) to write to her in."""

    name: str
    phone: str
    language: str


def check_contact(name: str, phone: str, language: str) -> Contact:
    """Accept one or many words as a name (some people have one) and a mobile number in any usual spelling.

    Raises InvalidContact.
    """
    shown = " ".join(name.split())
    if not shown or not any(character.isalpha() for character in shown):
        raise InvalidContact("name", "missing")
    if len(shown) > LONGEST_NAME:
        raise InvalidContact("name", "too_long")
    if not shown.isprintable():
        raise InvalidContact("name", "unreadable")
    if not phone.strip():
        raise InvalidContact("phone", "missing")
    try:
        return Contact(shown, parse_mobile(phone), language)
    except NumberError as error:
        raise InvalidContact("phone", error.code) from error


def find_client(session: Session, municipality_id: int, contact: Contact) -> Client | None:
    """The client of this name on this phone. Families share phones, so both must match."""
    return session.scalars(
        select(Client).where(
            Client.municipality_id == municipality_id,
            Client.phone == contact.phone,
            Client.name_key == name_key(contact.name),
        )
    ).one_or_none()


def add_client(
    session: Session, municipality_id: int, contact: Contact, request: SlotRequest | None, *, now: datetime
) -> Client:
    """A new client with her resource; needs the write transaction of the caller."""
    resource = Resource(municipality_id=municipality_id, kind=ResourceKind.CLIENT, changed_at=now)
    session.add(resource)
    session.flush()
    client = Client(
        municipality_id=municipality_id,
        resource_id=resource.id,
        name=contact.name,
        name_key=name_key(contact.name),
        phone=contact.phone,
        language=contact.language,
        interpreter_language=(request.variety or request.language) if request else "",
        created_at=now,
    )
    session.add(client)
    session.flush()
    return client


def refuse_busy_client(
    session: Session, client: Client, starts_at: datetime, minutes: int, *, but: int | None = None
) -> None:
    """Raises ClientBusy if she is somewhere else then (``but`` in the appointment that is being moved)."""
    starts = epoch_minute(starts_at)
    there = session.scalars(
        select(Claim.appointment_id).where(
            Claim.resource_id == client.resource_id,
            Claim.starts_minute < starts + minutes,
            Claim.ends_minute > starts,
        )
    ).all()
    if any(appointment_id != but for appointment_id in there):
        raise ClientBusy


def claim_for_client(session: Session, appointment: Appointment) -> None:
    """Her own time for an appointment. The caller has locked her, or just made her."""
    session.add(
        Claim(
            municipality_id=appointment.municipality_id,
            resource_id=appointment.client.resource_id,
            starts_minute=epoch_minute(appointment.starts_at),
            ends_minute=epoch_minute(appointment.ends_at),
            appointment_id=appointment.id,
        )
    )
