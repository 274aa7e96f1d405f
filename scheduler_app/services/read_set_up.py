"""How a municipality is set up, for its administrator: offices, teams, people by count, accounts, recent acts."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from scheduler_app.models import Account, Agency, Audience, AuditEntry, Feed, StaffMember, Team, TeamMember
from scheduler_app.services.catalogue import Catalogue

MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class TeamCount:
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class AgencyOverview:
    name: str
    kind: str
    people: int
    teams: tuple[TeamCount, ...]


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """How many interpreters speak a language (ISO 639-3, or its variety), and at which levels."""

    language: str
    people: int
    by_level: dict[str, int]


@dataclass(frozen=True, slots=True)
class AccountEntry:
    id: int
    audience: Audience
    name: str
    email: str
    agency: str
    roles: tuple[str, ...]
    has_password: bool
    is_active: bool


def read_agencies(session: Session, municipality_id: int) -> tuple[AgencyOverview, ...]:
    """Active agencies with their active teams, and how many people each has."""
    people = Counter(
        session.scalars(
            select(StaffMember.agency_id).where(
                StaffMember.municipality_id == municipality_id, StaffMember.is_active
            )
        )
    )
    in_team = Counter(
        session.scalars(
            select(TeamMember.team_id)
            .join(StaffMember, StaffMember.id == TeamMember.staff_member_id)
            .where(TeamMember.municipality_id == municipality_id, StaffMember.is_active)
        )
    )
    teams: dict[int, list[TeamCount]] = {}
    active_teams = select(Team).where(Team.municipality_id == municipality_id, Team.is_active)
    for team in session.scalars(active_teams.order_by(Team.id)):
        teams.setdefault(team.agency_id, []).append(TeamCount(team.name, in_team[team.id]))
    agencies = session.scalars(
        select(Agency).where(Agency.municipality_id == municipality_id, Agency.is_active).order_by(Agency.id)
    )
    return tuple(AgencyOverview(a.name, a.kind, people[a.id], tuple(teams.get(a.id, ()))) for a in agencies)


def count_languages(catalogue: Catalogue) -> tuple[LanguageCount, ...]:
    """Languages of the interpreters whom this municipality can ask, most spoken first."""
    spoken = [
        (language.variety or language.language, language.level)
        for interpreter in catalogue.interpreters.values()
        for language in interpreter.languages
    ]
    people = Counter(code for code, _ in spoken)
    return tuple(
        LanguageCount(code, count, dict(Counter(level for c, level in spoken if c == code)))
        for code, count in sorted(people.items(), key=lambda item: (-item[1], item[0]))
    )


def count_feeds(session: Session, municipality_id: int) -> int:
    """Calendar subscriptions that work."""
    query = select(func.count()).select_from(Feed)
    return (
        session.scalar(query.where(Feed.municipality_id == municipality_id, Feed.revoked_at.is_(None))) or 0
    )


def read_accounts(session: Session, municipality_id: int) -> tuple[AccountEntry, ...]:
    """Everybody who can sign in here, by agency and name."""
    rows = session.scalars(
        select(Account)
        .where(Account.municipality_id == municipality_id)
        .options(joinedload(Account.staff_member), joinedload(Account.interpreter))
    )
    names = {row.id: row.name for row in session.execute(select(Agency.id, Agency.name))}
    entries = [_account(account, names) for account in rows]
    return tuple(sorted(entries, key=lambda entry: (entry.agency, entry.name, entry.id)))


def read_audit(session: Session, municipality_id: int) -> tuple[AuditEntry, ...]:
    """The latest acts, newest first."""
    return tuple(
        session.scalars(
            select(AuditEntry)
            .where(AuditEntry.municipality_id == municipality_id)
            .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
            .limit(MOST_ENTRIES)
        )
    )


def _account(account: Account, agencies: dict[int, str]) -> AccountEntry:
    person = account.staff_member or account.interpreter
    return AccountEntry(
        id=account.id,
        audience=Audience(account.audience),
        name=person.name if person else "",
        email=account.email,
        agency=agencies.get(person.agency_id, "") if person else "",
        roles=tuple(account.roles),
        has_password=bool(account.password_hash),
        is_active=account.is_active,
    )
