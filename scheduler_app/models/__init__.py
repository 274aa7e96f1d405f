"""The tables, one concept a file. Importing this package makes all of them known."""

from .access import (
    Account,
    Audience,
    Feed,
    Invitation,
    InvitationStatus,
    Link,
    LinkPurpose,
    SignIn,
    SignInFailure,
    StaffRole,
)
from .agency import Agency, AgencyKind, PoolServes, Team, TeamMember
from .appointment import (
    Appointment,
    AppointmentConcern,
    AppointmentStatus,
    Participation,
    ParticipationRole,
    PartStat,
)
from .audit import AuditEntry
from .base import Base, UtcDateTime, db
from .claim import Claim
from .hold import Hold, HoldStatus
from .municipality import Closure, IdempotencyKey, Municipality, Place
from .notification import Notification
from .people import (
    LEVELS,
    Case,
    Client,
    Gender,
    Interpreter,
    InterpreterLanguage,
    InterpreterLevel,
    Room,
    StaffMember,
)
from .resource import Absence, OpeningHours, Resource, ResourceKind
from .service import Service, ServiceNeed

__all__ = [
    "LEVELS",
    "Absence",
    "Account",
    "Agency",
    "AgencyKind",
    "Appointment",
    "AppointmentConcern",
    "AppointmentStatus",
    "Audience",
    "AuditEntry",
    "Base",
    "Case",
    "Claim",
    "Client",
    "Closure",
    "Feed",
    "Gender",
    "Hold",
    "HoldStatus",
    "IdempotencyKey",
    "Interpreter",
    "InterpreterLanguage",
    "InterpreterLevel",
    "Invitation",
    "InvitationStatus",
    "Link",
    "LinkPurpose",
    "Municipality",
    "Notification",
    "OpeningHours",
    "PartStat",
    "Participation",
    "ParticipationRole",
    "Place",
    "PoolServes",
    "Resource",
    "ResourceKind",
    "Room",
    "Service",
    "ServiceNeed",
    "SignIn",
    "SignInFailure",
    "StaffMember",
    "StaffRole",
    "Team",
    "TeamMember",
    "UtcDateTime",
    "db",
]
