"""The composition root: settings become objects, and the objects one running process. It alone knows everything."""

from tipbot.app.house import REFUSALS, House, open_house, read_content
from tipbot.app.running import run, stop_on_signals

__all__ = ["REFUSALS", "House", "open_house", "read_content", "run", "stop_on_signals"]
