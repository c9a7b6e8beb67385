"""The rows of the readiness parts are complete, and say what the sandbox's faults say."""

from __future__ import annotations

from sandbox.readiness_faults import READINESS_FAULTS
from tests.faults.readiness import READINESS_ROWS


def test_every_fault_has_its_row_with_the_same_decision() -> None:
    assert {row.fault: row.decision for row in READINESS_ROWS} == {
        fault.name: fault.decision for fault in READINESS_FAULTS
    }


def test_a_failing_row_names_the_check_that_fails() -> None:
    assert [row.fault for row in READINESS_ROWS if row.decision == "FAIL" and not (row.check and row.says)] == []


def test_over_all_faults_at_most_one_job_runs_and_none_where_the_routes_are_guarded() -> None:
    """The matrix holds each row to its number: a job runs only where a route lets in whoever comes."""
    assert {row.fault: row.jobs for row in READINESS_ROWS if row.jobs} == {"cron-open": 1, "cron-bearer-undefined": 1}
