"""The same loops on PostgreSQL, at the same time: see test_loops_on_sqlite.py."""

import pytest

from tests.faults.campaign import RUNS
from tests.faults.conftest import Results
from tests.faults.troubles import TROUBLES

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600 + 40 * RUNS)]


@pytest.mark.parametrize("fault", TROUBLES)
@pytest.mark.parametrize("engine", ["postgresql"])
def test_nothing_is_lost_without_a_word_and_nothing_doubled(engine: str, fault: str, results: Results) -> None:
    complaints = results.of(engine, fault)
    assert not complaints, "\n".join(complaints)
