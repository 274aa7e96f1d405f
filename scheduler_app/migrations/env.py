"""Alembic's way in: one connection given by the caller, or one made from the URL in the configuration."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from scheduler_app.models import Base, UtcDateTime


def render_item(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations stand alone: our column type is written as what it is in the database."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def include_object(_thing: Any, name: str | None, _kind: str, reflected: bool, _other: Any) -> bool:
    """The guard (0002) is written by hand for each database, so its index is no difference to the models."""
    return not (reflected and name == "claims_do_not_overlap")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render_item,
    include_object=include_object,
    render_as_batch=False,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
