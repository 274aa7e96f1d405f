"""Languages are found by every usual code, and interpreters are matched by variety."""

import re

import pytest

from scheduler_app.domain.languages import (
    LANGUAGES,
    PAGE_LANGUAGES,
    AmbiguousLanguage,
    UnknownLanguage,
    covers,
    find_language,
    varieties_of,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "deu"), ("deu", "deu"), ("DE-at", "deu"), ("ger", "deu"), ("uk_UA", "ukr"), ("ar", "ara"),
        ("ar-SY", "ara"), ("apc", "apc"), ("ajp", "apc"), ("fa", "fas"), ("fa-AF", "prs"), ("prs", "prs"),
        ("fa-IR", "pes"), ("kmr", "kmr"), ("ku-Latn", "kmr"), ("ckb-IQ", "ckb"), (" tr ", "tur"), ("gsg", "gsg"),
        ("zh-Hans-CN", "zho"), ("sr-Cyrl", "srp"),
    ],
)  # fmt: skip
def test_language_is_found_by_any_usual_code(text: str, code: str) -> None:
    assert find_language(text).code == code


@pytest.mark.parametrize("text", ["", "xx", "klingon", "d", "-", "arabisch!"])
def test_unknown_language_says_what_was_given(text: str) -> None:
    with pytest.raises(UnknownLanguage) as caught:
        find_language(text)
    assert caught.value.text == text
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["ku", "kur", "ku-XX"])
def test_kurdish_alone_is_not_precise_enough(text: str) -> None:
    with pytest.raises(AmbiguousLanguage, match="kmr, ckb, zza"):
        find_language(text)


@pytest.mark.parametrize(
    ("spoken", "wanted", "served"),
    [
        (("ara", None), ("ara", "apc"), True),
        (("ara", "acm"), ("ara", "apc"), False),
        (("ara", "acm"), ("ara", None), True),
        (("ara", "apc"), ("ara", "apc"), True),
        (("apc", None), ("ara", "apc"), True),
        (("acm", None), ("apc", None), False),
        (("ara", None), ("ara", None), True),
        (("kmr", None), ("ckb", None), False),
        (("ckb", None), ("kmr", None), False),
        (("kmr", None), ("zza", None), False),
        (("kmr", None), ("kmr", None), True),
        (("fas", "prs"), ("fas", "pes"), False),
        (("fas", None), ("prs", None), True),
        (("ukr", None), ("rus", None), False),
        (("ukr", None), ("ukl", None), False),
        (("ara", ""), ("ara", "apc"), True),
    ],
)
def test_interpreter_serves_by_language_and_variety(
    spoken: tuple[str, str | None], wanted: tuple[str, str | None], served: bool
) -> None:
    assert covers(*spoken, *wanted) is served


def test_every_language_serves_itself_and_its_unspecified_form() -> None:
    for language in LANGUAGES:
        assert covers(language.code, None, language.code, None)
        if language.variety_of is not None:
            assert covers(language.variety_of, language.code, language.variety_of, None)


def test_codes_and_tags_are_unique_and_well_formed() -> None:
    assert len({language.code for language in LANGUAGES}) == len(LANGUAGES)
    assert len({language.tag for language in LANGUAGES}) == len(LANGUAGES)
    for language in LANGUAGES:
        assert re.fullmatch(r"[a-z]{3}", language.code)
        assert re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", language.tag)
        assert find_language(language.code) is find_language(language.tag) is language


def test_varieties_belong_to_a_language_that_is_no_variety_itself() -> None:
    for language in LANGUAGES:
        if language.variety_of is not None:
            parent = find_language(language.variety_of)
            assert parent.variety_of is None
            assert language in varieties_of(parent.code)
    assert {language.code for language in varieties_of("ara")} >= {"apc", "acm", "ary", "arq", "arz"}


def test_arabic_script_runs_right_to_left() -> None:
    for language in LANGUAGES:
        arabic_letters = any("؀" <= letter <= "ۿ" for letter in language.autonym)
        assert (language.direction == "rtl") is arabic_letters


def test_page_languages_are_known_by_their_tags() -> None:
    assert PAGE_LANGUAGES[:5] == ("de", "en", "uk", "ar", "tr")
    for tag in PAGE_LANGUAGES:
        assert find_language(tag).tag == tag
