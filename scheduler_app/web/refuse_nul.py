"""Refusing requests with the one character that no text can have."""

import re
from collections.abc import Iterable, Iterator

from flask import abort, request

_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def refuse_nul(*_reached: object) -> None:
    """Before any view or look-up: a 400 page (problem details in the API) for a NUL in path, query, form or JSON.

    PostgreSQL refuses U+0000 in every text, and nobody types it.
    """
    if request.routing_exception is None and (_in_address() or _in_body()):
        abort(400)


def _in_address() -> bool:
    texts = (request.path, *_texts(request.args.items(multi=True)))
    return any("\0" in text for text in texts)


def _in_body() -> bool:
    if request.is_json:
        body = request.get_data()
        return b"\0" in body or _ESCAPED.search(body) is not None
    return any("\0" in text for text in _texts(request.form.items(multi=True)))


def _texts(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        yield name
        yield value
