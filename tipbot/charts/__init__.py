"""The clinic's numbers as one picture for a phone; words and numbers come in, a PNG goes out."""

from tipbot.charts.apart import NotDrawn, draw_apart
from tipbot.charts.drawing import draw
from tipbot.charts.picture import Amount, Liking, Picture, Span

__all__ = ["Amount", "Liking", "NotDrawn", "Picture", "Span", "draw", "draw_apart"]
