"""What a run proves in place of a deployment: a rollback, or the canary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from postdeploy.model import Stage
from postdeploy.run.options import Mode
from postdeploy.run.run import Run

if TYPE_CHECKING:
    from postdeploy.analysis.log_report import LogReport
    from postdeploy.record.entries import Record
    from postdeploy.rollback.proof import Recovery
    from postdeploy.verdict.decision import Facts
    from postdeploy.verdict.verdict import Verdict


class RunProof(Protocol):
    """Judges such a run."""

    stage: Stage

    @property
    def recovery(self) -> Recovery | None:
        """What production was rolled back to, where that is proven."""
        ...

    def share(self, record: Record) -> None:
        """Let every process know what the record says."""
        ...

    def judge(self, facts: Facts, log: LogReport | None) -> Verdict:
        """In place of the verdict on a deployment."""
        ...

    def first_verdict(self, facts: Facts, log: LogReport | None) -> Verdict | None:
        """A verdict that stands before the checks have ended; None: there is none yet."""
        ...


def open_proof(run: Run) -> RunProof | None:
    """What the run is to prove; None: it verifies a deployment.

    Raises:
        UsageError: it is unknown what was rolled back.
    """
    match run.plan.mode:
        case Mode.ROLLBACK:
            from postdeploy.plugin.rollback_proof import RollbackProof

            return RollbackProof(run)
        case Mode.CANARY:
            from postdeploy.plugin.canary_run import CanaryRun

            return CanaryRun(run)
        case _:
            return None
