"""What somebody asks for: concerns, an interpreter, particular people. Kept with holds and invitations as JSON."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """``services`` are keys. ``language`` is that of the interpreter (ISO 639-3, empty = none), ``variety`` narrows it.

    ``people`` are resource ids of staff who must take part: in the place of their team, or besides. ``room`` is the
    resource id of a particular room. ``minutes`` replaces the usual length.
    """

    services: tuple[str, ...]
    language: str = ""
    variety: str = ""
    people: tuple[int, ...] = ()
    room: int | None = None
    minutes: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "SlotRequest":
        return cls(**{**data, "services": tuple(data["services"]), "people": tuple(data["people"])})
