"""Logs of kinds that no rule names (strange_logs.py, library_logs.toml): what fails, what is only said, how many errors there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.model import BY_PRIORITY, Severity
from postdeploy.runbook.reading import read_runbook
from tests.analysis import (
    attributed_logs,
    blamed_logs,
    diluted_logs,
    doubtful_logs,
    driver_logs,
    foreign_logs,
    library_logs,
    misleading_logs,
    named_logs,
    noted_logs,
    outspoken_logs,
    quoting_logs,
    strange_logs,
    told_apart_logs,
    unheard_logs,
    waiting_logs,
    well_logs,
)
from tests.analysis.strange_logs import Case, written
from tests.logs.rows import DEPLOYED, TODAY

RUNBOOK = read_runbook()


def says(report: LogReport) -> str:
    """The recommendation of what fails it; else whether it may pass, but for what no export alone can prove."""
    failing = [one.recommendation for one in report.findings if one.severity is Severity.FAIL]
    if failing:
        return str(next(each for each in BY_PRIORITY if each in failing))
    others = [each for each in report.proof.missing if "sentinel" not in each and "the log ends" not in each]
    return "unproven" if others else "pass"


CASES = (
    *strange_logs.CASES,
    *library_logs.CASES,
    *misleading_logs.CASES,
    *named_logs.CASES,
    *told_apart_logs.CASES,
    *diluted_logs.CASES,
    *doubtful_logs.CASES,
    *foreign_logs.CASES,
    *waiting_logs.CASES,
    *driver_logs.CASES,
    *blamed_logs.CASES,
    *attributed_logs.CASES,
    *well_logs.CASES,
    *noted_logs.CASES,
    *quoting_logs.CASES,
    *outspoken_logs.CASES,
    *unheard_logs.CASES,
)
ALL = [pytest.param(each, id=each.name) for each in CASES]


@pytest.mark.parametrize("case", ALL)
def test_a_strange_log_is_understood(tmp_path: Path, case: Case) -> None:
    (tmp_path / "log").write_bytes(written(case))
    report = saved_logs.examine([str(tmp_path / "log")], LogQuery(since=DEPLOYED), RUNBOOK, TODAY)
    causes = {str(one.cause) for one in report.findings if one.severity is Severity.FAIL}
    warns = " | ".join(one.sentence for one in report.findings if one.severity is Severity.WARN)
    assert (says(report), report.totals.unique) == (case.says, case.unique), (report.findings, report.proof.missing)
    assert causes == ({case.cause} if case.cause else set())
    assert case.warns in warns
    assert warns or not case.warns
    if case.says == "pass" and not (case.warns or case.unique):
        assert not warns
