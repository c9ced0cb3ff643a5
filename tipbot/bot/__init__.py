"""Telegram in and out: the only importer of `telegram`; it translates and decides nothing."""
