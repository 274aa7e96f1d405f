"""From a diary to the columns of its grid and the rows of its table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import url_for

from scheduler_app.services.read_diary import AbsenceEntry, Diary, DiaryEntry, InterpreterState
from scheduler_app.web.local_dates import current_zone, day_text

FIRST_HOUR, LAST_HOUR = 7, 18
DAY_MINUTES = 24 * 60
INTERPRETER_TEXTS = {
    InterpreterState.NOT_NEEDED: "nicht nötig",
    InterpreterState.MISSING: "offen",
    InterpreterState.ASKED: "angefragt",
    InterpreterState.ACCEPTED: "zugesagt",
}


@dataclass(frozen=True, slots=True)
class GridEntry:
    """What ``macros/diary.html`` draws; minutes of the local day."""

    start_minute: int
    end_minute: int
    title: str
    facts: tuple[str, ...]
    address: str
    kind: str


Column = tuple[str, list[GridEntry]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One appointment of an agency; ``people`` are those of the agency who take part."""

    entry: DiaryEntry
    people: str


def day_bounds(day: date, days: int, timezone: str) -> tuple[datetime, datetime]:
    """From the local midnight at which ``day`` begins until that after ``days`` days, in UTC."""
    zone = ZoneInfo(timezone)
    start, end = (datetime.combine(d, time(), zone) for d in (day, day + timedelta(days=days)))
    return start.astimezone(UTC), end.astimezone(UTC)


def columns_by_day(diary: Diary, days: Sequence[date]) -> list[Column]:
    """One column a day. Weekends are left out where nothing stands in them, unless they are all there is."""
    columns: list[Column] = []
    for day in days:
        entries = _entries(diary.entries, diary.absences, day)
        if entries or day.weekday() < 5 or len(days) == 1:
            columns.append((day_text(day), entries))
    return columns


def rows_by_day(diary: Diary, names: Mapping[int, str]) -> list[tuple[date, list[TableRow]]]:
    """The appointments of an agency day by day, each once; people without a name in ``names`` are not told."""
    people: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    first: dict[tuple[str, datetime], DiaryEntry] = {}
    for entry in diary.entries:
        key = (entry.number, entry.starts_at)
        first.setdefault(key, entry)
        if entry.resource_id in names:
            people[key].append(names[entry.resource_id])
    days: dict[date, list[TableRow]] = defaultdict(list)
    for key, entry in first.items():
        day = entry.starts_at.astimezone(current_zone()).date()
        days[day].append(TableRow(entry, ", ".join(people[key])))
    return list(days.items())


def hours_shown(columns: Iterable[Column]) -> tuple[int, int]:
    """The first hour and the one after the last: the usual ones, and earlier or later where something stands."""
    appointments = [entry for _, entries in columns for entry in entries if entry.kind == "appointment"]
    first = min([FIRST_HOUR, *(entry.start_minute // 60 for entry in appointments)])
    last = max([LAST_HOUR, *(-(-entry.end_minute // 60) for entry in appointments)])
    return first, last


def _entries(entries: Iterable[DiaryEntry], absences: Iterable[AbsenceEntry], day: date) -> list[GridEntry]:
    drawn = [_appointment(entry, day) for entry in entries if _is_on(entry, day)]
    drawn += [
        GridEntry(*_minutes(absence.starts_at, absence.ends_at, day), "Abwesend", (), "", "closed")
        for absence in absences
        if _is_on(absence, day)
    ]
    return sorted(drawn, key=lambda entry: entry.start_minute)


def _appointment(entry: DiaryEntry, day: date) -> GridEntry:
    facts = (entry.number, f"Sprachmittlung {INTERPRETER_TEXTS[entry.interpreter]}", entry.place)
    return GridEntry(
        *_minutes(entry.starts_at, entry.ends_at, day),
        title=", ".join(entry.concerns) or "Gemeinsamer Termin",
        facts=facts,
        address=url_for("staff.appointment", number=entry.number),
        kind="hold" if entry.interpreter == InterpreterState.MISSING else "appointment",
    )


def _is_on(entry: DiaryEntry | AbsenceEntry, day: date) -> bool:
    start, end = _minutes(entry.starts_at, entry.ends_at, day)
    return start < DAY_MINUTES and end > 0


def _minutes(starts_at: datetime, ends_at: datetime, day: date) -> tuple[int, int]:
    """Wall-clock minutes of the local day, cut at its ends."""
    start, end = (_wall_minute(moment, day) for moment in (starts_at, ends_at))
    return max(start, 0), min(end, DAY_MINUTES)


def _wall_minute(moment: datetime, day: date) -> int:
    local = moment.astimezone(current_zone())
    return (local.date() - day).days * DAY_MINUTES + local.hour * 60 + local.minute
