"""A tiny municipality for tests of single services."""

import pytest
from sqlalchemy.orm import Session

from scheduler_app.services.catalogue import Catalogue, catalogue_of
from tests.support.builders import Town, add_town


@pytest.fixture
def town(session: Session) -> Town:
    return add_town(session)


@pytest.fixture
def catalogue(session: Session, town: Town) -> Catalogue:
    return catalogue_of(session, town.slug)
