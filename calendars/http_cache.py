"""When a feed need not be sent again: entity-tags and conditional requests, RFC 9110 8.8 and 13."""

import hashlib
import json
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

# The opaque part of an entity-tag, RFC 9110 8.8.3; a comma may stand inside the quotes.
_ENTITY_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def feed_etag(feed_id: int | str, revision: int, window_starts_on: date, format_version: int) -> str:
    """The weak entity-tag of a feed, known before anything of the feed is read or built.

    revision: a number that is raised with every change of what the feed shows.
    window_starts_on: the first local day shown. format_version: feed.FORMAT_VERSION.
    """
    state = json.dumps([str(feed_id), revision, window_starts_on.isoformat(), format_version])
    return f'W/"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'


def is_not_modified(
    if_none_match: str | None, if_modified_since: str | None, etag: str, changed_at: datetime
) -> bool:
    """Whether a GET or HEAD with these header values (None: not sent) is answered 304.

    If-None-Match, when sent, alone decides (RFC 9110 13.2.2), compared weakly (8.8.3.2). If-Modified-Since
    counts to the second; one that is no HTTP date is as good as none (13.1.3).

    etag: the feed's current tag. changed_at: aware datetime of the feed's last change.
    Raises ValueError when either of these two is not what it should be.
    """
    if changed_at.utcoffset() is None:
        raise ValueError(f"changed_at must be an aware datetime, not {changed_at!r}")
    if if_none_match is not None:
        return if_none_match.strip() == "*" or _opaque(etag) in _ENTITY_TAG.findall(if_none_match)
    since = _http_date(if_modified_since) if if_modified_since is not None else None
    return since is not None and changed_at.replace(microsecond=0) <= since


def _opaque(etag: str) -> str:
    match = _ENTITY_TAG.fullmatch(etag)
    if match is None:
        raise ValueError(f"not an entity-tag: {etag!r}")
    return match[1]


def _http_date(text: str) -> datetime | None:
    """The moment of an HTTP date in any of its three forms (RFC 9110 5.6.7), None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # asctime's form names no zone; HTTP dates are always UTC.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
