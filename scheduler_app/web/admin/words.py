"""What the codes in the tables are called on the pages."""

from scheduler_app.models import AgencyKind, InterpreterLevel, StaffRole
from scheduler_app.services import plan_notifications as kinds
from scheduler_app.services.write_message import OF_CHAIN

ROLES = {
    StaffRole.CASE_MANAGER: "Fallmanagement",
    StaffRole.CLERK: "Sachbearbeitung",
    StaffRole.TEAM_LEAD: "Teamleitung",
    StaffRole.POOL_COORDINATOR: "Pool-Koordination",
    StaffRole.MUNICIPAL_ADMIN: "Verwaltung der Kommune",
}
AGENCY_KINDS = {
    AgencyKind.CASE_MANAGEMENT: "Fallmanagement",
    AgencyKind.IMMIGRATION: "Ausländerbehörde",
    AgencyKind.REGISTRY: "Bürger- und Standesamt",
    AgencyKind.SOCIAL: "Soziales",
    AgencyKind.JOBCENTER: "Jobcenter",
    AgencyKind.EMPLOYMENT: "Arbeit",
    AgencyKind.EDUCATION: "Bildung",
    AgencyKind.YOUTH: "Jugend",
    AgencyKind.HEALTH: "Gesundheit",
    AgencyKind.HOUSING: "Wohnen",
    AgencyKind.WELFARE: "Wohlfahrtsverband",
    AgencyKind.VOLUNTEERS: "Ehrenamt",
    AgencyKind.INTERPRETER_POOL: "Sprachmittlerpool",
}
LEVELS = {
    InterpreterLevel.LAY: "Laien",
    InterpreterLevel.CERTIFIED: "zertifiziert",
    InterpreterLevel.SWORN: "vereidigt",
}
MESSAGE_KINDS = {
    kinds.CONFIRMATION: "Bestätigung an Klient*in",
    kinds.REMINDER: "Erinnerung an Klient*in",
    kinds.CHANGE: "Änderung an Klient*in",
    kinds.CANCEL: "Absage an Klient*in",
    kinds.INVITATION: "Einladung zur Terminwahl",
    kinds.INTERPRETER_ASSIGNED: "Anfrage an Sprachmittler*in",
    kinds.INTERPRETER_CHANGED: "Änderung an Sprachmittler*in",
    kinds.INTERPRETER_RELEASED: "Freigabe an Sprachmittler*in",
}
MESSAGE_KINDS |= {
    of_chain: f"{MESSAGE_KINDS[kind]}, Termine nacheinander" for kind, of_chain in OF_CHAIN.items()
}
ACTIONS = {
    "accepted": "zugesagt",
    "booked": "gebucht",
    "cancelled": "abgesagt",
    "declined": "abgelehnt",
    "imported": "eingelesen",
    "invited": "eingeladen",
    "moved": "verlegt",
    "opened": "angelegt",
    "password_reset": "neues Passwort gesetzt",
}
SUBJECTS = {
    "account": "Konto",
    "appointment": "Termin",
    "case": "Fall",
    "invitation": "Einladung",
    "municipality": "Kommune",
    "participation": "Beteiligung",
}
ACTORS = {
    "api": "Schnittstelle",
    "client": "Klient*in",
    "interpreter": "Sprachmittler*in",
    "staff": "Mitarbeiter*in",
    "system": "System",
}
