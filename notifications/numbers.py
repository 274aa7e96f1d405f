"""Mobile numbers as people type them, turned into E.164 (ITU-T), which is what providers take."""

import unicodedata
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, ValidationResult

_ARRIVES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class NumberProblem(StrEnum):
    """Why a text is not a number that an SMS can reach."""

    NOT_A_NUMBER = "not_a_number"
    UNKNOWN_COUNTRY = "unknown_country"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_IN_USE = "not_in_use"
    EXTENSION = "extension"
    LANDLINE = "landline"
    NOT_MOBILE = "not_mobile"


class NumberError(ValueError):
    """A text is not a mobile number; ``code`` says why. The message never holds the number itself."""

    def __init__(self, code: NumberProblem) -> None:
        super().__init__(code.value)
        self.code = code


_PARSE_PROBLEMS = {
    NumberParseException.INVALID_COUNTRY_CODE: NumberProblem.UNKNOWN_COUNTRY,
    NumberParseException.TOO_SHORT_AFTER_IDD: NumberProblem.TOO_SHORT,
    NumberParseException.TOO_SHORT_NSN: NumberProblem.TOO_SHORT,
    NumberParseException.TOO_LONG: NumberProblem.TOO_LONG,
}
_LENGTH_PROBLEMS = {
    ValidationResult.TOO_SHORT: NumberProblem.TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: NumberProblem.TOO_SHORT,
    ValidationResult.TOO_LONG: NumberProblem.TOO_LONG,
}


def parse_mobile(text: str, region: str = "DE") -> str:
    """Read ``text``, written as in ``region`` (ISO 3166-1) or with a country code, and return it as E.164.

    Digits of any script, spaces, brackets, "/", "-" and "+49 (0)" are understood. Raises NumberError for
    everything that cannot be a mobile number by the country's numbering plan (libphonenumber's data).
    """
    number = _parsed(text, region)
    if number.extension:
        raise NumberError(NumberProblem.EXTENSION)
    if any(c.isalpha() for c in text):
        # libphonenumber reads letters as the digits of a keypad, which here is a slip of the pen, not a number.
        raise NumberError(NumberProblem.NOT_A_NUMBER)
    if not phonenumbers.is_valid_number(number):
        length = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
        raise NumberError(_LENGTH_PROBLEMS.get(length, NumberProblem.NOT_IN_USE))
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.FIXED_LINE:
        raise NumberError(NumberProblem.LANDLINE)
    if kind not in _ARRIVES:
        raise NumberError(NumberProblem.NOT_MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """``number`` as it may stand in a log: its first three and its last two characters."""
    return f"{number[:3]}...{number[-2:]}" if len(number) > 7 else "..."


def _parsed(text: str, region: str) -> PhoneNumber:
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
    try:
        return phonenumbers.parse(visible, region)
    except NumberParseException as error:
        raise NumberError(_PARSE_PROBLEMS.get(error.error_type, NumberProblem.NOT_A_NUMBER)) from None
