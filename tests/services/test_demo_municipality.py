"""The demo municipality is complete: every service can be booked, with interpreting, in every page language."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from scheduler_app.services.catalogue import Catalogue, catalogue_of
from scheduler_app.services.find_slots import find_slots
from scheduler_app.services.import_municipality import import_municipality
from scheduler_app.services.municipality_file import read_municipality_file
from scheduler_app.services.plan_appointment import plan_appointment
from scheduler_app.services.slot_request import SlotRequest

MOERS = (Path(__file__).parents[2] / "scheduler_app" / "demo" / "moers.yaml").read_bytes()
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def moers(session: Session) -> Catalogue:
    report = import_municipality(session, MOERS, now=NOW)
    assert report.notes == ()
    return catalogue_of(session, report.slug)


def test_the_file_is_large_enough_to_show_real_work() -> None:
    file = read_municipality_file(MOERS)
    assert len(file.agencies) >= 12
    assert sum(len(agency.teams) for agency in file.agencies) >= 22
    assert sum(len(agency.staff) for agency in file.agencies) >= 45
    assert len(file.pools[0].interpreters) >= 28
    assert len(file.services) >= 24


def test_everything_that_clients_read_is_in_every_language() -> None:
    file = read_municipality_file(MOERS)
    texts = [
        text for service in file.services for text in (service.name, service.description, *service.papers)
    ]
    texts += [place.directions for place in file.places]
    assert all(set(text) == set(file.profile.languages) for text in texts if text)


def test_importing_it_again_changes_nothing(session: Session, moers: Catalogue) -> None:
    assert import_municipality(session, MOERS, now=LATER).has_changes is False


def test_every_service_can_be_booked_within_two_weeks(session: Session, moers: Catalogue) -> None:
    until_at = NOW + timedelta(weeks=2)
    for key in moers.services:
        for language, variety in (("", ""), ("ukr", ""), ("ara", "apc"), ("tur", "")):
            plan = plan_appointment(moers, SlotRequest((key,), language, variety))
            search = find_slots(session, moers, plan, now=NOW, until_at=until_at, limit=1)
            assert search.starts, (key, language, search.blocking)


@pytest.mark.parametrize(
    ("services", "language", "variety"),
    [
        # the example of the city: a mother looks for a nursery place, a course and a flat
        (("kita-beratung", "kurs-beratung", "wohnungssuche"), "ara", "apc"),
        # from the asylum seekers' benefits to the job centre
        (("cm-hilfeplan", "leistung-gefluechtete", "jobcenter-erstgespraech"), "ukr", ""),
        # Roma from Bulgaria who speak Turkish
        (("wohnsitz-anmelden", "kita-beratung"), "tur", ""),
        # an unaccompanied minor from Afghanistan
        (("jugendhilfe-minderjaehrige", "schule-seiteneinstieg"), "fas", "prs"),
        (("fiktionsbescheinigung",), "tir", ""),
        (("arbeit-orientierung", "abschluss-anerkennen"), "ukl", ""),
        (("wohnsitz-anmelden", "leistung-gefluechtete", "schule-seiteneinstieg"), "ckb", ""),
    ],
)
def test_what_newcomers_need_together_has_a_joint_slot(
    session: Session, moers: Catalogue, services: tuple[str, ...], language: str, variety: str
) -> None:
    plan = plan_appointment(moers, SlotRequest(services, language, variety))
    search = find_slots(session, moers, plan, now=NOW, until_at=NOW + timedelta(weeks=2), limit=5)
    assert search.starts, search.blocking
