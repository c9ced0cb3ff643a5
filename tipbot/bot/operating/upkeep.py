"""Conversations with operators about content that changes while the bot runs."""

from tipbot.bot.operating.door import Area

AREA = Area()
