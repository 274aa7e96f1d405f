"""iCal feeds at secret addresses: subscribing, revoking, and reading one.

Pseudonymous: number, place and state, nothing about the client, the topic or anybody else. Feeds are copied to
calendar services and never come back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from calendars.events import CalendarEvent, EventStatus
from calendars.feed import FORMAT_VERSION, write_feed
from calendars.http_cache import feed_etag, is_not_modified
from scheduler_app.domain.errors import LinkInvalid
from scheduler_app.domain.numbers import new_token, token_hash
from scheduler_app.models import (
    Appointment,
    AppointmentStatus,
    Feed,
    Municipality,
    Participation,
    PartStat,
    Resource,
    ResourceKind,
)
from scheduler_app.models.engine import begin_write
from scheduler_app.services.itinerary import visit_times

PAST, AHEAD = timedelta(days=31), timedelta(days=365)
MOST_EVENTS = 2000
NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class FeedAnswer:
    """What to answer a calendar program. ``body`` is empty for 304 and 410."""

    status: HTTPStatus
    body: bytes = b""
    etag: str = ""
    last_modified: datetime | None = None


def subscribe_feed(session: Session, *, resource_id: int, municipality_id: int, now: datetime) -> str:
    """A new secret address for somebody's calendar; returns its token. The old address stops working. Commits."""
    token = new_token() + new_token()
    begin_write(session)
    _revoke(session, resource_id, now=now)
    session.add(
        Feed(
            municipality_id=municipality_id,
            resource_id=resource_id,
            token_hash=token_hash(token),
            created_at=now,
        )
    )
    session.commit()
    return token


def revoke_feed(session: Session, *, resource_id: int, now: datetime) -> None:
    """Let nobody read this calendar any more; commits."""
    begin_write(session)
    _revoke(session, resource_id, now=now)
    session.commit()


def feed_state(session: Session, resource_id: int) -> Feed | None:
    """The feed somebody has now, with when and by which program it was last fetched."""
    return session.scalars(
        select(Feed).where(Feed.resource_id == resource_id, Feed.revoked_at.is_(None))
    ).first()


def read_feed(
    session: Session,
    token: str,
    *,
    now: datetime,
    public_url: str,
    if_none_match: str | None = None,
    if_modified_since: str | None = None,
    user_agent: str = "",
) -> FeedAnswer:
    """The calendar behind an address, or that it has not changed, which is known before anything is built.

    A revoked address is Gone (410): Thunderbird then stops asking. Raises LinkInvalid for an unknown one.
    """
    found = session.execute(
        select(Feed, Resource, Municipality.timezone)
        .join(Resource, Resource.id == Feed.resource_id)
        .join(Municipality, Municipality.id == Resource.municipality_id)
        .where(Feed.token_hash == token_hash(token))
    ).one_or_none()
    if found is None:
        raise LinkInvalid
    feed, resource, timezone = found
    if feed.revoked_at is not None:
        return FeedAnswer(HTTPStatus.GONE)
    midnight = _midnight(now, timezone)
    etag = feed_etag(
        feed.id, resource.version, midnight.astimezone(ZoneInfo(timezone)).date(), FORMAT_VERSION
    )
    last_modified = max(resource.changed_at, midnight)
    if is_not_modified(if_none_match, if_modified_since, etag, last_modified):
        answer = FeedAnswer(HTTPStatus.NOT_MODIFIED, b"", etag, last_modified)
    else:
        body = write_feed(
            _events(session, resource, midnight, public_url, timezone),
            name=_name(resource),
            timezone=timezone,
        )
        answer = FeedAnswer(HTTPStatus.OK, body, etag, last_modified)
    _note_fetch(session, feed, user_agent, now=now)
    return answer


def _events(
    session: Session, resource: Resource, midnight: datetime, public_url: str, timezone: str
) -> list[CalendarEvent]:
    rows = session.scalars(
        select(Participation)
        .join(Participation.appointment)
        .where(
            Participation.resource_id == resource.id,
            Participation.ends_at > midnight - PAST,
            Participation.starts_at < midnight + AHEAD,
        )
        .options(joinedload(Participation.appointment).selectinload(Appointment.concerns))
        .order_by(Participation.starts_at)
        .limit(MOST_EVENTS)
    )
    events = []
    for participation in rows:
        is_off = _is_off(participation)
        # what is cancelled stays until the end of its day, so that nobody comes in vain, and then goes
        if not (is_off and participation.ends_at <= midnight):
            events.append(
                _event(
                    resource, participation, participation.appointment, public_url, timezone, is_off=is_off
                )
            )
    return events


def _is_off(participation: Participation) -> bool:
    return (
        participation.ended_at is not None
        or participation.appointment.status == AppointmentStatus.CANCELLED
        or participation.partstat == PartStat.DECLINED
    )


def _event(
    resource: Resource,
    participation: Participation,
    appointment: Appointment,
    public_url: str,
    timezone: str,
    *,
    is_off: bool,
) -> CalendarEvent:
    if is_off:
        status = EventStatus.CANCELLED
    elif participation.partstat == PartStat.NEEDS_ACTION:
        status = EventStatus.TENTATIVE
    else:
        status = EventStatus.CONFIRMED
    is_interpreter = resource.kind == ResourceKind.INTERPRETER
    page = (
        f"/interpreter/assignments/{participation.id}"
        if is_interpreter
        else f"/staff/appointments/{appointment.number}"
    )
    return CalendarEvent(
        uid=participation.uid,
        starts_at=participation.starts_at,
        ends_at=participation.ends_at,
        sequence=participation.sequence,
        changed_at=participation.changed_at,
        status=status,
        summary=f"{'Einsatz' if is_interpreter else 'Termin'} {appointment.number}",
        location=participation.place,
        description=_stops(participation, appointment, timezone),
        url=public_url + page,
    )


def _stops(participation: Participation, appointment: Appointment, timezone: str) -> str:
    """Times and places, one a line, of whoever goes along from desk to desk; empty for all others.

    She has one entry for it, as she has one job; what of her part is over keeps the place that it had.
    """
    visits = visit_times(appointment, participation.starts_at, participation.ends_at)
    if participation.ended_at is not None or len(visits) < 2:
        return ""
    zone = ZoneInfo(timezone)
    return "\n".join(
        f"{visit.starts_at.astimezone(zone):%H:%M}–{visit.ends_at.astimezone(zone):%H:%M}: {visit.place}"
        for visit in visits
    )


def _name(resource: Resource) -> str:
    """No person's name: it would stand in every calendar that the feed is shared with."""
    return "Meine Einsätze" if resource.kind == ResourceKind.INTERPRETER else "Meine Termine"


def _midnight(now: datetime, timezone: str) -> datetime:
    """The local midnight before now: the feed's window, and so its bytes, change once a day."""
    local = now.astimezone(ZoneInfo(timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _revoke(session: Session, resource_id: int, *, now: datetime) -> None:
    session.execute(
        update(Feed)
        .where(Feed.resource_id == resource_id, Feed.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def _note_fetch(session: Session, feed: Feed, user_agent: str, *, now: datetime) -> None:
    """Remember who fetched when, to show its owner; not at every poll."""
    if feed.last_fetched_at is not None and now - feed.last_fetched_at < NOTED_EVERY:
        return
    feed_id = feed.id
    begin_write(session)
    session.execute(
        update(Feed)
        .where(Feed.id == feed_id)
        .values(last_fetched_at=now, last_fetched_by=user_agent[:80])
        .execution_options(synchronize_session=False)
    )
    session.commit()
