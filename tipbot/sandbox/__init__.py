"""A local stand-in for Telegram, for trying the whole bot without a token and for the tests."""
