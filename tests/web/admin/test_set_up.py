"""The administrator's pages: her own municipality, and nothing of another."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from scheduler_app.models import StaffRole
from scheduler_app.services.feeds import subscribe_feed
from tests.support.builders import NOW, Town, contact
from tests.web.interpreter.towns import PASSWORD, book, interpreter_account, staff_account

PAGES = ("/admin/", "/admin/accounts", "/admin/messages", "/admin/audit")


def test_overview_counts_what_is_there(admin: FlaskClient, session: Session, town: Town) -> None:
    subscribe_feed(session, resource_id=town.clerks[0], municipality_id=town.municipality_id, now=NOW)
    page = admin.get("/admin/").text
    for shown in (
        "Lotsenau",
        "Markt 1",
        "Clerk (2)",
        "Adviser (1)",
        "Sprachmittlerpool",
        "Room 0",
        "1 aktiv",
    ):
        assert shown in page
    assert "Anliegen (3)" in page
    assert "Sprachmittler*innen (2)" in page
    assert "Arabisch (Syrien, Libanon, Palästina)" in page


def test_every_page_is_only_for_the_administrator(
    app: Flask, clerk: FlaskClient, coordinator: FlaskClient
) -> None:
    for page in (*PAGES, "/admin/accounts/1/password"):
        assert clerk.get(page).status_code == 403
        assert coordinator.get(page).status_code == 403
        assert app.test_client().get(page).status_code == 302


def test_messages_are_shown_in_every_language(admin: FlaskClient) -> None:
    page = admin.get("/admin/messages").text
    for shown in ("Erinnerung an Klient*in", 'lang="ar" dir="rtl"', "موعدكم", "LO-2345", "/t/"):
        assert shown in page


def test_audit_shows_numbers_and_no_names(admin: FlaskClient, session: Session, town: Town) -> None:
    appointment = book(session, town)
    page = admin.get("/admin/audit").text
    for shown in ("Schnittstelle", "gebucht", "Termin", f">{appointment.id}<"):
        assert shown in page
    assert contact(1).name not in page


def test_accounts_tell_who_has_no_password(admin: FlaskClient, session: Session, town: Town) -> None:
    account = interpreter_account(session, town.interpreters[0], "new@example.org")
    assert "fehlt" not in admin.get("/admin/accounts").text
    account.password_hash = ""
    session.commit()
    page = admin.get("/admin/accounts").text
    assert "fehlt" in page
    assert "new@example.org" in page


def test_nothing_of_another_municipality_is_shown(
    admin: FlaskClient, session: Session, other_town: Town
) -> None:
    staff_account(session, other_town.clerks[0], "foreign@example.org", StaffRole.CLERK)
    subscribe_feed(
        session, resource_id=other_town.clerks[0], municipality_id=other_town.municipality_id, now=NOW
    )
    book(session, other_town)
    pages = "".join(admin.get(page).text for page in PAGES)
    for foreign in ("foreign@example.org", "Anderswo", "gebucht", "1 aktiv"):
        assert foreign not in pages


def test_a_foreign_account_is_not_there(
    app: Flask, admin: FlaskClient, session: Session, other_town: Town
) -> None:
    account = staff_account(session, other_town.clerks[0], "foreign@example.org", StaffRole.CLERK)
    kept = account.password_hash
    address = f"/admin/accounts/{account.id}/password"
    new = "an entirely new one"
    assert admin.get(address).status_code == 404
    assert admin.post(address, data={"password": new, "again": new}).status_code == 404
    session.rollback()
    assert account.password_hash == kept


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("eleven char", "eleven char", "mindestens 12 Zeichen"),
        ("twelve chars", "twelve charS", "nicht gleich"),
        ("", "", "Bitte geben Sie ein Passwort ein."),
    ],
)
def test_a_bad_password_is_explained(
    admin: FlaskClient, session: Session, town: Town, password: str, again: str, words: str
) -> None:
    account = interpreter_account(session, town.interpreters[0], "new@example.org")
    kept = account.password_hash
    answer = admin.post(f"/admin/accounts/{account.id}/password", data={"password": password, "again": again})
    assert answer.status_code == 422
    assert words in answer.text
    session.rollback()
    assert account.password_hash == kept


def test_a_new_password_opens_and_the_old_one_does_not(
    app: Flask, admin: FlaskClient, session: Session, town: Town
) -> None:
    account = interpreter_account(session, town.interpreters[0], "new@example.org")
    new = "twelve chars"
    answer = admin.post(
        f"/admin/accounts/{account.id}/password", data={"password": new, "again": new}, follow_redirects=True
    )
    assert "hat ein neues Passwort" in answer.text
    assert "neues Passwort gesetzt" in admin.get("/admin/audit").text
    tries = {
        password: app.test_client()
        .post("/interpreter/sign-in", data={"email": "new@example.org", "password": password})
        .status_code
        for password in (PASSWORD, new)
    }
    assert tries == {PASSWORD: 422, new: 302}
