"""What a case manager has picked on the planning page; its address says the same."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from scheduler_app.services.plan_chain import LONGEST_WAIT_MINUTES
from scheduler_app.services.slot_request import SlotRequest

TABLE, CHAIN, BUNDLE = "table", "chain", "bundle"
ROLE = "role."
"""How the names of the fields begin that say how much a role is needed."""

NEEDED, OPTIONAL, WITHOUT = "needed", "optional", "without"


@dataclass(frozen=True, slots=True)
class Picked:
    """``request`` holds all wishes; its ``services`` may be none yet. ``form``: at one table, desk after desk,
    or the plan with the fewest visits.

    ``from_day`` is the earliest date, ``day`` the one looked at. Of a chain: whether ``is_ordered``, and the
    ``longest_wait`` in minutes. ``mistakes`` are words for what could not be read, ``typed`` its fields as they were.
    """

    request: SlotRequest
    form: str = TABLE
    from_day: date | None = None
    day: date | None = None
    is_ordered: bool = False
    longest_wait: int = LONGEST_WAIT_MINUTES
    mistakes: tuple[str, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def tongue(self) -> str:
        """The code of the language or variety that was picked."""
        return self.request.variety or self.request.language

    def with_request(self, request: SlotRequest) -> "Picked":
        return replace(self, request=request)

    def changed(self, **changes: Any) -> dict[str, Any]:
        """The query of the same page with something else picked."""
        return replace(self, **changes).to_query()

    def to_query(self) -> dict[str, Any]:
        """The same again as the query of an address; only what is not as usual."""
        request = self.request
        every: dict[str, Any] = {
            "form": self.form if self.form != TABLE else None,
            "services": list(request.services),
            "people": list(request.people),
            "language": self.tongue,
            "level": request.level,
            "gender": request.gender,
            "gender_must": "1" if request.is_gender_must else None,
            "video": "1" if request.by_video else None,
            "not_these": list(request.not_these),
            "room": request.room,
            "seats": request.seats or None,
            "step_free": "1" if request.step_free else None,
            **{f"{ROLE}{key}": OPTIONAL for key in request.optional},
            **{f"{ROLE}{key}": WITHOUT for key in request.without},
            "weekdays": list(request.weekdays),
            "earliest": clock_of(request.earliest),
            "latest": clock_of(request.latest),
            "minutes": request.minutes,
            "from": self.from_day,
            "day": self.day,
            "order": "given" if self.is_ordered else None,
            "longest_wait": self.longest_wait if self.longest_wait != LONGEST_WAIT_MINUTES else None,
            "stays": "1" if request.stays else None,
        }
        return {
            "planned": "1",
            **{name: value for name, value in every.items() if value not in (None, "", [])},
        }


def clock_of(minute: int | None) -> str:
    """A wall-clock minute as a time field shows it: "09:30"."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"
