"""A data set as the benchmarks have it, with little of it booked, so that loading takes no time."""

import json
from pathlib import Path

from benchmarks import generate
from benchmarks.dataset import Municipality, Workload, read_workload

BOOKINGS_EACH = 12
QUERIES_A_CLASS = 4


def municipality(*, seed: int, off_grid_percent: int = 0) -> Municipality:
    data = generate.municipality(0, seed=seed, off_grid_percent=off_grid_percent)
    data["booked"] = {name: flat[: 2 * BOOKINGS_EACH] for name, flat in data["booked"].items()}
    return data


def workload(folder: Path, *, seed: int) -> Workload:
    file = folder / "queries.json"
    file.write_text(json.dumps(generate.queries("small", seed=seed, a_class=QUERIES_A_CLASS)))
    return read_workload(file)
