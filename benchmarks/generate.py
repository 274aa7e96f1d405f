"""A made-up land for the benchmarks: ``python -m benchmarks.generate SIZE FOLDER [--seed N] [--off-grid PERCENT]``.

Writes a ``muni-NNN.json`` for each municipality and ``queries.json``: 100 searches of each class Q1 to Q5, each within
one municipality (docs/benchmarks.md describes both). The same seed gives the same files on every machine.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.splitmix64 import SplitMix64

SIZES = {"small": 1, "region": 12, "land": 83}
SEED = 1
FIRST_DAY, WEEKS = date(2027, 3, 1), 8  # a Monday; summer time begins in between, and Easter lies there
ZONE = ZoneInfo("Europe/Berlin")
GRID = 15
QUERIES_A_CLASS = 100

TEAMS, TEAM_SIZE, INTERPRETERS, ROOMS = 40, 5, 60, 30
STATES = ("NW", "BY", "BE", "SN", "MV", "HH", "RP", "SH")
EASTER = ("2027-03-26", "2027-03-29")
WOMENS_DAY = "2027-03-08"  # a public holiday in Berlin and Mecklenburg-Vorpommern
AGENCIES = (
    "Ausländerbehörde", "Jobcenter", "Bürgeramt", "Sozialamt", "Jugendamt", "Schulamt", "Gesundheitsamt",
    "Wohngeldstelle", "Standesamt", "Agentur für Arbeit", "Integration Point", "Wohlfahrtsverband",
)  # fmt: skip
LANGUAGES = ("ar", "bg", "en", "fa", "fr", "hi", "it", "ku", "pl", "ro", "ru", "so", "ti", "tr", "uk")
ROOM_SEATS = (2, 3, 4, 6, 6, 8, 10, 12, 20)

FULL_DAYS = (
    ("07:30-12:00", "12:30-16:00"),
    ("08:00-12:30", "13:00-16:30"),
    ("09:30-13:00", "13:45-18:00"),
)
HALF_DAYS = (("08:00-12:30",), ("12:30-17:00",), ("07:00-13:00",))
LONG_DAY, SHORT_FRIDAY = ("08:00-12:00", "14:00-18:30"), ("07:30-13:00",)
ROOM_DAYS = (("07:00-19:00",), ("08:00-18:00",), ("07:30-12:15", "13:00-20:00"))
ROOM_FRIDAY = ("07:00-15:00",)

Week = list[list[str]]
"""For Monday to Friday, when somebody works: wall-clock times."""


def minute_at(day: date, wall: str = "00:00") -> int:
    """Minutes since the Unix epoch of a wall-clock time."""
    hour, minute = wall.split(":")
    return int(datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=ZONE).timestamp()) // 60


WINDOW = (minute_at(FIRST_DAY), minute_at(FIRST_DAY + timedelta(weeks=WEEKS)))


def municipality(number: int, *, seed: int = SEED, off_grid_percent: int = 0) -> dict[str, Any]:
    """One municipality: 200 staff in 40 teams, 60 interpreters, 30 rooms, and what is booked of their time.

    ``off_grid_percent`` of the bookings that have a free quarter of an hour behind them begin 5 or 10 minutes late.
    """
    draw = SplitMix64(seed, number, off_grid_percent)
    state = STATES[number % len(STATES)]
    holidays = sorted([*EASTER, WOMENS_DAY] if state in {"BE", "MV"} else EASTER)
    staff: list[dict[str, Any]] = [
        {"id": f"s{i:03d}", "team": i // TEAM_SIZE, "week": _office(draw)} for i in range(TEAMS * TEAM_SIZE)
    ]
    interpreters: list[dict[str, Any]] = [
        {"id": f"i{i:02d}", "languages": _languages(draw, i), "week": _freelance(draw)}
        for i in range(INTERPRETERS)
    ]
    rooms: list[dict[str, Any]] = [
        {"id": f"r{i:02d}", "capacity": draw.choice(ROOM_SEATS), "week": _room(draw)} for i in range(ROOMS)
    ]
    return {
        "id": number,
        "name": f"Musterkreis {number:03d}",
        "state": state,
        "tz": ZONE.key,
        "holidays": holidays,
        "agencies": [{"id": i, "name": name} for i, name in enumerate(AGENCIES)],
        "teams": [
            {"id": t, "agency": t % len(AGENCIES), "members": [x["id"] for x in staff if x["team"] == t]}
            for t in range(TEAMS)
        ],
        "staff": staff,
        "interpreters": interpreters,
        "rooms": rooms,
        "booked": {
            x["id"]: _booked(draw, x["week"], holidays, off_grid_percent)
            for x in (*staff, *interpreters, *rooms)
        },
    }


def _office(draw: SplitMix64) -> Week:
    """Three of four work full days; some have a long day, go early on Fridays, or work part time."""
    usual = draw.choice(FULL_DAYS if draw.chance(75) else HALF_DAYS)
    week = [list(usual) for _ in range(5)]
    if len(usual) == 2 and draw.chance(60):
        week[draw.choice((1, 3))] = list(LONG_DAY)
    if draw.chance(50):
        week[4] = list(SHORT_FRIDAY)
    if draw.chance(25):
        for _ in range(1 + draw.below(2)):
            week[draw.below(5)] = []
    return week


def _freelance(draw: SplitMix64) -> Week:
    week = [list(draw.choice(FULL_DAYS if draw.chance(55) else HALF_DAYS)) for _ in range(5)]
    for _ in range(draw.below(3)):
        week[draw.below(5)] = []
    return week


def _room(draw: SplitMix64) -> Week:
    usual = draw.choice(ROOM_DAYS)
    return [*(list(usual) for _ in range(4)), list(ROOM_FRIDAY)]


def _languages(draw: SplitMix64, number: int) -> list[str]:
    """Each language has at least four interpreters; half of them speak one or two more."""
    first = LANGUAGES[number % len(LANGUAGES)]
    further = [draw.choice(LANGUAGES) for _ in range(draw.choice((0, 0, 0, 1, 1, 2)))]
    return list(dict.fromkeys([first, *further]))


def shifts(week: Week, holidays: list[str]) -> Iterator[tuple[int, int, int]]:
    """Each working time in the window: from, until (epoch minutes), and in which week."""
    for number in range(WEEKS * 7):
        day = FIRST_DAY + timedelta(days=number)
        if day.weekday() < 5 and day.isoformat() not in holidays:
            for span in week[day.weekday()]:
                opens, closes = span.split("-")
                yield minute_at(day, opens), minute_at(day, closes), number // 7


def _booked(draw: SplitMix64, week: Week, holidays: list[str], off_grid_percent: int) -> list[int]:
    """Start, length, start, length ... in minutes after the window's start: some 94 % at first, 46 % at the end."""
    flat: list[int] = []
    for opens, closes, number in shifts(week, holidays):
        share = 0.94 - 0.48 * number / (WEEKS - 1) + (draw.fraction() - 0.5) * 0.3
        pieces = _pieces(draw, (closes - opens) // GRID, min(max(share, 0.2), 1.0))
        at = opens - WINDOW[0]
        for piece, following in zip(pieces, [*pieces[1:], 0], strict=True):
            if piece > 0:
                is_late = off_grid_percent and following < 0 and draw.chance(off_grid_percent)
                flat += [at + (5 * (1 + draw.below(2)) if is_late else 0), piece * GRID]
            at += abs(piece) * GRID
    return flat


def _pieces(draw: SplitMix64, quarters: int, share: float) -> list[int]:
    """A shift cut up: appointments of 2 to 4 quarters of an hour, and (negative) free pieces of 1 to 4, shuffled."""
    wanted, used = share * quarters, 0
    pieces: list[int] = []
    while used < wanted:
        length = 2 + draw.below(3)
        overshoots = used + length > wanted and draw.fraction() > (wanted - used) / length
        if overshoots or used + length > quarters:
            break
        pieces.append(length)
        used += length
    while used < quarters:
        length = min(1 + draw.below(4), quarters - used)
        pieces.append(-length)
        used += length
    draw.shuffle(pieces)
    return pieces


def queries(size: str, *, seed: int = SEED, a_class: int = QUERIES_A_CLASS) -> dict[str, Any]:
    """The searches for a size; Q2, Q4 and Q5 want the first 20."""
    municipalities, found = SIZES[size], []
    for kind in range(1, 6):
        draw = SplitMix64(seed, 1000 + municipalities, kind)
        for number in range(a_class):
            query = {
                "id": f"Q{kind}-{number:03d}",
                "class": f"Q{kind}",
                "municipality": draw.below(municipalities),
            }
            found.append(query | _wanted(draw, kind, number))
    return {
        "size": size,
        "municipalities": municipalities,
        "window": list(WINDOW),
        "grid": GRID,
        "queries": found,
    }


def _wanted(draw: SplitMix64, kind: int, number: int) -> dict[str, Any]:
    teams = list(range(TEAMS))
    draw.shuffle(teams)
    if kind == 1:
        return {"team": teams[0], "minutes": 30}
    if kind == 4:
        persons = [f"s{team * TEAM_SIZE + draw.below(TEAM_SIZE):03d}" for team in teams[:4]]
        return {"persons": persons, "minutes": 30 if number % 2 else 60, "first": 20}
    table = {"teams": teams[:3], "language": draw.choice(LANGUAGES)}
    if kind == 5:
        return {**table, "minutes": 30, "gap": [15, 60], "first": 20}
    return {**table, "capacity": 6, "minutes": 60} | ({"first": 20} if kind == 2 else {})


def write(size: str, folder: Path, *, seed: int = SEED, off_grid_percent: int = 0) -> None:
    """Write the files of a size into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(SIZES[size]):
        data = municipality(number, seed=seed, off_grid_percent=off_grid_percent)
        (folder / f"muni-{number:03d}.json").write_text(json.dumps(data, separators=(",", ":")))
    (folder / "queries.json").write_text(json.dumps(queries(size, seed=seed)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--off-grid", type=int, default=0, metavar="PERCENT", choices=range(101))
    options = parser.parse_args()
    write(options.size, options.folder, seed=options.seed, off_grid_percent=options.off_grid)


if __name__ == "__main__":
    main()
