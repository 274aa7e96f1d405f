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
from scheduler_app.services.itinerary import is_chain
from scheduler_app.services.links import appointment_link, invitation_link
from scheduler_app.services.plan_notifications import (
    CHANGE,
    CONFIRMATION,
    INTERPRETER_ASSIGNED,
    INTERPRETER_CHANGED,
    INTERPRETER_RELEASED,
    INVITATION,
    REMINDER,
)
from scheduler_app.services.read_assignments import is_by_video

POST_CODE_AND_TOWN = re.compile(r", [0-9]{5} (?P<town>[^,]+)")
TO_INTERPRETER = (INTERPRETER_ASSIGNED, INTERPRETER_CHANGED, INTERPRETER_RELEASED)
OF_CHAIN = {
    CONFIRMATION: "confirmation-chain",
    REMINDER: "reminder-chain",
    CHANGE: "change-chain",
    INTERPRETER_ASSIGNED: "interpreter-assigned-chain",
    INTERPRETER_CHANGED: "interpreter-changed-chain",
}
"""Texts that name the first place, and lead to the plan."""
BY_VIDEO = "per Video"
"""Interpreters are written to in German."""


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
    appointment = session.get_one(Appointment, row.appointment_id) if row.appointment_id is not None else None
    kind = _text_kind(row.kind, appointment)
    language = texts.language_for(kind, [row.language])
    path, shown_path = _paths(session, row, now=now)
    values = {"phone": catalogue.phone, "link": f"{public_url}{path}"}
    if appointment is not None:
        # whoever was released hears of the time that was hers
        part = participation_of(session, row) or appointment
        starts_at, ends_at = (
            at.astimezone(ZoneInfo(catalogue.timezone)) for at in (part.starts_at, part.ends_at)
        )
        values |= appointment_words(starts_at, language) | {"end": f"{ends_at:%H:%M}"}
        place = _place(row, appointment, catalogue.name)
        values |= {"place": place, "number": appointment.number}
    body = texts.render(kind, [language], values).body
    return Message(body, body.replace(values["link"], f"{public_url}{shown_path}"))


def _text_kind(kind: str, appointment: Appointment | None) -> str:
    if appointment is not None and is_chain(appointment):
        return OF_CHAIN.get(kind, kind)
    return kind


def _place(row: Notification, appointment: Appointment, municipality: str) -> str:
    if row.kind not in TO_INTERPRETER:
        return nearby(appointment.place, municipality)
    return BY_VIDEO if is_by_video(appointment) else appointment.place


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
