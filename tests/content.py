"""The shipped content, read once by each process of a test run; none of it can be changed."""

from collections.abc import Mapping
from functools import cache

from tipbot.catalogue import Catalogue, load_catalogue
from tipbot.domain.content import Language
from tipbot.shipped import shipped
from tipbot.texts import Texts, load_texts


@cache
def shipped_catalogue() -> Catalogue:
    """The advice, checks and policies."""
    return load_catalogue(shipped("content"))


@cache
def shipped_texts() -> Mapping[Language, Texts]:
    """What the bot says."""
    return load_texts(shipped("content"))
