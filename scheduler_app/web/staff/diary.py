"""The diary: one's own, or the agency's, by day or by week."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.visibility import TEAM_LEAD, Viewer, sees_agency
from scheduler_app.models import db
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.read_diary import Diary, read_diary
from scheduler_app.web.access import staff
from scheduler_app.web.local_dates import local
from scheduler_app.web.request_time import now
from scheduler_app.web.signed_in_staff import catalogue, viewer
from scheduler_app.web.staff import blueprint
from scheduler_app.web.staff.diary_grid import (
    INTERPRETER_TEXTS,
    columns_by_day,
    day_bounds,
    hours_shown,
    rows_by_day,
)

VIEWS = {"day": 1, "week": 7}
SCOPES = ("own", "agency")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What part of which diary. ``mistake`` is what could not be read in the address."""

    day: date
    view: str
    scope: str
    mistake: str = ""

    @property
    def first_day(self) -> date:
        return self.day - timedelta(days=self.day.weekday()) if self.view == "week" else self.day

    @property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(days=n) for n in range(VIEWS[self.view])]

    def address(self, **changed: Any) -> str:
        """The same diary with something changed."""
        parts: dict[str, Any] = {"day": self.day, "view": self.view, "scope": self.scope, **changed}
        return url_for("staff.diary", **parts)

    @property
    def earlier(self) -> str:
        return self.address(day=self.day - timedelta(days=VIEWS[self.view]))

    @property
    def later(self) -> str:
        return self.address(day=self.day + timedelta(days=VIEWS[self.view]))


@blueprint.get("/")
@staff()
def home() -> ResponseReturnValue:
    return redirect(url_for("staff.diary"))


@blueprint.get("/diary")
@staff()
def diary() -> ResponseReturnValue:
    """Appointments by day or week."""
    offer, who = catalogue(), viewer()
    wanted = _wanted()
    if wanted.scope == "agency" and not sees_agency(who):
        abort(403)
    people = _people(offer, who, wanted.scope)
    from_at, until_at = day_bounds(wanted.first_day, len(wanted.days), offer.timezone)
    found = read_diary(
        db.session(), offer.municipality_id, list(people), who, from_at=from_at, until_at=until_at
    )
    page = render_template(
        "staff/diary.html",
        wanted=wanted,
        today=local(now()).date(),
        agency=offer.agencies[who.agency_id].name if who.agency_id in offer.agencies else "Meine Stelle",
        can_switch=sees_agency(who),
        interpreter_texts=INTERPRETER_TEXTS,
        **_shown(found, wanted, who, people),
    )
    return page, 400 if wanted.mistake else 200


def _people(offer: Catalogue, who: Viewer, scope: str) -> dict[int, str]:
    """Whose diary: resource id -> name."""
    if scope == "own":
        return {who.resource_id: ""}
    return {s.resource_id: s.name for s in offer.staff.values() if s.agency_id == who.agency_id}


def _shown(found: Diary, wanted: Wanted, who: Viewer, people: dict[int, str]) -> dict[str, object]:
    """A grid of one's own days, or the agency's table, in which the team lead also sees who."""
    if wanted.scope == "own":
        columns = columns_by_day(found, wanted.days)
        return {"columns": columns, "hours": hours_shown(columns)}
    is_lead = TEAM_LEAD in who.roles
    rows = rows_by_day(found, people if is_lead else {})
    return {"rows": rows, "shows_people": is_lead}


def _wanted() -> Wanted:
    today = local(now()).date()
    view, scope = request.args.get("view", "week"), request.args.get("scope", "own")
    if view not in VIEWS or scope not in SCOPES:
        return Wanted(today, "week", "own", "Diese Ansicht gibt es nicht.")
    text = request.args.get("day", "")
    if not text:
        # at the weekend people look at what is coming
        is_weekend = view == "week" and today.weekday() > 4
        return Wanted(today + timedelta(days=2) if is_weekend else today, view, scope)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Wanted(today, view, scope, f"„{text[:20]}“ ist kein Tag. Hier sehen Sie heute.")
    if abs(day - today) > timedelta(days=3650):
        return Wanted(today, view, scope, "Dieser Tag liegt zu weit weg. Hier sehen Sie heute.")
    return Wanted(day, view, scope)
