"""What a municipality offers and who can do it, as one unchanging snapshot kept in the process.

A snapshot is as good as its ``version``: every request compares it with ``municipalities.catalogue_version``, which
each write to services, teams, people or rooms raises in its own transaction. Nobody needs to be told.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.models import Municipality
from scheduler_app.services.catalogue_entries import Catalogue
from scheduler_app.services.read_catalogue import read_catalogue

__all__ = ["Catalogue", "catalogue_by_id", "catalogue_of", "engine_of", "is_current"]

_snapshots: WeakKeyDictionary[Engine, dict[int, Catalogue]] = WeakKeyDictionary()

_VERSION_BY_SLUG = select(Municipality.id, Municipality.catalogue_version).where(
    Municipality.slug == bindparam("slug")
)


def catalogue_of(session: Session, slug: str) -> Catalogue:
    """The current catalogue of the municipality at ``/<slug>/``; raises UnknownThing."""
    # past the ORM: this is asked by every request
    found = session.connection().execute(_VERSION_BY_SLUG, {"slug": slug}).one_or_none()
    if found is None:
        raise UnknownThing("municipality", slug)
    return _current(session, found.id, found.catalogue_version)


def catalogue_by_id(session: Session, municipality_id: int) -> Catalogue:
    """The same for somebody who is signed in or holds a link."""
    version = session.scalars(
        select(Municipality.catalogue_version).where(Municipality.id == municipality_id)
    ).one()
    return _current(session, municipality_id, version)


def is_current(session: Session, catalogue: Catalogue) -> bool:
    """Whether nothing of a catalogue has been changed since it was read."""
    version = select(Municipality.catalogue_version).where(Municipality.id == catalogue.municipality_id)
    return session.scalar(version) == catalogue.version


def _current(session: Session, municipality_id: int, version: int) -> Catalogue:
    of_engine = _snapshots.setdefault(engine_of(session), {})
    kept = of_engine.get(municipality_id)
    if kept is None or kept.version != version:
        # the version was read before the rows: should a write come in between, the next request reads again
        kept = of_engine[municipality_id] = read_catalogue(session, municipality_id, version)
    return kept


def engine_of(session: Session) -> Engine:
    """The engine behind a session: what is cached in the process belongs to one database."""
    return session.get_bind().engine
