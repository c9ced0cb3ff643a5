"""What the terminal shows of an article: every page, as a phone would show it."""

from io import StringIO

from rich.console import Console

from tipbot.catalogue import load_catalogue
from tipbot.domain.content import ENGLISH
from tipbot.preview import PHONE_WIDTH, preview_article
from tipbot.shipped import shipped
from tipbot.texts import load_texts


def test_all_pages_of_an_article_are_shown() -> None:
    catalogue, texts = load_catalogue(shipped("content")), load_texts(shipped("content"))[ENGLISH]
    (article,) = catalogue.articles(ENGLISH)
    console = Console(width=PHONE_WIDTH, record=True, file=StringIO())
    console.print(preview_article(article, texts, catalogue))
    shown = " ".join(console.export_text().replace("│", " ").split())
    assert all(section.heading in shown for section in article.sections)
    assert f"page {len(article.sections)} of {len(article.sections)}" in shown
