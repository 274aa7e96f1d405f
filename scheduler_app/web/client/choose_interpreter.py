"""The question after the concerns: is an interpreter needed, and of which language?"""

from dataclasses import replace

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler_app.domain.languages import Language, find_language
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.plan_chain import plan_chain
from scheduler_app.web.access import public
from scheduler_app.web.client import blueprint
from scheduler_app.web.client.municipality_page import municipality
from scheduler_app.web.client.start import concerns_page
from scheduler_app.web.client.wish import NO_INTERPRETER, Wish, is_interpreted, read_wish
from scheduler_app.web.page_language import DEFAULT_LANGUAGE, language_name, page_language


@blueprint.get("/<municipality_slug>/interpreter")
@public
def interpreter() -> ResponseReturnValue:
    wish = read_wish()
    return open_question(replace(wish, interpreter="")) or interpreter_page(wish)


def open_question(wish: Wish) -> ResponseReturnValue | None:
    """The page of the first question that is not answered yet; None if slots can be searched.

    Raises UnknownThing, NotTogether, ChainLength and TooManyServices.
    """
    if not wish.services:
        return concerns_page(wish, is_missing=True), 400
    _refuse_impossible(replace(wish, interpreter=""))
    if not any(municipality().service(key).interpreter_level for key in wish.services):
        if wish.interpreter == NO_INTERPRETER:
            return None
        return redirect(url_for("client.slots", **replace(wish, interpreter=NO_INTERPRETER).arguments()))
    return None


def _refuse_impossible(wish: Wish) -> None:
    if wish.is_chain:
        plan_chain(municipality(), wish.slot_request(), online_only=True)
    else:
        plan_appointment(municipality(), wish.slot_request(), online_only=True)


def interpreter_page(wish: Wish, *, problem: str = "") -> str:
    """``problem``: ``missing`` if she went on without answering, ``unknown`` for a language nobody interprets."""
    near, others = _languages()
    chosen = wish.interpreter or next((language.code for language in near), "")
    return render_template(
        "client/interpreter.html",
        wish=wish,
        near=near,
        others=others,
        chosen=chosen,
        no_interpreter=NO_INTERPRETER,
        problem=problem,
    )


def is_answered(wish: Wish) -> bool:
    return wish.interpreter == NO_INTERPRETER or is_interpreted(wish.interpreter)


def _languages() -> tuple[list[Language], list[Language]]:
    """The page's language and its varieties (on German pages none), and all others by the name shown."""
    known = [find_language(code) for code in municipality().languages_interpreted()]
    page = page_language()
    if page.tag == DEFAULT_LANGUAGE:
        near = []
    else:
        near = [language for language in known if page.code in {language.code, language.variety_of}]
    others = [language for language in known if language not in near]
    near.sort(key=lambda language: (language != page, language.code))
    others.sort(key=lambda language: language_name(language.code))
    return near, others
