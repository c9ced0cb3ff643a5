"""How often what happens by chance is tried: often with TIPBOT_TEST_THOROUGH=1, and a few times otherwise."""

import os
from typing import TypeVar

import pytest

Amount = TypeVar("Amount")

IS_THOROUGH = bool(os.environ.get("TIPBOT_TEST_THOROUGH"))


def chosen(*, usually: Amount, thoroughly: Amount) -> Amount:
    """Return how much of something this run is to try."""
    return thoroughly if IS_THOROUGH else usually


ON_ONE_ENGINE = pytest.mark.parametrize(
    "database_url", chosen(usually=["sqlite"], thoroughly=["sqlite", "postgresql"]), indirect=True
)
"""For a long life of which shorter tests try all the SQL on both engines."""
