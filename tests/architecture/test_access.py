"""Nobody comes in by accident: every route says who may enter."""

import pytest
from flask import Flask

# Flask's own view of the files in static/, which anybody may read.
OPEN_BY_DESIGN = {"static"}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_every_route_declares_who_may_enter(app: Flask) -> None:
    undeclared = {
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_BY_DESIGN
        and not getattr(app.view_functions[rule.endpoint], "access", None)
    }
    assert undeclared == set()
