"""One running municipality per kind of database for all journeys; they book different people, so they share it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.support.databases import Databases
from tests.support.site import Site, running_site


@pytest.fixture(scope="session")
def site_on(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Site]]:
    with ExitStack() as running:

        @cache
        def start(kind: str) -> Site:
            database_url = running.enter_context(databases.fresh(kind))
            return running.enter_context(running_site(database_url, tmp_path_factory.mktemp(kind)))

        yield start


@pytest.fixture
def site(site_on: Callable[[str], Site], database_kind: str) -> Site:
    return site_on(database_kind)
