"""The benchmarks' data: the same on every machine, and of the shape that docs/benchmarks.md promises."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks import generate
from benchmarks.splitmix64 import SplitMix64


def test_the_generator_draws_the_published_sequence() -> None:
    """The first outputs of SplitMix64 seeded with 1234567, as in the test vectors of its reference implementation."""
    draw = SplitMix64()
    draw._state = 1234567
    assert [draw.draw() for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        generate.write("small", tmp_path / name, seed=seed)
    for file in ("muni-000.json", "queries.json"):
        texts = [(tmp_path / name / file).read_text() for name in ("one", "same", "other")]
        assert texts[0] == texts[1] != texts[2]


def test_every_municipality_is_another_and_does_not_depend_on_the_size(tmp_path: Path) -> None:
    generate.write("small", tmp_path, seed=5)
    assert json.loads((tmp_path / "muni-000.json").read_text()) == generate.municipality(0, seed=5)
    assert generate.municipality(3, seed=5)["booked"] != generate.municipality(4, seed=5)["booked"]


@pytest.mark.parametrize("off_grid_percent", [0, 30])
def test_bookings_lie_in_working_time_and_do_not_overlap(off_grid_percent: int) -> None:
    data = generate.municipality(2, seed=9, off_grid_percent=off_grid_percent)
    booked = open_ = 0
    for resource in (*data["staff"], *data["interpreters"], *data["rooms"]):
        shifts = [
            (opens - generate.WINDOW[0], closes - generate.WINDOW[0])
            for opens, closes, _ in generate.shifts(resource["week"], data["holidays"])
        ]
        flat = data["booked"][resource["id"]]
        spans = [(start, start + length) for start, length in zip(flat[::2], flat[1::2], strict=True)]
        assert all(ends <= begins for (_, ends), (begins, _) in pairwise(spans))
        assert all(any(a <= begins and ends <= b for a, b in shifts) for begins, ends in spans)
        booked += sum(ends - begins for begins, ends in spans)
        open_ += sum(b - a for a, b in shifts)
    assert 0.65 < booked / open_ < 0.75


def test_there_are_a_hundred_queries_of_each_class() -> None:
    kinds = [query["class"] for query in generate.queries("region", seed=1)["queries"]]
    assert {kind: kinds.count(kind) for kind in kinds} == dict.fromkeys(("Q1", "Q2", "Q3", "Q4", "Q5"), 100)
