"""The texts as they ship."""

from pathlib import Path

import pytest

from notifications.texts import Texts

FOLDER = Path(__file__).parents[2] / "templates" / "messages"


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts(FOLDER)
