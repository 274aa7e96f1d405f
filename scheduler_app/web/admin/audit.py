"""The audit trail: who did what when."""

from flask import render_template
from flask.typing import ResponseReturnValue

from scheduler_app.models import StaffRole, db
from scheduler_app.services.read_set_up import MOST_ENTRIES, read_audit
from scheduler_app.web.access import current_account, staff
from scheduler_app.web.admin import blueprint, words


@blueprint.get("/audit")
@staff(StaffRole.MUNICIPAL_ADMIN)
def audit() -> ResponseReturnValue:
    """The latest entries of her own municipality; numbers only, no names."""
    entries = read_audit(db.session(), current_account().municipality_id)
    return render_template(
        "admin/audit.html", entries=entries, most=MOST_ENTRIES, actor_words=actor_words, words=words
    )


def actor_words(actor: str) -> str:
    """``interpreter:7`` as people read it: "Sprachmittler*in 7"."""
    kind, _, number = actor.partition(":")
    return f"{words.ACTORS.get(kind, kind)} {number}".strip()
