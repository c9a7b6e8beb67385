"""`pytest -m canary`: what the record knows of the inbox, and the verdict on the canary."""

from __future__ import annotations

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Stage
from postdeploy.record.entries import Record, effective_verdicts, in_part
from postdeploy.rollback.proof import Recovery
from postdeploy.run.canary_access import CANARY_REPORT, PROVEN_INBOXES, ProvenInboxes
from postdeploy.run.run import Run
from postdeploy.verdict import canary
from postdeploy.verdict.decision import Facts
from postdeploy.verdict.verdict import Verdict


class CanaryRun:
    """In the process that a person started."""

    stage = Stage.CANARY
    recovery: Recovery | None = None

    def __init__(self, run: Run) -> None:
        self._run = run

    def share(self, record: Record) -> None:
        """Let every process know which deployments passed their inbox, and when."""
        good = {name: one for name, one in effective_verdicts(record.entries).items() if one.proves_the_inbox}
        moments = {name: round(one.at.timestamp() * 1000) for name, one in good.items()}
        self._run.store.put(PROVEN_INBOXES, ProvenInboxes(moments, in_part(record.notes)))

    def judge(self, facts: Facts, _: LogReport | None) -> Verdict:
        """In place of the verdict on a deployment."""
        asked = self._run.plan.canary
        assert asked is not None
        return canary.judge(facts, asked.phase, self._run.store.get(CANARY_REPORT), self._run.runbook)

    def first_verdict(self, _facts: Facts, _log: LogReport | None) -> Verdict | None:
        """There is one verdict, at the end."""
        return None
