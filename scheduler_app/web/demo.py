"""Pages that only a demo has: where to begin, and the telephone on which its messages arrive."""

import re

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from scheduler_app.config import Settings
from scheduler_app.demo.build import PASSWORD
from scheduler_app.demo.description import SHOWN
from scheduler_app.domain.languages import find_language
from scheduler_app.models import db
from scheduler_app.services.read_demo_accounts import read_account_names, read_demo_municipalities
from scheduler_app.services.read_demo_messages import read_demo_phones
from scheduler_app.web.access import public

blueprint = Blueprint("demo", __name__, url_prefix="/demo")

ROLES = {
    "case_manager": "Fallmanagement",
    "clerk": "Sachbearbeitung",
    "team_lead": "Teamleitung",
    "pool_coordinator": "Koordination des Sprachmittlerpools",
    "municipal_admin": "Verwaltung der Kommune",
    "interpreter": "Sprachmittlung",
}
HOMES = {"pool_coordinator": "/admin/pool", "municipal_admin": "/admin/", "interpreter": "/interpreter/"}
"""Where a role begins, if not in the calendar at /staff/."""

REFRESH_SECONDS = 5
_ADDRESS = re.compile(r"https?://[^\s\u2066-\u2069<>\"']+")


@blueprint.before_request
def only_in_a_demo() -> None:
    """Elsewhere these pages do not exist."""
    if not _settings().demo:
        abort(404)


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    """What the demo is, its addresses and its accounts."""
    session = db.session()
    names = read_account_names(session, [email for _, email in SHOWN])
    return render_template(
        "demo/start.html",
        municipalities=read_demo_municipalities(session),
        accounts=[
            (ROLES.get(role, role), names[email], email, HOMES.get(role, "/staff/"))
            for role, email in SHOWN
            if email in names
        ],
        password=PASSWORD,
    )


@blueprint.get("/phone")
@public
def phone() -> ResponseReturnValue:
    """Every message that was sent, by telephone. ``?refresh=1`` looks again every few seconds."""
    return render_template(
        "demo/phone.html",
        phones=read_demo_phones(db.session()),
        refresh_seconds=REFRESH_SECONDS if request.args.get("refresh") == "1" else 0,
        with_links=with_links,
        leaves_this_machine=_settings().sms_provider != "console",
        find_language=find_language,
    )


def with_links(body: str) -> Markup:
    """A message as HTML, line by line; only addresses of this installation can be tapped."""
    return Markup("<br>").join(_line_with_links(line) for line in body.split("\n"))


def _line_with_links(line: str) -> Markup:
    shown, end = Markup(), 0
    for match in _ADDRESS.finditer(line):
        if not _is_ours(match[0]):
            continue
        shown += escape(line[end : match.start()])
        shown += Markup('<a class="kern-link" href="{}"><bdi dir="ltr">{}</bdi></a>').format(
            match[0], _breakable(match[0])
        )
        end = match.end()
    return shown + escape(line[end:])


def _breakable(address: str) -> Markup:
    """A long address may go on in the next line of a narrow bubble."""
    return Markup("<wbr>").join(address[start : start + 8] for start in range(0, len(address), 8))


def _is_ours(address: str) -> bool:
    return address.startswith(_settings().public_url + "/")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["terminlotse"].settings
    return settings
