"""What a calendar entry is before it becomes text."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EARLIEST_YEAR = 2000
LATEST_YEAR = 2199


class EventStatus(StrEnum):
    """STATUS of a VEVENT, RFC 5545 3.8.1.11."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One entry as one person sees it: a single VEVENT, RFC 5545 3.6.1.

    uid: stays the same for the life of the entry and names nobody; a random UUID (RFC 7986 5.3).
    starts_at, ends_at: aware UTC datetimes, written to the second; ends_at is the first moment after it.
    sequence: raised with each change of time, cancellation or revival (RFC 5545 3.8.7.4).
    changed_at: aware UTC datetime of the last stored change; becomes DTSTAMP and LAST-MODIFIED.
    url: a page that asks for a login, http(s). geo: latitude and longitude in degrees (RFC 5545 3.8.1.6).

    Raises ValueError for a value that no calendar program could read.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    status: EventStatus
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    geo: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not self.uid or not _is_plain_ascii(self.uid):
            raise ValueError(f"uid must be printable ASCII without spaces, not {self.uid!r}")
        _check_times(self.starts_at, self.ends_at, self.changed_at)
        if self.sequence < 0:
            raise ValueError(f"sequence must not be negative, not {self.sequence}")
        if self.url and not (_is_plain_ascii(self.url) and self.url.startswith(("https://", "http://"))):
            raise ValueError(f"url must be an http(s) address in ASCII without spaces, not {self.url!r}")
        if self.geo is not None:
            _check_geo(*self.geo)


def _is_plain_ascii(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _check_times(starts_at: datetime, ends_at: datetime, changed_at: datetime) -> None:
    for name, moment in (("starts_at", starts_at), ("ends_at", ends_at), ("changed_at", changed_at)):
        if moment.utcoffset() != timedelta(0):
            raise ValueError(f"{name} must be an aware datetime in UTC, not {moment!r}")
    if starts_at.year < EARLIEST_YEAR or ends_at.year > LATEST_YEAR:
        raise ValueError(f"an event must lie in the years {EARLIEST_YEAR} to {LATEST_YEAR}: {starts_at}")
    # Compared as written: without fractions of a second.
    if ends_at.replace(microsecond=0) <= starts_at.replace(microsecond=0):
        raise ValueError(f"ends_at ({ends_at}) must be later than starts_at ({starts_at})")


def _check_geo(latitude: float, longitude: float) -> None:
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise ValueError(f"geo must be two finite numbers, not {(latitude, longitude)}")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"geo must be degrees north and degrees east, not {(latitude, longitude)}")
