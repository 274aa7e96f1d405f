"""Accounts: who can sign in, and a new password for somebody who can not."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField
from wtforms.validators import InputRequired

from scheduler_app.domain.errors import UnknownThing
from scheduler_app.models import StaffRole, db
from scheduler_app.services.read_set_up import AccountEntry, read_accounts
from scheduler_app.services.reset_password import reset_password
from scheduler_app.services.sign_in import SHORTEST_PASSWORD, PasswordTooShort
from scheduler_app.web.access import current_account, staff
from scheduler_app.web.admin import blueprint, words
from scheduler_app.web.page_form import PageForm
from scheduler_app.web.request_time import now

TOO_SHORT = f"Das Passwort ist zu kurz. Es braucht mindestens {SHORTEST_PASSWORD} Zeichen."
NOT_THE_SAME = "Die beiden Passwörter sind nicht gleich."


class PasswordForm(PageForm):
    password = PasswordField("Neues Passwort", [InputRequired("Bitte geben Sie ein Passwort ein.")])
    again = PasswordField(
        "Neues Passwort noch einmal", [InputRequired("Bitte geben Sie das Passwort noch einmal ein.")]
    )


@blueprint.get("/accounts")
@staff(StaffRole.MUNICIPAL_ADMIN)
def accounts() -> ResponseReturnValue:
    """Everybody who can sign in here."""
    found = read_accounts(db.session(), current_account().municipality_id)
    return render_template("admin/accounts.html", accounts=found, words=words)


@blueprint.route("/accounts/<int:account_id>/password", methods=["GET", "POST"])
@staff(StaffRole.MUNICIPAL_ADMIN)
def accounts_password(account_id: int) -> ResponseReturnValue:
    """Ask for a new password and set it; who was signed in with the old one no longer is."""
    account = _own_account(account_id)
    form = PasswordForm()
    if form.validate_on_submit() and _set(account, form):
        flash(f"{account.name} hat ein neues Passwort.", "success")
        return redirect(url_for("admin.accounts"))
    status = 422 if form.errors else 200
    return render_template(
        "admin/password.html", account=account, form=form, shortest=SHORTEST_PASSWORD
    ), status


def _set(account: AccountEntry, form: PasswordForm) -> bool:
    if form.password.data != form.again.data:
        form.again.errors = [NOT_THE_SAME]
        return False
    actor = current_account()
    try:
        reset_password(
            db.session(),
            account.id,
            str(form.password.data),
            municipality_id=actor.municipality_id,
            actor=f"staff:{actor.staff_member_id}",
            now=now(),
        )
    except PasswordTooShort:
        form.password.errors = [TOO_SHORT]
        return False
    return True


def _own_account(account_id: int) -> AccountEntry:
    for account in read_accounts(db.session(), current_account().municipality_id):
        if account.id == account_id:
            return account
    raise UnknownThing("account", str(account_id))
