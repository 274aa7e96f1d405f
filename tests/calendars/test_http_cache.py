from datetime import UTC, date, datetime

import pytest

from calendars.http_cache import feed_etag, is_not_modified

ETAG = 'W/"0123456789abcdef"'
CHANGED_AT = datetime(2026, 11, 20, 14, 3, 7, 900_000, tzinfo=UTC)
ON = date(2026, 10, 22)


def test_the_etag_is_weak_stable_and_tells_the_feed_apart() -> None:
    etag = feed_etag(17, 4, ON, 1)
    assert etag == 'W/"8d3b866548c6f3ae67b37f9f9b2cc75c"'
    assert etag == feed_etag("17", 4, ON, 1)
    others = {
        feed_etag(18, 4, ON, 1),
        feed_etag(17, 5, ON, 1),
        feed_etag(17, 4, date(2026, 10, 23), 1),
        feed_etag(17, 4, ON, 2),
        feed_etag(1, 74, ON, 1),
    }
    assert etag not in others
    assert len(others) == 5


@pytest.mark.parametrize(
    ("if_none_match", "expected"),
    [
        (ETAG, True),
        ('"0123456789abcdef"', True),
        ("*", True),
        (" * ", True),
        (f'"a", {ETAG}', True),
        (f'"a",W/"b,c" , {ETAG},', True),
        ('"a", W/"b"', False),
        ('"0123456789abcde"', False),
        ('W/"0123456789ABCDEF"', False),
        ("0123456789abcdef", False),
        ('"*"', False),
        ("", False),
        ('"unfinished', False),
    ],
)
def test_if_none_match(if_none_match: str, expected: bool) -> None:
    assert is_not_modified(if_none_match, None, ETAG, CHANGED_AT) is expected


@pytest.mark.parametrize(
    ("if_modified_since", "expected"),
    [
        ("Fri, 20 Nov 2026 14:03:07 GMT", True),
        ("Fri, 20 Nov 2026 14:03:08 GMT", True),
        ("Fri, 20 Nov 2026 14:03:06 GMT", False),
        ("Friday, 20-Nov-26 14:03:07 GMT", True),
        ("Fri Nov 20 14:03:07 2026", True),
        ("Fri Nov 20 14:03:06 2026", False),
        ("2026-11-20T14:03:07Z", False),
        ("yesterday", False),
        ("", False),
        ("0", False),
        ("Fri, 99 Nov 2026 14:03:07 GMT", False),
        ("Fri, 20 Nov 99999 14:03:07 GMT", False),
        ("Fri, 20 Nov 2026 14:03:07 +99999999999999", False),
    ],
)
def test_if_modified_since(if_modified_since: str, expected: bool) -> None:
    assert is_not_modified(None, if_modified_since, ETAG, CHANGED_AT) is expected


def test_if_none_match_wins_over_if_modified_since() -> None:
    later = "Sat, 21 Nov 2026 00:00:00 GMT"
    earlier = "Thu, 19 Nov 2026 00:00:00 GMT"
    assert not is_not_modified('"other"', later, ETAG, CHANGED_AT)
    assert not is_not_modified("", later, ETAG, CHANGED_AT)
    assert is_not_modified(ETAG, earlier, ETAG, CHANGED_AT)


def test_without_conditions_the_feed_is_sent() -> None:
    assert not is_not_modified(None, None, ETAG, CHANGED_AT)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        is_not_modified(None, None, ETAG, CHANGED_AT.replace(tzinfo=None))
    with pytest.raises(ValueError, match="entity-tag"):
        is_not_modified(ETAG, None, "0123456789abcdef", CHANGED_AT)
