"""A check as a drawing: Mermaid text for pages, a picture for paper; both show every way through it."""

from tipbot.graphs.mermaid import checks_page, mermaid
from tipbot.graphs.picture import draw_picture

__all__ = ["checks_page", "draw_picture", "mermaid"]
