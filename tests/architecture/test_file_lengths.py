"""A file is about one thing and can be read in one go."""

from pathlib import Path
from statistics import median

from tests.support.project import PACKAGES, ROOT, python_files

LONGEST = 350
TYPICAL = 120


def is_written_by_hand(path: Path) -> bool:
    """Alembic writes the migrations."""
    return path.parent.name != "versions"


def test_no_file_is_long_and_most_are_short() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in python_files(*PACKAGES, "tests")
        if is_written_by_hand(path)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
    assert median(lengths.values()) < TYPICAL
