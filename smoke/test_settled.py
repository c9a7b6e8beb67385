"""No new error patterns in the log of the rollback target.

Source: launch runbook 117e, step 3.
"""

import pytest

from fixtures.recovery import SettledLog

pytestmark = pytest.mark.rollback


def test_the_log_shows_no_new_failure(settled_log: SettledLog) -> None:
    """After the rollback, the log is complete and shows only failures known before."""
    assert settled_log.failures == []
