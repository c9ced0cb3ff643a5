"""Drawings of the checks: the page is up to date, and no two boxes of a picture overlap."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.content import shipped_catalogue
from tipbot.cli import main
from tipbot.domain.content import ENGLISH
from tipbot.domain.walking import Course, unfold
from tipbot.graphs import checks_page, mermaid
from tipbot.graphs.layout import arrange
from tipbot.graphs.words import ways

CATALOGUE = shipped_catalogue()
PAGE = Path(__file__).parent.parent / "docs" / "checks.md"
COURSES = [pytest.param(course, id=course.check.id) for course in CATALOGUE.courses(ENGLISH)]


def test_the_page_of_all_checks_is_up_to_date() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    drawn = checks_page(CATALOGUE)
    if os.environ.get("TIPBOT_TEST_REWRITE"):
        PAGE.write_text(drawn, encoding="utf-8")
    assert written == drawn


@pytest.mark.parametrize("course", COURSES)
def test_every_place_and_every_way_on_is_drawn(course: Course) -> None:
    nodes = unfold(course.check, course.screens).nodes
    lines = mermaid(course).splitlines()
    assert sum("-->" in line for line in lines) == sum(len(ways(node)) for node in nodes.values())
    assert all(
        any(f"    n{number}{bracket}" in line for line in lines for bracket in "[({")
        for number in range(len(nodes))
    )


@pytest.mark.parametrize("course", COURSES)
def test_no_box_stands_on_another_and_every_arrow_leads_down(course: Course) -> None:
    nodes = unfold(course.check, course.screens).nodes
    edges = [(str(node.id), str(way.goto)) for node in nodes.values() for way in ways(node)]
    layout = arrange([str(name) for name in nodes], edges, {str(name): 2.0 for name in nodes})
    assert all(layout.row[start] < layout.row[end] for start, end in edges)
    for row in set(layout.row.values()):
        here = sorted(layout.middle[str(name)] for name in nodes if layout.row[str(name)] == row)
        assert all(right - left >= 2.0 for left, right in pairwise(here))


def test_the_command_draws_text_and_pictures(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(main, ["content", "graph", "sitting"]).output.startswith("flowchart TD\n    n0{{")
    file = tmp_path / "sitting.png"
    assert run(main, ["content", "graph", "sitting", "--png", str(file)]).exit_code == 0
    assert file.read_bytes().startswith(b"\x89PNG")
    unknown = run(main, ["content", "graph", "siting"])
    assert unknown.exit_code == 1
    nowhere = run(main, ["content", "graph", "sitting", "--png", str(tmp_path / "no" / "sitting.png")])
    assert nowhere.exit_code == 1
