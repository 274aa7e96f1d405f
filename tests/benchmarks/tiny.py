"""A data set as the benchmarks have it, in which all but the first two weeks are holidays: quick to load and search."""

import json
from datetime import timedelta
from pathlib import Path

from benchmarks import generate
from benchmarks.dataset import Municipality, Workload, read_workload

DAYS = 12
QUERIES_A_CLASS = 4


def municipality(*, seed: int, off_grid_percent: int = 0) -> Municipality:
    data = generate.municipality(0, seed=seed, off_grid_percent=off_grid_percent)
    data["holidays"] = [
        (generate.FIRST_DAY + timedelta(days=day)).isoformat() for day in range(DAYS, generate.WEEKS * 7)
    ]
    for name, flat in data["booked"].items():
        until = next((at for at in range(0, len(flat), 2) if flat[at] >= DAYS * 24 * 60), len(flat))
        data["booked"][name] = flat[:until]
    return data


def workload(folder: Path, *, seed: int) -> Workload:
    file = folder / "queries.json"
    file.write_text(json.dumps(generate.queries("small", seed=seed, a_class=QUERIES_A_CLASS)))
    return read_workload(file)
