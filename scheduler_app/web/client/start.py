"""The first questions: which municipality, which language, which concerns."""

from dataclasses import replace

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from scheduler_app.domain.chain import MOST_VISITS
from scheduler_app.domain.errors import ChainLength, NotTogether, TooManyServices
from scheduler_app.models import Municipality, db
from scheduler_app.services.catalogue_entries import AgencyEntry, ServiceEntry
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.web.access import public
from scheduler_app.web.client import blueprint
from scheduler_app.web.client.municipality_page import is_language_known, municipality
from scheduler_app.web.client.wish import Wish, read_wish
from scheduler_app.web.page_language import choose_language, page_languages


@blueprint.get("/")
@public
def municipalities() -> ResponseReturnValue:
    """Where there is only one municipality, straight to it."""
    found = (
        db.session().execute(select(Municipality.slug, Municipality.name).order_by(Municipality.name)).all()
    )
    if len(found) == 1:
        return redirect(url_for("client.start", municipality_slug=found[0].slug))
    g.language = choose_language(request)
    return render_template("client/municipalities.html", municipalities=found)


@blueprint.get("/<municipality_slug>/")
@public
def start() -> ResponseReturnValue:
    """The language first if nothing tells it, then the concerns."""
    if not is_language_known():
        return render_template("client/languages.html", languages=page_languages(municipality().languages))
    return concerns_page(read_wish())


def concerns_page(wish: Wish, *, is_missing: bool = False) -> str:
    """The list of what can be booked online; ``is_missing``: she went on without choosing."""
    return render_template(
        "client/concerns.html", wish=wish, agencies=_online_services(), is_missing=is_missing
    )


def _online_services() -> list[tuple[AgencyEntry, list[ServiceEntry]]]:
    """By agency, in the order of the catalogue."""
    by_agency: dict[int, list[ServiceEntry]] = {}
    for service in municipality().services.values():
        if service.is_online:
            by_agency.setdefault(service.agency.id, []).append(service)
    return [(services[0].agency, services) for services in by_agency.values()]


@blueprint.errorhandler(NotTogether)
def separate_visits(error: NotTogether) -> ResponseReturnValue:
    """Says which concerns need a visit of their own. Offers all of them desk after desk on one day, and each of them,
    and the rest together, as an appointment of its own.
    """
    wish = read_wish()
    rest = tuple(key for key in wish.services if key not in error.keys)
    visits = [(key,) for key in error.keys] + ([rest] if rest else [])
    return render_template(
        "client/separate.html",
        wish=wish,
        chain=_as_chain(wish),
        alone=[municipality().service(key) for key in error.keys],
        visits=[[municipality().service(key) for key in visit] for visit in visits],
    ), 409


@blueprint.errorhandler(ChainLength)
def one_visit_or_too_many(_error: ChainLength) -> ResponseReturnValue:
    """Of one visit there is no chain; who has many is asked to begin with some of them."""
    wish = read_wish()
    if len(wish.slot_request().by_visit) < 2:
        return redirect(url_for("client.interpreter", **replace(wish, is_chain=False).arguments()))
    return render_template("client/too_many.html", wish=wish, most=MOST_VISITS), 409


@blueprint.errorhandler(TooManyServices)
def too_many(error: TooManyServices) -> ResponseReturnValue:
    return render_template("client/too_many.html", wish=read_wish(), most=error.most), 409


def _as_chain(wish: Wish) -> Wish | None:
    chain = replace(wish, is_chain=True)
    try:
        plan_chain(municipality(), chain.slot_request(), online_only=True)
    except (ChainLength, TooManyServices):
        return None
    return chain
