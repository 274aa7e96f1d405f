"""The example of the documentation of municipality files, and what an import of it has written."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.models import Claim, Interpreter, Resource, Room, StaffMember

ROOT = Path(__file__).parents[2]


def example() -> str:
    """The example of the documentation, so that it can not go out of date."""
    page = (ROOT / "docs" / "municipality-file.md").read_text(encoding="utf-8")
    return page.split("```yaml\n")[1].split("```")[0]


def changed(old: str, new: str) -> str:
    assert example().count(old) == 1
    return example().replace(old, new)


def versions(session: Session) -> dict[str, int]:
    """Resource versions by the key of the person or room."""
    found: dict[str, int] = {}
    for model in (StaffMember, Interpreter, Room):
        rows = session.execute(
            select(model.key, Resource.version).join(Resource, Resource.id == model.resource_id)
        )
        found.update({row.key: row.version for row in rows})
    return found


def claim_for(session: Session, key: str, starts_at: datetime, expires_at: datetime | None = None) -> None:
    """Half an hour of a staff member or a room."""
    owner = (
        session.scalars(select(StaffMember).where(StaffMember.key == key)).one_or_none()
        or session.scalars(select(Room).where(Room.key == key)).one()
    )
    start = epoch_minute(starts_at)
    session.add(
        Claim(
            municipality_id=owner.municipality_id,
            resource_id=owner.resource_id,
            is_exclusive=session.get_one(Resource, owner.resource_id).is_exclusive,
            starts_minute=start,
            ends_minute=start + 30,
            expires_at=expires_at,
        )
    )
    session.commit()
