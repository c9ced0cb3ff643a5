"""Telegram in and out: the only importer of `telegram`; it translates and decides nothing."""

import os

# The library announces that time spans will be timedeltas; asking for that now keeps one meaning in our code.
os.environ.setdefault("PTB_TIMEDELTA", "true")
