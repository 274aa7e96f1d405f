"""Slots as JSON texts: a search may find a thousand, and most were written before."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

KEPT = 2**16


def write_slots(starts: Iterable[int], minutes: int, timezone: str) -> str:
    """A JSON array of slots that begin at these minutes since the epoch and take so many minutes."""
    return f"[{','.join([_slot(start, minutes, timezone) for start in starts])}]"


@lru_cache(maxsize=KEPT)
def _slot(start: int, minutes: int, timezone: str) -> str:
    return f'{{"start":"{moment_text(start, timezone)}","end":"{moment_text(start + minutes, timezone)}"}}'


@lru_cache(maxsize=KEPT)
def moment_text(minute: int, timezone: str) -> str:
    """A minute since the epoch as RFC 3339, with the offset that clocks there have then."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(ZoneInfo(timezone)).isoformat()
