"""Everything that is not Python but is needed at run time is in the wheel."""

import tarfile
import zipfile

import pytest

from tests.packaging.conftest import Package
from tests.support.project import PACKAGES, ROOT, TEMPLATES

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def names(package: Package) -> set[str]:
    with zipfile.ZipFile(package.wheel) as wheel:
        return set(wheel.namelist())


def test_templates_are_inside(names: set[str]) -> None:
    expected = {
        f"scheduler_app/templates/{path.relative_to(TEMPLATES).as_posix()}"
        for path in TEMPLATES.rglob("*")
        if path.is_file()
    }
    assert expected <= names


def test_browser_assets_and_their_licences_are_inside(names: set[str]) -> None:
    vendor = {
        name.removeprefix("scheduler_app/static/vendor/") for name in names if "/static/vendor/" in name
    }
    assert {"kern.min.css", "kern.rtl.css", "htmx.min.js", "fonts.css"} <= vendor
    assert {
        "fonts/fira-sans-latin-400-normal.woff2",
        "fonts/noto-sans-arabic-arabic-400-normal.woff2",
    } <= vendor
    assert len([name for name in vendor if name.startswith("licences/")]) == 4


def test_code_migrations_and_texts_are_inside(names: set[str]) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for pattern in ("*.py", "*.mako", "*.po", "py.typed", "*.toml", "*.yaml")
        for path in (ROOT / package).rglob(pattern)
    }
    assert expected <= names
    assert any("/migrations/versions/" in name for name in names)


def test_no_tests_and_no_machine_files_are_inside(names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_source_distribution_can_build_without_npm(package: Package) -> None:
    with tarfile.open(package.sdist) as archive:
        assert any(name.endswith("/scheduler_app/static/vendor/.made-from") for name in archive.getnames())
