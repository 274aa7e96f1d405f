"""What every page relies on: no inline code (strict CSP), both directions from one style sheet, parts that exist."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, Form, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from scheduler_app.web.i18n import init_i18n

PROJECT = Path(__file__).parents[2]
TEMPLATES = sorted(PROJECT.glob("templates/**/*.html"))
STATIC = PROJECT / "scheduler_app" / "static"


class Contact(Form):
    name = StringField("Ihr Name", [InputRequired("Schreiben Sie Ihren Namen.")])
    email = EmailField("Ihre E-Mail-Adresse")
    language = RadioField(
        "Sprache", [InputRequired("Wählen Sie eine Sprache.")], choices=[SelectChoice("ar", "العربية")]
    )


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__, template_folder=str(PROJECT / "templates"))
    init_i18n(app)
    return app


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_template_has_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_pictures_and_files_that_a_template_names_are_there(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    named = re.findall(r"filename='((?:css|js|img)/[\w./-]+\.\w+)'", text)
    named += [f"img/{name}" for name in re.findall(r'"([\w-]+\.svg)"', text)]
    assert [name for name in named if not (STATIC / name).is_file()] == []


def test_style_sheet_uses_logical_properties_only() -> None:
    css = (STATIC / "css" / "terminlotse.css").read_text(encoding="utf-8")
    physical = r"-(?:left|right|top|bottom)\b|text-align: (?:left|right)|float:|\b(?:left|right|top|bottom):"
    assert re.findall(physical, css) == []


def test_form_errors_lead_to_their_fields(app: Flask) -> None:
    form = Contact(MultiDict({"name": ""}))
    assert not form.validate()
    with app.test_request_context():
        page = render_template_string(
            '{% from "macros/forms.html" import field, error_summary %}{{ error_summary(form) }}'
            '{{ field(form.name, hint="Wie im Pass", autocomplete="name") }}'
            "{{ field(form.email) }}{{ field(form.language) }}",
            form=form,
        )
    assert 'href="#name"' in page
    assert 'href="#language-0"' in page
    for name in re.findall(r'href="#([\w-]+)"', page) + re.findall(r'for="([\w-]+)"', page):
        assert f'id="{name}"' in page
    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"[^>]*id="name"', page)
    assert described
    assert described[1] == "name-hint name-error"
    assert 'aria-invalid="true"' in page
    assert page.count("freiwillig") == 1
    assert not re.search("None|False", page)
