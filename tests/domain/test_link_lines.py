"""Link buttons as people type them, with an answer to each way of getting them wrong."""

import pytest

from tipbot.domain.composition import LinkButton
from tipbot.domain.link_lines import LinkFault, WrongLink, read_links

URL = "https://example.org/sleep"


@pytest.mark.parametrize(
    ("text", "button"),
    [
        (f"Read the article - {URL}", LinkButton("Read the article", URL)),
        (f"  Read on: {URL} ", LinkButton("Read on", URL)),
        (f"Read \N{EN DASH} all of it \N{EM DASH} {URL}", LinkButton("Read \N{EN DASH} all of it", URL)),
        (f"Read on {URL}?a=1-2", LinkButton("Read on", f"{URL}?a=1-2")),
        ("Our bot => tg://resolve?domain=clinic", LinkButton("Our bot", "tg://resolve?domain=clinic")),
        ("Well-being | HTTP://example.org", LinkButton("Well-being", "HTTP://example.org")),
    ],
)
def test_a_line_is_a_button(text: str, button: LinkButton) -> None:
    assert read_links(text) == (button,)


def test_several_lines_are_several_buttons() -> None:
    assert [one.label for one in read_links(f"One - {URL}\n\nTwo - {URL}\n")] == ["One", "Two"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", LinkFault.NO_ADDRESS),
        ("Read on - example.org", LinkFault.NO_ADDRESS),
        ("Read on - ftp://example.org", LinkFault.NO_ADDRESS),
        ("Read on - javascript:alert(1)", LinkFault.NO_ADDRESS),
        ("Read on - https://localhost/x", LinkFault.WRONG_ADDRESS),
        ("Read on - https://me:secret@example.org", LinkFault.WRONG_ADDRESS),
        ("Read on - https://[example", LinkFault.WRONG_ADDRESS),
        (f"- {URL}", LinkFault.NO_LABEL),
        (f"{'x' * 65} - {URL}", LinkFault.LONG_LABEL),
        ("\n".join(f"{number} - {URL}" for number in range(7)), LinkFault.TOO_MANY),
    ],
)
def test_what_is_wrong_is_named(text: str, fault: LinkFault) -> None:
    with pytest.raises(WrongLink) as caught:
        read_links(text)
    assert caught.value.fault is fault
