"""The words of one notification, by the state of the moment in which it leaves."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.dates import appointment_words
from notifications.texts import Texts
from scheduler_app.models import Appointment, Invitation, Notification, Participation
from scheduler_app.services.catalogue import catalogue_by_id
from scheduler_app.services.links import appointment_link, invitation_link
from scheduler_app.services.plan_notifications import (
    INTERPRETER_ASSIGNED,
    INTERPRETER_CHANGED,
    INTERPRETER_RELEASED,
    INVITATION,
)

POST_CODE_AND_TOWN = re.compile(r", [0-9]{5} (?P<town>[^,]+)")
TO_INTERPRETER = (INTERPRETER_ASSIGNED, INTERPRETER_CHANGED, INTERPRETER_RELEASED)


@dataclass(frozen=True)
class Message:
    """``body`` is for the recipient, ``without_secret`` says the same without the token of her link."""

    body: str
    without_secret: str


def write_message(
    session: Session, texts: Texts, public_url: str, row: Notification, *, now: datetime
) -> Message:
    """Fill the text of a notification; a client's gets a new secret link (the caller commits).

    Raises TextError if the text cannot be filled.
    """
    catalogue = catalogue_by_id(session, row.municipality_id)
    language = texts.language_for(row.kind, [row.language])
    path, shown_path = _paths(session, row, now=now)
    values = {"phone": catalogue.phone, "link": f"{public_url}{path}"}
    if row.appointment_id is not None:
        appointment = session.get_one(Appointment, row.appointment_id)
        part = participation_of(session, row)  # whoever was released hears of the time that was hers
        starts_at = part.starts_at if part is not None else appointment.starts_at
        values |= appointment_words(starts_at.astimezone(ZoneInfo(catalogue.timezone)), language)
        place = appointment.place if row.kind in TO_INTERPRETER else nearby(appointment.place, catalogue.name)
        values |= {"place": place, "number": appointment.number}
    body = texts.render(row.kind, [language], values).body
    return Message(body, body.replace(values["link"], f"{public_url}{shown_path}"))


def nearby(place: str, municipality: str) -> str:
    """A place as people of the town say it: in two segments of Arabic there is no room for post code and own town."""
    return POST_CODE_AND_TOWN.sub(lambda found: "" if found["town"] in municipality else found[0], place)


def participation_of(session: Session, row: Notification) -> Participation | None:
    """The recipient's part in the appointment, the latest if she had several."""
    return session.scalars(
        select(Participation)
        .where(
            Participation.appointment_id == row.appointment_id, Participation.resource_id == row.recipient_id
        )
        .order_by(Participation.id.desc())
        .limit(1)
    ).one_or_none()


def _paths(session: Session, row: Notification, *, now: datetime) -> tuple[str, str]:
    """Where the link leads, and how that is kept: of secret addresses only hashes are."""
    if row.kind in TO_INTERPRETER:
        part = participation_of(session, row)
        is_hers = part is not None and part.ended_at is None
        path = "/interpreter/" + (f"assignments/{part.id}" if part and is_hers else "")
        return path, path
    if row.kind == INVITATION:
        token = invitation_link(session, session.get_one(Invitation, row.invitation_id), now=now)
    else:
        token = appointment_link(session, session.get_one(Appointment, row.appointment_id), now=now)
    return f"/t/{token}", "/t/…"
