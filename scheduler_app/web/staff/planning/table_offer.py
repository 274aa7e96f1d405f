"""What the planning page offers at one table: the starts, the day looked at, and what would help."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler_app.models import Case, db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.explain_search import TIME, Explanation, explain_search
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.plan_appointment import Plan
from scheduler_app.web.local_dates import local
from scheduler_app.web.request_time import now
from scheduler_app.web.staff.diary_grid import day_bounds
from scheduler_app.web.staff.planning.day_picture import FRIDAY, DayPicture, day_picture
from scheduler_app.web.staff.planning.picked import Picked
from scheduler_app.web.staff.planning.suggestion_words import SuggestionLine, suggestion_lines
from scheduler_app.web.staff.role_names import role_names
from scheduler_app.web.staff.slot_days import MOST_STARTS, OfferedSlot, SlotPage, by_day


@dataclass(frozen=True)
class TableOffer:
    """``count`` starts in all; ``slots`` are those after the day that is pictured.

    ``missing``, ``suggestions``: why there are none, and what would give more. ``without``: starts without a role.
    """

    count: int
    minutes: int
    first: OfferedSlot | None
    slots: SlotPage
    picture: DayPicture
    missing: list[str]
    suggestions: list[SuggestionLine]
    without: dict[str, int]


def table_offer(offer: Catalogue, of_case: Case, picked: Picked, plan: Plan) -> TableOffer:
    """Search, explain, and picture one day: the one picked, or the first with a start."""
    from_at = day_bounds(picked.from_day, 1, offer.timezone)[0] if picked.from_day is not None else None
    explained = explain_search(
        db.session(), offer, plan, now=now(), from_at=from_at, client_resource_id=of_case.client.resource_id
    )
    found = _starts(offer, of_case, plan, from_at, None, limit=MOST_STARTS)
    slots = by_day(found)
    day = picked.day or (slots.days[0][0] if slots.days else picked.from_day or next_day(picked))
    begins, ends = day_bounds(day, 1, offer.timezone)
    on_day = by_day(_starts(offer, of_case, plan, max(begins, from_at or begins), ends)).days
    with_client = plan.with_client(of_case.client.resource_id)
    names = {role.key: ", ".join(role_names(offer, plan, [role.key])) for role in with_client.roles}
    return TableOffer(
        explained.count,
        plan.minutes,
        slots.days[0][1][0] if slots.days else None,
        SlotPage([(some, starts) for some, starts in slots.days if some != day], slots.next_day),
        day_picture(
            offer,
            {role.key: role.candidates for role in with_client.roles},
            {**names, "client": "Klient*in"},
            day,
            on_day[0][1] if on_day else [],
        ),
        _missing(offer, plan, explained),
        suggestion_lines(offer, picked, names, explained.suggestions, of_case.number),
        dict(explained.without),
    )


def next_day(picked: Picked) -> date:
    """The next of the weekdays that were picked, or working day, from tomorrow on."""
    wanted = picked.request.weekdays or range(FRIDAY + 1)
    day = local(now()).date() + timedelta(days=1)
    while day.weekday() not in wanted:
        day += timedelta(days=1)
    return day


def _starts(
    offer: Catalogue,
    of_case: Case,
    plan: Plan,
    from_at: datetime | None,
    until_at: datetime | None,
    limit: int | None = None,
) -> tuple[datetime, ...]:
    return find_slots(
        db.session(),
        offer,
        plan,
        now=now(),
        from_at=from_at,
        until_at=until_at,
        limit=limit,
        client_resource_id=of_case.client.resource_id,
    ).starts


def _missing(offer: Catalogue, plan: Plan, explained: Explanation) -> list[str]:
    roles = [key for key in explained.blocking if key != TIME]
    names = role_names(offer, plan, roles)
    return [*names, "eine Zeit an den gewünschten Tagen"] if TIME in explained.blocking else names
