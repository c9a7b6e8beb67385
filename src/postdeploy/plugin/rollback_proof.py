"""`pytest -m rollback`: which rollback is to be proven, and that the verdict on the inbox does not wait for the log."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Blocked, Outcome, Stage, UsageError
from postdeploy.record.entries import Record, verdicts_on
from postdeploy.rollback import proof
from postdeploy.rollback import report as rollback_report
from postdeploy.rollback.plan import NOT_RESTORED
from postdeploy.rollback.proof import RECOVERY, Recovery
from postdeploy.run.run import Run
from postdeploy.runbook.parts import ROLLBACK, SETTLED
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.ids import is_deployment_id
from postdeploy.vercel.project import AliasRequest, project_state
from postdeploy.vercel.retry import ONE_RETRY
from postdeploy.verdict import recovery
from postdeploy.verdict.decision import Facts
from postdeploy.verdict.verdict import Verdict


class RollbackProof:
    """In the process that a person started."""

    stage = Stage.RECOVERY

    def __init__(self, run: Run) -> None:
        """Find out what was rolled back.

        Raises:
            UsageError: nothing says it, or what says it can't be read.
        """
        self._run = run
        self._published = False
        self.recovery = self._find()

    def judge(self, facts: Facts, log: LogReport | None) -> Verdict:
        """In place of the verdict on a deployment."""
        return recovery.judge(facts, self.recovery, log, self._run.superseded)

    def share(self, record: Record) -> None:
        """Let every process know what was rolled back, together with what the record says of the target."""
        entry = verdicts_on(record.entries, urlsplit(self._run.plan.url).netloc).get(self.recovery.target)
        if entry and entry.failing and not self.recovery.failing:
            self.recovery = replace(self.recovery, failing=entry.failing)
        self._run.store.put(RECOVERY, self.recovery)

    def first_verdict(self, facts: Facts, log: LogReport | None) -> Verdict | None:
        """The verdict on the inbox, once: as soon as its checks have passed, whatever the log will say."""
        if self._published or self._run.superseded or SETTLED in self._run.plan.left_out:
            return None
        required = {name: part for name, part in facts.required.items() if part == ROLLBACK}
        if not required.keys() <= {one.name for one in facts.results if one.outcome is Outcome.PASSED}:
            return None
        self._published = True
        return self.judge(replace(facts, required=required), log)

    def _find(self) -> Recovery:
        plan = self._run.plan
        if plan.restored:
            if not is_deployment_id(plan.restored):
                raise UsageError(f"--target={plan.restored}: not a deployment's id. Write --target=dpl_…")
            return self._completed(proof.by_option(plan.restored, self._last_request(must=False)))
        written = rollback_report.read(plan.reports)
        found = proof.by_report(written) if written and written.url == self._run.plan.url else None
        if found is None:
            found = proof.by_platform(self._last_request(must=True))
        if found is None:
            raise UsageError(
                "-m rollback: no rollback is known: Vercel's last request was none. Name what production"
                " was rolled back to: --target=dpl_…, or roll back first: postdeploy rollback"
            )
        return self._completed(found)

    def _completed(self, found: Recovery) -> Recovery:
        """With what a rollback report would have said in addition."""
        undo = f"postdeploy rollback {found.left} --base-url={self._run.plan.url} --yes"
        return replace(
            found,
            not_restored=found.not_restored or NOT_RESTORED,
            undo=found.undo or ((undo,) if found.left else ()),
        )

    def _last_request(self, *, must: bool) -> AliasRequest | None:
        """The last request to Vercel. `must`: nothing else says what production was rolled back to."""
        try:
            with Vercel(platform_access(self._run.environment), ONE_RETRY) as vercel:
                return project_state(vercel).last_request
        except Blocked as error:
            if must:
                file = self._run.plan.reports / rollback_report.FILE
                raise UsageError(
                    "-m rollback: it is not known what production was rolled back to: there is no"
                    f" {file}, and {error.what}. Name it: --target=dpl_…"
                ) from None
            return None
