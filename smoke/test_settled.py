"""Runbook 117e step 3: no new error patterns in the log of the rollback target."""

import pytest

from fixtures.recovery import SettledLog

pytestmark = pytest.mark.rollback


def test_the_log_shows_no_failure_that_was_not_there_before(settled_log: SettledLog) -> None:
    """For some minutes the log shows no failure that the deployment was not known for, and nothing of it is missing."""
    assert settled_log.failures == []
