"""The way in and out, the same for staff and for interpreters."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from scheduler_app.models import Audience, db
from scheduler_app.services.sign_in import COUNTED_FOR, SignInFailed, TooManyTries, sign_in, sign_out
from scheduler_app.web.access import account_of, forget, public, remember
from scheduler_app.web.network_source import network_source
from scheduler_app.web.page_form import PageForm
from scheduler_app.web.request_time import now


class SignInForm(PageForm):
    email = EmailField("E-Mail-Adresse", [InputRequired("Bitte geben Sie Ihre E-Mail-Adresse ein.")])
    password = PasswordField("Passwort", [InputRequired("Bitte geben Sie Ihr Passwort ein.")])


def add_sign_in(blueprint: Blueprint, audience: Audience, *, home_endpoint: str, title: str) -> None:
    """Give a blueprint the pages ``sign_in`` (GET, POST) and ``sign_out`` (POST).

    ``home_endpoint`` is where a sign-in leads that came from no other page; ``title`` says whom the page is for.
    """

    @blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
    @public
    def sign_in_page() -> ResponseReturnValue:
        """Ask for e-mail and password; open a session."""
        if request.method == "GET" and account_of(audience) is not None:
            return _onwards(home_endpoint)
        form = SignInForm()
        status = 200
        if form.validate_on_submit():
            status = _try(form, audience)
            if not form.errors:
                return _onwards(home_endpoint)
        elif form.errors:
            status = 422
        return render_template("layouts/sign_in.html", form=form, audience_title=title), status

    @blueprint.post("/sign-out", endpoint="sign_out")
    @public
    def sign_out_page() -> ResponseReturnValue:
        """End this browser's session."""
        token = forget(audience)
        if token:
            sign_out(db.session(), token)
        flash("Sie sind abgemeldet.", "success")
        return redirect(url_for(f"{audience}.sign_in"))


def is_local_path(target: str) -> bool:
    """Tell whether an address stays on this site, as browsers read it: they take ``/\\host`` for ``//host``
    and leave out tabs and line ends.
    """
    return (
        target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    )


def _try(form: SignInForm, audience: Audience) -> int:
    """Sign in, or say in the form why not. Returns the HTTP status."""
    try:
        signed_in = sign_in(
            db.session(),
            audience,
            str(form.email.data),
            str(form.password.data),
            source=network_source(),
            secret_key=current_app.extensions["terminlotse"].settings.secret_key,
            now=now(),
        )
    except SignInFailed:
        form.form_errors.append("E-Mail-Adresse oder Passwort stimmt nicht.")
        return 422
    except TooManyTries:
        minutes = int(COUNTED_FOR.total_seconds() // 60)
        form.form_errors.append(
            f"Zu viele Versuche. Bitte warten Sie {minutes} Minuten und versuchen Sie es dann noch einmal."
        )
        return 429
    remember(audience, signed_in.token)
    return 200


def _onwards(home_endpoint: str) -> Response:
    target = request.args.get("next", "")
    return redirect(target if is_local_path(target) else url_for(home_endpoint))
