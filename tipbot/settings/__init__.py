"""Every setting of TipBot: read once from TIPBOT_* variables, checked, then passed down as one frozen value."""

from tipbot.settings.reading import SettingsError, read_settings
from tipbot.settings.settings import Settings
from tipbot.settings.values import Address

__all__ = ["Address", "Settings", "SettingsError", "read_settings"]
