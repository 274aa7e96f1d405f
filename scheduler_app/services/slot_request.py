"""What is searched for: services, and the wishes around them. Kept with holds, invitations and appointments as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """``services`` are keys. ``language`` is that of the interpreter (ISO 639-3, empty = none), ``variety`` narrows it.

    People: ``people`` are resource ids of staff who must take part, in the place of their team or besides;
    ``not_these`` are resource ids of those who must not. Of the interpreter: at least ``level`` (besides what the
    services ask), ``gender`` as a wish or, with ``is_gender_must``, a condition, and ``by_video``.
    Room: ``room`` is the resource id of a particular one; else ``seats`` and ``step_free`` are the least it must offer.
    Roles by key: ``without`` these, and these ``optional``.
    Times: ``minutes`` replaces the usual length; ``weekdays`` (Monday 0), ``earliest`` start and ``latest`` end in
    wall-clock minutes of the day.
    Chain: ``groups`` says for each service at which visit (0, 1 ...) it is dealt with, unless each has its own;
    ``offsets`` are the starts of the visits in minutes after the first, ``lengths`` their minutes, ``visitors``
    (resource ids) the other clients at each. Without ``offsets`` all sit at one table. ``stays``: the interpreter is
    there from the first visit to the last.
    """

    services: tuple[str, ...]
    language: str = ""
    variety: str = ""
    people: tuple[int, ...] = ()
    room: int | None = None
    minutes: int | None = None
    level: str = ""
    gender: str = ""
    is_gender_must: bool = False
    by_video: bool = False
    not_these: tuple[int, ...] = ()
    seats: int = 0
    step_free: bool = False
    without: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    earliest: int | None = None
    latest: int | None = None
    groups: tuple[int, ...] = ()
    offsets: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()
    visitors: tuple[tuple[int, ...], ...] = ()
    stays: bool = False

    @property
    def is_chain(self) -> bool:
        """Whether the services are visits one after the other, at times that are settled."""
        return bool(self.offsets)

    @property
    def by_visit(self) -> tuple[tuple[str, ...], ...]:
        """The services of each visit of a chain."""
        if not self.groups:
            return tuple((service,) for service in self.services)
        visits: dict[int, list[str]] = {}
        for service, group in zip(self.services, self.groups, strict=True):
            visits.setdefault(group, []).append(service)
        return tuple(tuple(visits[group]) for group in sorted(visits))

    def arranged(self, order: Sequence[int], offsets: Sequence[int], lengths: Sequence[int]) -> "SlotRequest":
        """The chain of these visits in this order, ``offsets`` minutes after the first, ``lengths`` in that order."""
        by_visit = [self.by_visit[visit] for visit in order]
        groups = [place for place, services in enumerate(by_visit) for _ in services]
        return replace(
            self,
            services=tuple(service for services in by_visit for service in services),
            groups=tuple(groups) if len(groups) > len(by_visit) else (),
            visitors=tuple(self.visitors[visit] for visit in order) if self.visitors else (),
            offsets=tuple(offsets),
            lengths=tuple(lengths),
            minutes=None,
        )

    def together_with(self, other: "SlotRequest") -> "SlotRequest | None":
        """The wishes of both, for the services of both; None where they contradict each other.

        Who is left out here but needed there (an interpreter, say) is such a contradiction.
        """
        if other.language and INTERPRETER_KEY in self.without and INTERPRETER_KEY not in other.without:
            return None
        usual = {field.name: field.default for field in fields(self)}
        merged: dict[str, Any] = {}
        for name in ONE_OF_BOTH:
            mine, others = getattr(self, name), getattr(other, name)
            if others not in (mine, usual[name]) and mine != usual[name]:
                return None
            merged[name] = others if mine == usual[name] else mine
        for name in ALL_OF_BOTH:
            merged[name] = tuple(dict.fromkeys((*getattr(self, name), *getattr(other, name))))
        merged["seats"] = max(self.seats, other.seats)
        return replace(self, **merged)

    def to_json(self) -> dict[str, Any]:
        """Only what is not as usual."""
        usual = {field.name: field.default for field in fields(self)}
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "SlotRequest":
        return cls(**{name: _frozen(value) for name, value in data.items()})


INTERPRETER_KEY = "interpreter"
ONE_OF_BOTH = (
    *("language", "variety", "level", "gender", "is_gender_must", "by_video"),
    *("step_free", "weekdays", "earliest", "latest"),
)
ALL_OF_BOTH = ("services", "people", "not_these", "without", "optional")


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
