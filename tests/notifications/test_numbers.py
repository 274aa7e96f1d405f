"""Mobile numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.fictional_numbers import FICTIONAL_MOBILES, is_fictional
from notifications.numbers import NumberError, NumberProblem, masked, parse_mobile


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0171 3920055", "+491713920055"),
        ("  (0171) 39 200-55 ", "+491713920055"),
        ("0171/3920055", "+491713920055"),
        ("+49 (0)171 3920055", "+491713920055"),
        ("0049 171 3920055", "+491713920055"),
        ("٠١٧١ ٣٩٢٠٠٥٥", "+491713920055"),
        ("۰۱۷۱۳۹۲۰۰۵۵", "+491713920055"),
        ("\u202a+49 171 3920055\u202c", "+491713920055"),
        ("+380 67 123 4567", "+380671234567"),
        ("00380671234567", "+380671234567"),
        ("+90 532 123 45 67", "+905321234567"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_parse(text: str, number: str) -> None:
    assert parse_mobile(text) == number


def test_region() -> None:
    assert parse_mobile("067 123 45 67", region="UA") == "+380671234567"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", NumberProblem.NOT_A_NUMBER),
        ("keine", NumberProblem.NOT_A_NUMBER),
        ("0171-CALLME", NumberProblem.NOT_A_NUMBER),
        ("+999 12345678", NumberProblem.UNKNOWN_COUNTRY),
        ("110", NumberProblem.TOO_SHORT),
        ("0171 39200", NumberProblem.TOO_SHORT),
        ("0171 3920055123", NumberProblem.TOO_LONG),
        ("0171 3920055 / 0172 9925904", NumberProblem.TOO_LONG),
        ("0171 3920055 ext. 5", NumberProblem.EXTENSION),
        ("030 23125 000", NumberProblem.LANDLINE),
        ("0800 1234567", NumberProblem.NOT_MOBILE),
        ("0190 1234567", NumberProblem.NOT_IN_USE),
    ],
)
def test_refused(text: str, code: NumberProblem) -> None:
    with pytest.raises(NumberError) as caught:
        parse_mobile(text)
    assert caught.value.code is code
    assert not any(c.isdigit() for c in str(caught.value))


@given(st.text(max_size=40))
def test_anything_is_a_number_or_a_typed_error(text: str) -> None:
    try:
        number = parse_mobile(text)
    except NumberError:
        return
    assert number.startswith("+")
    assert number[1:].isdecimal()
    assert number.isascii()


@pytest.mark.parametrize("number", FICTIONAL_MOBILES)
def test_fictional_numbers_are_valid(number: str) -> None:
    assert parse_mobile(number) == number
    assert is_fictional(number)


def test_fictional_numbers() -> None:
    assert len(set(FICTIONAL_MOBILES)) == 210
    assert not is_fictional("+491713920155")


def test_masked() -> None:
    assert masked("+491713920055") == "+49...55"
    assert masked("110") == "..."
