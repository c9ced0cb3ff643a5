"""What the terminal shows of an article: every page, as a phone would show it."""

from io import StringIO

from rich.console import Console

from tests.content import shipped_catalogue, shipped_texts
from tipbot.domain.content import ENGLISH
from tipbot.preview import PHONE_WIDTH, preview_article


def test_all_pages_of_an_article_are_shown() -> None:
    catalogue, texts = shipped_catalogue(), shipped_texts()[ENGLISH]
    (article,) = catalogue.articles(ENGLISH)
    console = Console(width=PHONE_WIDTH, record=True, file=StringIO())
    console.print(preview_article(article, texts, catalogue))
    shown = " ".join(console.export_text().replace("│", " ").split())
    assert all(section.heading in shown for section in article.sections)
    assert f"page {len(article.sections)} of {len(article.sections)}" in shown
