"""What the runtime log says about the first ten minutes.

Source: launch runbook 117e, steps 2 and 3.
"""

import pytest

from fixtures.log import Log
from postdeploy.analysis.findings import LogSubject

pytestmark = [pytest.mark.smoke, pytest.mark.watch]


def test_nothing_is_missing_from_the_log(log: Log) -> None:
    """The log contains our sentinels, at both ends of the window and between, and has no gap."""
    assert log.complete


def test_server_action_errors_stay_below_the_threshold(log: Log) -> None:
    """At most 3 unique Server Action errors, none of them widespread."""
    assert log.failures(LogSubject.ERRORS) == []


def test_the_database_was_reachable(log: Log) -> None:
    """The app reached its database, except for at most one short burst of errors."""
    assert log.failures(LogSubject.DATABASE) == []


def test_no_setting_is_missing_or_refused(log: Log) -> None:
    """No line reports a missing, malformed or rejected variable, or a rejected origin."""
    assert log.failures(LogSubject.CONFIGURATION, LogSubject.ORIGINS) == []


def test_the_database_schema_matches_the_code(log: Log) -> None:
    """No inbox request needs a table or column that does not exist."""
    assert log.failures(LogSubject.SCHEMA) == []


def test_the_inbox_routes_answer(log: Log) -> None:
    """The inbox's pages and reads answer without 5xx, and no function times out or runs out of memory."""
    assert log.failures(LogSubject.ROUTES) == []


def test_sessions_stay_valid(log: Log) -> None:
    """No more sessions are rejected or ended than before the deploy."""
    assert log.failures(LogSubject.SESSIONS) == []


def test_the_log_shows_no_app_specific_failure(log: Log) -> None:
    """No signal that runbook.toml defines as a failure of this app exceeds its limit."""
    assert log.failures(LogSubject.OWN) == []
