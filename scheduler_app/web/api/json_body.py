"""A JSON body and the mistakes in it: every one with its place, not only the first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from scheduler_app.web.api.problems import FieldError, InvalidRequest

T = TypeVar("T")


@dataclass
class Body:
    members: Mapping[str, Any]
    errors: list[FieldError] = field(default_factory=list)

    def refuse(self, pointer: str, detail: str) -> None:
        self.errors.append(FieldError(detail, pointer=pointer))

    def check_names(self, base: str, members: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for name in members:
            if name not in known:
                self.refuse(
                    f"{base}{name}", f"There is no member '{name}' here; known are {', '.join(known)}."
                )

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self.members.get(name)
        if value is None and not needed:
            return ""
        if isinstance(value, str) and (value.strip() or not needed):
            return value.strip()
        self.refuse(f"#/{name}", f"'{name}' is needed, as a text." if needed else f"'{name}' must be a text.")
        return ""

    def flag(self, name: str) -> bool:
        value = self.members.get(name, False)
        if isinstance(value, bool):
            return value
        self.refuse(f"#/{name}", f"'{name}' must be true or false.")
        return False

    def read(self, name: str, reader: Callable[[str], T], *, needed: bool = False) -> T | None:
        text = self.text(name, needed=needed)
        if not text:
            return None
        try:
            return reader(text)
        except ValueError as error:
            self.refuse(f"#/{name}", str(error))
            return None


def read_members() -> Mapping[str, Any]:
    """The JSON object of this request's body. Raises InvalidRequest, or UnsupportedMediaType."""
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        members = request.get_json()
    except (BadRequest, RecursionError) as error:
        raise InvalidRequest(FieldError("The body is no JSON.", pointer="#")) from error
    if not isinstance(members, dict):
        raise InvalidRequest(FieldError("The body must be an object.", pointer="#"))
    return members
