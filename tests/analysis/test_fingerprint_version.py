"""Fingerprints of another version are not compared: an error of theirs is never called new, nor known."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from postdeploy.analysis import known_before, log_report
from postdeploy.analysis.baseline import baseline_of, compared
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.rules import causes, wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import FINGERPRINT_VERSION, Signal
from postdeploy.model import Recommendation
from postdeploy.record import baselines
from postdeploy.runbook.reading import read_runbook
from tests.record.runs import earlier, log

ERROR = Incident(Signal.SERVER_ACTION_ERROR, "POST /", "Error: x", 4, 0, 9)
TALLY = Tally(100, 100, incidents=(ERROR,))


def test_an_error_is_not_compared_with_a_verdict_of_another_version() -> None:
    old = log_report.as_baseline(log("dpl_1", "abc", version=FINGERPRINT_VERSION - 1))
    assert [one.new for one in compared(TALLY, old).incidents] == [None]
    assert "not compared" in old.name


def test_an_error_is_compared_with_a_verdict_of_this_version() -> None:
    assert [one.new for one in compared(TALLY, log_report.as_baseline(log("dpl_1", "abc"))).incidents] == [True]
    assert [one.new for one in compared(TALLY, log_report.as_baseline(log("dpl_1", ERROR.fingerprint))).incidents] == [
        False
    ]


def test_a_report_without_a_version_was_written_before_there_were_versions() -> None:
    written = msgspec.to_builtins(log("dpl_1", "abc"))
    del written["fingerprint_version"]
    assert msgspec.convert(written, log_report.LogReport).fingerprint_version == 1


def test_what_can_not_be_compared_is_not_said_to_have_existed_before() -> None:
    old = log_report.as_baseline(log("dpl_1", version=FINGERPRINT_VERSION - 1))
    evidence = LogEvidence(tally=TALLY, first=TALLY, runbook=read_runbook(), baseline=old)
    assert wording.newness(evidence, TALLY.incidents).startswith("; not compared")
    assert causes.code_fault(evidence, compared(TALLY, old).incidents) is Recommendation.ROLL_BACK


def test_after_a_rollback_nothing_is_tolerated_that_can_not_be_compared() -> None:
    old = replace(baseline_of("before", TALLY), fingerprints=None)
    assert known_before.split(compared(TALLY, old), old).tolerated == ()


def test_a_deployments_own_record_counts_as_far_as_it_is_of_this_version() -> None:
    runs = [
        earlier("dpl_1", log=log("dpl_1", "old", version=FINGERPRINT_VERSION - 1, requests=900)),
        earlier("dpl_1", log=log("dpl_1", "new")),
    ]
    found = baselines.of_its_own(runs, "dpl_1")
    assert found is not None
    assert found.fingerprints == frozenset({"new"})
