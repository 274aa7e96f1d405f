"""Wrong municipality files: each mistake is found, with its line and its reason, and all of them at once."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.services.municipality_file import (
    FileProblem,
    MunicipalityFileRefused,
    read_municipality_file,
)
from scheduler_app.services.municipality_file.check_references import longest_opening
from scheduler_app.services.municipality_file.values import read_hours_of_day
from tests.support.municipality_example import example

FILES = Path(__file__).parent / "municipality_files"
SINGLE = [
    tuple(mistake.values()) for mistake in yaml.safe_load((FILES / "single_mistakes.yaml").read_text("utf-8"))
]


def problems_of(text: str | bytes) -> tuple[FileProblem, ...]:
    with pytest.raises(MunicipalityFileRefused) as refused:
        read_municipality_file(text)
    assert str(refused.value) == "\n".join(str(problem) for problem in refused.value.problems)
    return refused.value.problems


@pytest.mark.parametrize(("right", "wrong", "message"), SINGLE)
def test_a_mistake_is_found_with_its_line_and_reason(right: str, wrong: str, message: str) -> None:
    assert example().count(right) == 1
    text = example().replace(right, wrong)
    line = next(
        number
        for number, (before, after) in enumerate(
            zip(example().split("\n"), text.split("\n"), strict=False), 1
        )
        if before != after
    )
    near = (
        {line, line + 1} if "\n" in wrong.strip() else {line}
    )  # the second line of two may be the wrong one
    found = problems_of(text)
    assert message in [problem.message for problem in found if problem.line in near], found


def test_a_missing_line_is_reported_where_its_block_begins() -> None:
    text = example().replace("    minutes: 20\n", "")
    line = text.split("\n").index("  titel-verlaengern:") + 1
    assert problems_of(text) == (FileProblem(line, "service 'titel-verlaengern': 'minutes' is missing"),)


def test_a_service_that_never_fits_with_interpreting_is_a_mistake() -> None:
    (problem,) = problems_of(example().replace("minutes: 60", "minutes: 180"))
    assert problem.message == (
        "service 'fallbesprechung': takes 270 minutes with interpreting, "
        "but team 'abh-titel' never has so long at a stretch"
    )


def test_a_service_that_never_fits_is_a_mistake() -> None:
    text = example().replace("minutes: 20", "minutes: 300")
    (problem,) = problems_of(text)
    assert problem.message == (
        "service 'titel-verlaengern': takes 450 minutes with interpreting, "
        "but team 'abh-titel' never has so long at a stretch"
    )


def test_a_service_that_needs_a_room_without_steps_is_a_mistake_where_there_is_none() -> None:
    (problem,) = problems_of(example().replace("step_free: yes\n", "step_free: no\n"))
    assert problem.message == (
        "service 'fallbesprechung': needs a step-free room with 4 seats, the largest step-free room has 0"
    )
    read_municipality_file(
        example().replace("step_free: yes\n", "step_free: no\n").replace(", step_free: yes}", "}")
    )


def test_a_part_of_a_service_fits_where_the_whole_would_not() -> None:
    hours = 'hours: {thu: "14:00-17:30"}'
    text = example().replace("minutes: 60", "minutes: 120").replace(hours, 'hours: {thu: "14:00-15:00"}')
    read_municipality_file(text)
    (problem,) = problems_of(text.replace("minutes: 30, offset: 15", "minutes: 45, offset: 15"))
    assert problem.message == (
        "service 'fallbesprechung': takes 70 minutes with interpreting, "
        "but person 'b.schneider' never has so long at a stretch"
    )


def test_what_is_left_out_is_the_usual() -> None:
    file = read_municipality_file(example())
    usual, special = (service.needs[-1] for service in file.services)
    assert (usual.minutes, usual.offset_minutes, usual.before_minutes, usual.after_minutes) == (None, 0, 0, 0)
    assert (usual.is_optional, special.is_optional, special.minutes, special.offset_minutes) == (
        False, True, 30, 15,
    )  # fmt: skip
    text = example().replace("        gender: female\n        works: [on_site, video]\n", "")
    (interpreter,) = read_municipality_file(text).pools[0].interpreters
    assert (interpreter.gender, interpreter.on_site, interpreter.by_video) == ("", True, False)
    assert (file.rooms[0].parallel, file.agencies[0].lead_working_days) == (1, 0)


def test_two_of_one_team_are_two_people() -> None:
    needs = "needs: [{team: abh-titel}, {team: abh-titel}]"
    file = read_municipality_file(example().replace("needs: [{team: abh-titel}]", needs))
    assert len(file.services[0].needs) == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem(1, "the file is empty")),
        (b" \n\n", FileProblem(1, "the file is empty")),
        (b"# nothing\n", FileProblem(1, "the file must be a block of 'key: value' lines, this is nothing")),
        (
            "slug: m\nname: M\u00fcnster\n".encode("latin-1"),
            FileProblem(2, "the file is not UTF-8; save it as UTF-8 in your editor"),
        ),
        (
            "slug: m\nname: Köln\n".encode("utf-16"),
            FileProblem(1, "the file is not UTF-8; save it as UTF-8 in your editor"),
        ),
        (b"just a text", FileProblem(1, "the file must be a block of 'key: value' lines, this is a text")),
        (b"- a\n- b\n", FileProblem(1, "the file must be a block of 'key: value' lines, this is a list")),
        (
            b"a: 1\nb: {c: 2\n",
            FileProblem(3, "this is not YAML: expected ',' or '}', but got '<stream end>'"),
        ),
        (
            b"a: 1\n\tb: 2\n",
            FileProblem(2, "this is not YAML: found character '\\t' that cannot start any token"),
        ),
        (b"a: 1\nb: \x00\n", FileProblem(2, "this is not YAML: a character here is not allowed")),
        (
            b"a: 1\n---\nb: 2\n",
            FileProblem(2, "a second document starts here ('---'); one file is one municipality"),
        ),
        (b"? [a]\n: b\n", FileProblem(1, "a key must be a short text, this is a list")),
        (b"[" * 5000, FileProblem(1, "nested more than 20 levels deep")),
        (b"a: 1\n", FileProblem(1, "file: 'format' is missing")),
        (b"x" * 2_000_001, FileProblem(1, "the file is too large: 2000001 bytes, at most 2000000 are read")),
    ],
)
def test_what_is_no_municipality_file_at_all(content: bytes, problem: FileProblem) -> None:
    assert problems_of(content) == (problem,)


def test_all_mistakes_of_a_file_are_found_at_once() -> None:
    """The file says it itself: `#! message` at the end of each wrong line, several with ` / ` between them."""
    text = (FILES / "many_mistakes.yaml").read_text(encoding="utf-8")
    expected = [
        FileProblem(number, message)
        for number, line in enumerate(text.split("\n"), 1)
        if (mark := re.search(r" #! (.*)$", line))
        for message in mark[1].split(" / ")
    ]
    assert len(expected) == 27
    assert problems_of(text) == tuple(sorted(expected))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_read_or_refused_but_never_a_crash(data: st.DataObject) -> None:
    lines = example().split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        damage = st.sampled_from(
            ["", "x", "- a", "a: b", "  - {", "? [a]", ": :", "\t", "name: [1, {a: b}]", "''", "~"]
        )
        kept = lines[number][: data.draw(st.integers(0, len(lines[number])))]
        lines[number] = kept + data.draw(damage)
    problems: tuple[FileProblem, ...] = ()
    try:
        read_municipality_file("\n".join(lines))
    except MunicipalityFileRefused as refused:
        problems = refused.problems
    assert all(1 <= problem.line <= len(lines) + 1 for problem in problems)


def test_yaml_does_not_reinterpret_values() -> None:
    text = example().replace("name: Raum", "name: no").replace("name: Rathaus\n", "name: 012\n")
    assert read_municipality_file(text).places[0].name == "012"
    assert read_municipality_file("\ufeff" + text) == read_municipality_file(text.replace("\n", "\r\n"))


def test_openings_that_touch_count_as_one() -> None:
    assert longest_opening(read_hours_of_day(0, "08:00-10:00, 10:00-12:00, 13:00-15:00")) == 240
    assert longest_opening(read_hours_of_day(0, "20:00-24:00") + read_hours_of_day(1, "00:00-02:00")) == 240
    assert longest_opening(()) == 0
