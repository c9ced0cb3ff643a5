"""An item as Telegram will show it, for a terminal."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from tipbot.bot.conversations.articles import page_text
from tipbot.bot.item_presses import Page
from tipbot.bot.rendering import render_delivery
from tipbot.catalogue import Catalogue
from tipbot.domain.content import Article, Item, Stretch
from tipbot.domain.subscribers import Kind
from tipbot.sandbox.markup import parse_html
from tipbot.texts import Texts

# About as many characters as a telephone shows in a line.
PHONE_WIDTH = 46
_STYLES = {"bold": "bold", "italic": "italic", "expandable_blockquote": "dim", "blockquote": "dim"}


def preview(item: Item, texts: Texts, catalogue: Catalogue) -> RenderableType:
    """Return the message and its buttons in a frame as wide as a telephone."""
    kind = Kind.STRETCH if isinstance(item, Stretch) else Kind.TIP
    screen = render_delivery(item, texts, catalogue, kind)
    parts: list[RenderableType] = [styled(screen.text)]
    if screen.keyboard is not None:
        rows = ("  ".join(f"[ {button.text} ]" for button in row) for row in screen.keyboard.inline_keyboard)
        parts += [Text(row, style="cyan") for row in rows]
    return Panel(Group(*parts), width=PHONE_WIDTH)


def preview_article(article: Article, texts: Texts, catalogue: Catalogue) -> RenderableType:
    """Return all pages of an article, each in a frame as wide as a telephone."""
    pages = range(1, len(article.sections) + 1)
    shown = (styled(page_text(article, Page(page), texts, catalogue)) for page in pages)
    return Group(*(Panel(text, width=PHONE_WIDTH) for text in shown))


def styled(html: str) -> Text:
    """Return Telegram's HTML as terminal text; entity offsets count UTF-16 units, as Telegram's do."""
    plain, entities = parse_html(html)
    text = Text(plain)
    units = plain.encode("utf-16-le")
    for entity in entities:
        start = len(units[: 2 * entity["offset"]].decode("utf-16-le"))
        end = len(units[: 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"))
        text.stylize(_STYLES.get(entity["type"], ""), start, end)
    return text
