"""Checks as Mermaid flowcharts (mermaid.js.org, flowchart syntax), which many pages show as drawings."""

from textwrap import wrap

from tipbot.catalogue import Catalogue
from tipbot.domain.content import ENGLISH
from tipbot.domain.walking import AtEnding, AtScreen, Course, Node, unfold
from tipbot.graphs.words import heading, is_urgent, text, ways

_WIDTH = 34
_PAGE = """# Self-checks
Every way through every check, as `tipbot content graph <id>` draws it. This page is written by a test run
(`TIPBOT_TEST_REWRITE=1 pytest tests/test_graphs.py`) and another one keeps it true; the words are in
`content/en/checks/`.

Red endings send people for help at once: nothing to try and no booking stands beside them. "(+ name)" behind an
answer means that it brings up an idea, which is shown at the end. Whoever is sent to somebody gets no such ideas.
"""


def checks_page(catalogue: Catalogue) -> str:
    """Return the page with the drawings of all checks in English."""
    parts = [_PAGE]
    for course in catalogue.courses(ENGLISH):
        check = course.check
        title = f"## {check.name}\n`{check.id}`, code `{check.code}`. {check.about}"
        parts.append(f"{title}\n\n```mermaid\n{mermaid(course)}\n```\n")
    return "\n".join(parts)


def mermaid(course: Course) -> str:
    """Return the flowchart of a check."""
    nodes = unfold(course.check, course.screens).nodes
    names = {name: f"n{number}" for number, name in enumerate(nodes)}
    lines = ["flowchart TD"]
    lines += [f"    {names[node.id]}{_box(node)}" for node in nodes.values()]
    lines += [
        f'    {names[node.id]} -->|"{_escaped(" / ".join(way.labels))}"| {names[way.goto]}'
        for node in nodes.values()
        for way in ways(node)
    ]
    urgent = [names[node.id] for node in nodes.values() if is_urgent(node)]
    lines.append("    classDef urgent fill:#fde8e8,stroke:#b91c1c,color:#000")
    if urgent:
        lines.append(f"    class {','.join(urgent)} urgent")
    return "\n".join(lines)


def _box(node: Node) -> str:
    words = "<br/>".join([f"<b>{_escaped(heading(node))}</b>", *map(_escaped, wrap(text(node), _WIDTH))])
    match node.place:
        case AtScreen():
            return f'{{{{"{words}"}}}}'
        case AtEnding():
            return f'(["{words}"])'
        case _:
            return f'["{words}"]'


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace('"', "#quot;").replace("<", "&lt;")
