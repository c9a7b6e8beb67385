"""An inbox that failed during a watch, until it works again.

Source: launch runbook 117e, step 3.
"""

import pytest

from fixtures.journeys import WatchedRecovery

pytestmark = pytest.mark.watch


def test_an_inbox_that_failed_works_again(watched_recovery: WatchedRecovery) -> None:
    """After a failure two journeys in a row pass before the watch is over."""
    assert watched_recovery.works_again
