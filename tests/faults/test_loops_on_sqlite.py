"""Every kind of fault on SQLite, again and again, at moments by chance: nobody gets two, none is lost silently.

`make faults` runs these, and `make tests` does not. TIPBOT_TEST_RUNS says how often each fault strikes (30),
TIPBOT_TEST_SEED with which seed the first run begins; the next runs take the seeds after it.
"""

import pytest

from tests.faults.campaign import RUNS
from tests.faults.conftest import Results
from tests.faults.troubles import TROUBLES

# All loops of an engine run at once, while the first test waits for them. So they must stay in one process: each
# engine has a file of its own, and --dist loadfile keeps that together.
pytestmark = [pytest.mark.faults, pytest.mark.timeout(600 + 40 * RUNS)]


@pytest.mark.parametrize("fault", TROUBLES)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_nothing_is_lost_without_a_word_and_nothing_doubled(engine: str, fault: str, results: Results) -> None:
    complaints = results.of(engine, fault)
    assert not complaints, "\n".join(complaints)
