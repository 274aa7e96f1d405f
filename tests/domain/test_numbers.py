"""Numbers, tokens and name keys."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.numbers import (
    appointment_number,
    keyed_hash,
    name_key,
    new_token,
    token_from,
    token_hash,
)

TOKEN = re.compile(r"[0-9A-Za-z]{22}")


def test_tokens_are_letters_and_digits_and_differ() -> None:
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(TOKEN.fullmatch(token) for token in tokens)


@given(st.binary(min_size=16, max_size=64))
def test_a_token_made_from_a_secret_is_always_the_same(secret: bytes) -> None:
    assert TOKEN.fullmatch(token_from(secret))
    assert token_from(secret) == token_from(secret) != token_from(secret + b"x")


def test_hashes_differ_by_key_purpose_and_text() -> None:
    hashes = {keyed_hash(k, p, t) for k in ("k1", "k2") for p in ("a", "b") for t in ("x", "y")}
    assert len(hashes) == 8
    assert token_hash("abc") not in hashes


def test_a_number_can_be_read_out() -> None:
    assert re.fullmatch(r"KIM-\d{4}-\d{4}", appointment_number("KIM"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amal Haddad", "  amal   HADDAD "),
        ("Yılmaz Öztürk", unicodedata.normalize("NFD", "Yılmaz Öztürk")),
        ("Strauß", "STRAUSS"),
        ("أمل حداد", unicodedata.normalize("NFD", "أمل حداد")),
        ("Оксана Шевченко", "оксана шевченко"),
    ],
)
def test_a_name_written_otherwise_is_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@given(st.text(min_size=1, max_size=30))
def test_a_name_key_is_that_of_the_same_name_decomposed(name: str) -> None:
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(name)


def test_different_names_stay_different() -> None:
    assert name_key("Amal Haddad") != name_key("Amal Hadad")
