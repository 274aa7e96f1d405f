"""Inventing a working week: joint appointments first, then visits at the desks, then what else people have to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from scheduler_app.demo.diary import Diary
from scheduler_app.demo.names import SPEAKERS, Speakers
from scheduler_app.domain.free_time import between, listed
from scheduler_app.domain.joint_search import joint_starts
from scheduler_app.domain.opening_hours import epoch_minute
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.plan_appointment import Plan, plan_appointment
from scheduler_app.services.slot_request import SlotRequest

TABLES = (
    ("kita-beratung", "kurs-beratung", "wohnungssuche"),
    ("leistung-gefluechtete", "jobcenter-erstgespraech"),
    ("wohnsitz-anmelden", "kita-beratung"),
    ("arbeit-orientierung", "abschluss-anerkennen"),
    ("wohnsitz-anmelden", "leistung-gefluechtete", "schule-seiteneinstieg"),
    ("titel-verlaengern", "arbeit-orientierung"),
    ("bildung-teilhabe", "schule-seiteneinstieg"),
    ("wohnberechtigungsschein", "jobcenter-erstgespraech"),
)
TABLES_A_DAY = 7
NOW_TAKEN, TAKEN_LESS_A_DAY = 0.88, 0.008
QUIET = 0.12
"""On one day a week, Tuesday or Thursday, when all are open, desks fill the first hour only: the rest is for tables."""

STEP = 3  # cells: visits begin on the quarter of an hour


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment to be written down; ``with_case`` if a case manager sits at the table."""

    plan: Plan
    cell: int
    assignment: dict[str, int]
    speakers: Speakers
    case_manager: int | None = None


@dataclass
class Invented:
    """``away`` are other obligations: (resource id, first cell, cells)."""

    visits: list[Visit] = field(default_factory=list)
    away: list[tuple[int, int, int]] = field(default_factory=list)


class Inventor:
    """Fills a diary. The same seed and time give the same visits."""

    def __init__(self, catalogue: Catalogue, diary: Diary, random: Random, *, now: datetime) -> None:
        self.catalogue, self.diary, self.random = catalogue, diary, random
        self.today = now.astimezone(ZoneInfo(catalogue.timezone)).date()
        self.invented = Invented()
        self.plan = cache(self._plan)

    def fill(self, case_managers: list[int]) -> Invented:
        self._tables(case_managers)
        for resource_id in self.catalogue.staff:
            for low, high, wanted in self._days():
                self._desk(resource_id, low, high, wanted)
        for resource_id in sorted(self.catalogue.resource_ids):
            for low, high, wanted in self._days():
                self._other_work(resource_id, low, high, wanted)
        return self.invented

    def _days(self) -> Iterator[tuple[int, int, float]]:
        """Each day's first and last cell, and which part of it is to be taken: less, the farther it lies ahead."""
        window, zone = self.diary.window, ZoneInfo(self.catalogue.timezone)
        day = datetime.fromtimestamp(window.start_minute * 60, zone).date()
        low = 0
        while low < window.cells:
            day += timedelta(days=1)
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            high = min(window.cell_of(epoch_minute(midnight)), window.cells)
            yield low, high, self._wanted(day - timedelta(days=1))
            low = high

    def _wanted(self, day: date) -> float:
        ahead = max((day - self.today).days, 0)
        quiet_weekday = 1 if day.isocalendar().week % 2 else 3
        if day.weekday() == quiet_weekday and ahead > 2:
            return QUIET
        return max(0.3, NOW_TAKEN - TAKEN_LESS_A_DAY * ahead)

    def _plan(self, services: tuple[str, ...], speakers: Speakers, people: tuple[int, ...]) -> Plan:
        return plan_appointment(
            self.catalogue, SlotRequest(services, speakers.language, speakers.variety, people)
        )

    def _speakers(self) -> Speakers:
        return self.random.choices(SPEAKERS, [speakers.share for speakers in SPEAKERS])[0]

    def _tables(self, case_managers: list[int]) -> None:
        """Several agencies at one table; at every third a case manager sits, too."""
        for low, high, wanted in self._days():
            for number in range(int(TABLES_A_DAY * wanted) if wanted != QUIET else 0):
                manager = self.random.choice(case_managers) if number % 3 == 0 else None
                self._table(low, high, manager)

    def _table(self, low: int, high: int, manager: int | None) -> None:
        window, speakers = self.diary.window, self._speakers()
        services = self.random.choice(TABLES)
        plan = self.plan(services, speakers, () if manager is None else (manager,))
        allowed = between(window, window.minute_of(low), window.minute_of(high))
        found = listed(joint_starts(plan.roles, self.diary.starts_of, allowed))
        cells = [cell for cell in found if cell % STEP == 0]
        if cells:
            self._book(plan, self.random.choice(cells), speakers, manager)

    def _book(self, plan: Plan, cell: int, speakers: Speakers, manager: int | None = None) -> bool:
        assignment = self.diary.assignment(plan.roles, cell)
        if assignment is None:
            return False
        for role in plan.roles:
            if role.key in assignment:
                person = assignment[role.key]
                for span in self.diary.need_of(person, role.need).taken:
                    self.diary.take(person, cell + span.offset, span.cells)
        self.invented.visits.append(Visit(plan, cell, assignment, speakers, manager))
        return True

    def _desk(self, resource_id: int, low: int, high: int, wanted: float) -> None:
        """Visit after visit at one desk, until the day is as full as wanted."""
        services = self._services_of(resource_id)
        for cell in range(low, high, STEP):
            so_far = high if wanted == QUIET else cell + 2 * STEP
            taken, is_open = self.diary.load(resource_id, low, so_far)
            if not services or not is_open or taken > wanted * is_open:
                continue
            if self.diary.is_free(resource_id, cell, 2) and self.random.random() < 0.9:
                self._visit(resource_id, cell, services)

    def _visit(self, resource_id: int, cell: int, services: list[str]) -> None:
        """With an interpreter where one is wanted and free; else the client gets along in German."""
        speakers = self._speakers()
        service = (self.random.choice(services),)
        if self.random.random() < 0.6 and self._book(
            self.plan(service, speakers, (resource_id,)), cell, speakers
        ):
            return
        self._book(self.plan(service, SPEAKERS[0], (resource_id,)), cell, speakers)

    def _services_of(self, resource_id: int) -> list[str]:
        """What one person alone can give."""
        return [
            service.key
            for service in self.catalogue.services.values()
            if len(service.needs) == 1 and resource_id in service.needs[0].candidates
        ]

    def _other_work(self, resource_id: int, low: int, high: int, wanted: float) -> None:
        """Meetings, own jobs of interpreters, other uses of rooms: an hour to three, until the day is full enough."""
        is_open = self.diary.load(resource_id, low, high)[1]
        for _ in range(6):
            taken = self.diary.load(resource_id, low, high)[0]
            missing = int(wanted * is_open) - taken
            cells = min(12 * self.random.randint(1, 3), missing // 2 * 2)
            if cells < 6:
                return
            window = self.diary.window
            today = between(window, window.minute_of(low), window.minute_of(high))
            free = [c for c in listed(self.diary.fits(resource_id, cells) & today) if c % (2 * STEP) == 0]
            if not free:
                return
            cell = self.random.choice(free)
            self.diary.take(resource_id, cell, cells)
            self.invented.away.append((resource_id, cell, cells))
