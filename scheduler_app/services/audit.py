"""The audit trail, written in the transaction it tells of."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler_app.models import AuditEntry


def record(
    session: Session,
    municipality_id: int,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    subject_id: int,
    **detail: str,
) -> None:
    """Add one entry. ``detail`` holds numbers and states, never names or contact data."""
    session.add(
        AuditEntry(
            municipality_id=municipality_id,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            subject_id=subject_id,
            detail=detail,
        )
    )
