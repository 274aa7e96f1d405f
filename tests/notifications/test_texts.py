"""How texts are filled in."""

from pathlib import Path

import pytest

from notifications.texts import (
    MissingValueError,
    TemplateFaultError,
    TextError,
    Texts,
    UnfitValueError,
    UnknownTextError,
)


def folder_with(folder: Path, **languages: str) -> Texts:
    (folder / "note").mkdir()
    for language, text in languages.items():
        (folder / "note" / f"{language}.txt").write_text(text, encoding="utf-8")
    return Texts(folder)


@pytest.mark.parametrize(
    ("languages", "chosen"),
    [
        (["uk"], "uk"),
        (["fa", "uk"], "uk"),
        (["uk-UA"], "uk"),
        (["fa"], "de"),
        ([], "de"),
        (["de", "uk"], "de"),
    ],
)
def test_language(tmp_path: Path, languages: list[str], chosen: str) -> None:
    texts = folder_with(tmp_path, de="Hallo", uk="Привіт")
    assert texts.language_for("note", languages) == chosen
    assert texts.render("note", languages, {}).language == chosen


def test_kinds_and_languages(tmp_path: Path) -> None:
    texts = folder_with(tmp_path, uk="Привіт", de="Hallo")
    assert texts.kinds() == ("note",)
    assert texts.languages("note") == ("de", "uk")


@pytest.mark.parametrize("kind", ["other", "../note", "", "note/de.txt"])
def test_unknown_kind(tmp_path: Path, kind: str) -> None:
    texts = folder_with(tmp_path, de="Hallo")
    with pytest.raises(UnknownTextError):
        texts.render(kind, ["de"], {})


def test_neither_language_nor_german(tmp_path: Path) -> None:
    texts = folder_with(tmp_path, uk="Привіт")
    with pytest.raises(UnknownTextError):
        texts.render("note", ["ar"], {})
    with pytest.raises(UnknownTextError):
        texts.placeholders("note", "../uk")


@pytest.mark.parametrize("given", [{}, {"link": ""}, {"link": "  "}])
def test_missing_value(tmp_path: Path, given: dict[str, str]) -> None:
    texts = folder_with(tmp_path, de="Mehr: {link}")
    with pytest.raises(MissingValueError, match="link"):
        texts.render("note", ["de"], given)


@pytest.mark.parametrize("value", ["a\nb", "a\x00b", "a\rb", "a\tb", "a\u2028b", "a\ud83db"])
def test_unfit_value(tmp_path: Path, value: str) -> None:
    texts = folder_with(tmp_path, de="Ort: {place}")
    with pytest.raises(UnfitValueError, match="place"):
        texts.render("note", ["de"], {"place": value})


@pytest.mark.parametrize(
    "template", ["{name}", "{0}", "{}", "{link!r}", "{link:>9}", "{link.x}", "{link", "link}"]
)
def test_template_fault(tmp_path: Path, template: str) -> None:
    texts = folder_with(tmp_path, de=template)
    with pytest.raises(TemplateFaultError) as caught:
        texts.render("note", ["de"], {"link": "x", "name": "y"})
    assert isinstance(caught.value, TextError)
    assert caught.value.code == "template_fault"


def test_braces_in_a_value_stay_what_they_are(tmp_path: Path) -> None:
    texts = folder_with(tmp_path, de="Ort: {place}")
    assert texts.render("note", ["de"], {"place": "{link}"}).body == "Ort: {link}"


def test_optional_lines_go_from_the_top_until_the_text_fits(tmp_path: Path) -> None:
    texts = folder_with(tmp_path, uk="[жжжж]\n{place}\n[{phone}]")
    short, middle, long = ("ж" * n for n in (126, 131, 134))

    def body(place: str) -> str:
        return texts.render("note", ["uk"], {"place": place, "phone": "1"}).body

    assert body(short) == f"жжжж\n{short}\n1"
    assert body(middle) == f"{middle}\n1"
    assert body(long) == long


def test_values_that_are_too_long_are_counted_not_cut(tmp_path: Path) -> None:
    text = folder_with(tmp_path, de="{place}").render("note", ["de"], {"place": "x" * 400})
    assert (len(text.body), text.segments.segments) == (400, 3)


def test_bodies_are_normalised(tmp_path: Path) -> None:
    texts = folder_with(tmp_path, de="„Ort“: {place}\n")
    assert texts.render("note", ["de"], {"place": " Raum\u00a01 "}).body == '"Ort": Raum 1'
