"""Who may enter: every route says so, and a test walks the URL map for one that does not.

A view carries its rule as the attribute ``access``; ``enforce`` looks at it before the view runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.models import Account, Audience, StaffRole, db
from scheduler_app.services.sign_in import signed_in_account
from scheduler_app.web.request_time import now

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """``audience`` None = everybody. ``roles`` empty = every staff member. ``link`` = the address is the secret."""

    audience: Audience | None = None
    roles: frozenset[StaffRole] = frozenset()
    link: bool = False


def public(view: View) -> View:
    """Everybody may enter; the page shows nothing of anybody."""
    return _declare(view, Access())


def link_holder(view: View) -> View:
    """Whoever has the secret address may enter; the view opens the link itself."""
    return _declare(view, Access(link=True))


def staff(*roles: StaffRole) -> Callable[[View], View]:
    """Staff members who have one of these roles, or all if none is named."""
    return lambda view: _declare(view, Access(Audience.STAFF, frozenset(roles)))


def interpreter(view: View) -> View:
    return _declare(view, Access(Audience.INTERPRETER))


def current_account() -> Account:
    """Who is signed in; only in views for staff or interpreters."""
    account: Account = g.account
    return account


def remember(audience: Audience, token: str) -> None:
    """Keep a sign-in in the browser. Each audience has its own, so that one person can be both."""
    session.permanent = False
    session[f"{audience}_sign_in"] = token


def forget(audience: Audience) -> str:
    """Drop a sign-in from the browser; returns its token."""
    return str(session.pop(f"{audience}_sign_in", ""))


def account_of(audience: Audience) -> Account | None:
    """The account signed in here for this audience."""
    token = session.get(f"{audience}_sign_in")
    return signed_in_account(db.session(), audience, token, now=now()) if token else None


def enforce() -> ResponseReturnValue | None:
    """Before each request: let in whom the route lets in. An unknown address stays a 404."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    access: Access = vars(current_app.view_functions[request.endpoint])["access"]
    if access.audience is None:
        return None
    account = account_of(access.audience)
    if account is None:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for(f"{access.audience}.sign_in", next=target))
    if access.roles and not access.roles & {StaffRole(role) for role in account.roles}:
        abort(403)
    g.account = account
    return None


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view
