"""Runbook 117e steps 2 and 3: what the runtime log says of the first ten minutes."""

import pytest

from fixtures.log import Log
from postdeploy.analysis.findings import LogSubject

pytestmark = [pytest.mark.smoke, pytest.mark.watch]


def test_nothing_is_missing_from_the_log(log: Log) -> None:
    """The log shows the requests that we sent to be found in it, at both ends and in between, and has no gap."""
    assert log.complete


def test_server_action_errors_stay_below_the_threshold(log: Log) -> None:
    """No more than 3 unique Server Action errors, and none of them widespread."""
    assert log.failures(LogSubject.ERRORS) == []


def test_the_database_was_reachable(log: Log) -> None:
    """The app reached its database, but for a burst at the most."""
    assert log.failures(LogSubject.DATABASE) == []


def test_no_setting_is_missing_or_refused(log: Log) -> None:
    """No line says that a variable is missing, malformed or refused, and no origin is."""
    assert log.failures(LogSubject.CONFIGURATION, LogSubject.ORIGINS) == []


def test_the_database_has_what_the_code_asks_for(log: Log) -> None:
    """No inbox request asks for a table or column that does not exist."""
    assert log.failures(LogSubject.SCHEMA) == []


def test_the_inbox_routes_answer(log: Log) -> None:
    """The inbox's pages and reads answer without 5xx, and no function dies."""
    assert log.failures(LogSubject.ROUTES) == []


def test_sessions_hold(log: Log) -> None:
    """No more people are signed out or refused than before the deploy."""
    assert log.failures(LogSubject.SESSIONS) == []


def test_the_apps_own_signals_are_quiet(log: Log) -> None:
    """Nothing that runbook.toml calls a failure of this app was logged."""
    assert log.failures(LogSubject.OWN) == []
