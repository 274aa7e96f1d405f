"""How many appointments a room takes at once, which cannot become fewer than there are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import Claim, Resource

from . import contents
from .import_run import ImportRun
from .problems import FileProblem, MunicipalityFileRefused


def put_capacity(run: ImportRun, room: contents.Room, resource_id: int) -> bool:
    """The room's resource, locked by the import, gets this capacity; True if it had another one.

    Its claims follow by their foreign key.

    Raises MunicipalityFileRefused where more is claimed of it at one time.
    """
    resource = run.session.get_one(Resource, resource_id)
    if resource.capacity == room.parallel:
        return False
    if room.parallel < resource.capacity:
        _refuse_fewer(run, room, resource_id)
    resource.capacity, resource.is_exclusive = room.parallel, room.parallel == 1
    run.touched.add(resource_id)
    run.session.flush()
    return True


def _refuse_fewer(run: ImportRun, room: contents.Room, resource_id: int) -> None:
    run.session.execute(delete(Claim).where(Claim.resource_id == resource_id, Claim.expires_at <= run.now))
    claims = run.session.execute(
        select(Claim.starts_minute, Claim.ends_minute).where(Claim.resource_id == resource_id)
    ).all()
    today = epoch_minute(run.now)
    ahead = _most_at_once((row.starts_minute, row.ends_minute) for row in claims if row.ends_minute > today)
    if ahead > room.parallel:
        raise _refused(
            room, f"still has {ahead} appointments ahead at one time; move or cancel some, then import again"
        )
    # the guard of exclusive claims knows no past
    if room.parallel == 1 and _most_at_once((row.starts_minute, row.ends_minute) for row in claims) > 1:
        raise _refused(room, "has had several appointments at one time; give the room a new key")


def _refused(room: contents.Room, message: str) -> MunicipalityFileRefused:
    what = f"room '{room.key}' is to take {room.parallel} at once, but "
    return MunicipalityFileRefused([FileProblem(room.line, what + message)])


def _most_at_once(spans: Iterable[tuple[int, int]]) -> int:
    """How many spans (first minute, minute after the last) there are at once at most."""
    changes = sorted(change for starts, ends in spans for change in ((starts, 1), (ends, -1)))
    at_once = most = 0
    for _, change in changes:  # an end sorts before a start at the same minute
        at_once += change
        most = max(most, at_once)
    return most
