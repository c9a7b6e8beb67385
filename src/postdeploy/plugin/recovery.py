"""`pytest -m rollback`: which rollback is to be proven, what a run of it consists of, and that the inbox's verdict comes at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
import pytest

from postdeploy.model import Blocked, Outcome, UsageError
from postdeploy.plugin.selection import asks_for
from postdeploy.plugin.stash import reports_of
from postdeploy.record.entries import words_on
from postdeploy.rollback import proof
from postdeploy.rollback import report as rollback_report
from postdeploy.rollback.plan import NOT_RESTORED
from postdeploy.rollback.proof import RECOVERY, Recovery
from postdeploy.run import log_options
from postdeploy.run.log_options import LogRequest
from postdeploy.run.run import Run
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.tables import Runbook
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.project import AliasRequest, project_state
from postdeploy.vercel.retry import ONE_RETRY
from postdeploy.verdict import recovery
from postdeploy.verdict.decision import Facts
from postdeploy.verdict.recovery import PART, SETTLED
from postdeploy.verdict.verdict import Verdict

if TYPE_CHECKING:
    from postdeploy.plugin.controller import Controller

VERCEL = "vercel"
_MARK = "rollback"


def is_asked_for(expression: str) -> bool:
    """Whether a `-m` expression asks for the proof of a rollback.

    Raises:
        UsageError: together with other checks: those would be judged by other rules.
    """
    if not asks_for(expression, _MARK):
        return False
    if any(asks_for(expression, mark) for mark in ("smoke", "watch", "canary")):
        raise UsageError(f"-m {expression!r}: a rollback is proven by itself. Run pytest -m rollback, then -m smoke.")
    return True


def prepared(runbook: Runbook) -> Runbook:
    """The runbook of such a run: its own parts are required, and the log's window is the time after the rollback."""
    parts = {**runbook.parts, PART: "required", SETTLED: "required"}
    window = runbook.rollback.settle or runbook.threshold.window
    threshold = msgspec.structs.replace(runbook.threshold, window=window)
    return msgspec.structs.replace(runbook, parts=parts, threshold=threshold)


def wanted_log(runbook: Runbook, option: Any, environment: Environment) -> LogRequest | None:
    """The log after the rollback: the platform's, where it can be asked and nothing else is said."""
    if not runbook.rollback.settle and not option.watch:
        return None
    source = option.logs or runbook.logs.source or (VERCEL if environment.platform else None)
    watch = option.watch or f"{runbook.rollback.settle}s"
    found = log_options.wanted(runbook, source, option.baseline, option.deployed_at, watch if source else option.watch)
    return replace(found, recovery=True) if found else None


def left_out(
    runbook: Runbook, given: dict[str, str], log: LogRequest | None, environment: Environment
) -> dict[str, str]:
    """Part → why it is not measured. Everything else is not this run's business."""
    found = {part: f"not part of -m {_MARK}" for part in runbook.parts if part not in (PART, SETTLED)}
    if why := given.get(SETTLED) or (
        "switched off by --without" if given.get("logs", "").startswith("switched") else ""
    ):
        found[SETTLED] = why
    elif log is None:
        found[SETTLED] = _no_log(runbook, environment)
    return found


def _no_log(runbook: Runbook, environment: Environment) -> str:
    if not runbook.rollback.settle:
        return "[rollback] settle is 0"
    return f"no --logs, and no {' and '.join(environment.platform_missing)}"


class RecoveryPart:
    """Belongs to the process that a person started."""

    def __init__(self, config: pytest.Config, run: Run, controller: Controller) -> None:
        """Find out what production went back to.

        Raises:
            UsageError: nobody says, or what says it can't be read.
        """
        self._config = config
        self._run = run
        self._controller = controller
        self._told = False
        self.recovery = self._find()

    def judge(self, facts: Facts) -> Verdict:
        """In place of the verdict on a deployment."""
        log = self._controller.log.report if self._controller.log else None
        return recovery.judge(facts, self.recovery, log, self._run.superseded)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Let the checks of every process know, together with what the record says of the target."""
        entries = self._controller.record.entries or ()
        word = words_on(entries, urlsplit(self._run.target.base_url).netloc).get(self.recovery.target)
        if word and word.failing and not self.recovery.failing:
            self.recovery = replace(self.recovery, failing=word.failing)
        self._run.store.put(RECOVERY, self.recovery)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The inbox is back: that stands at once, whatever the log will say."""
        if report.when != "call" or self._told or self._run.superseded:
            return
        facts = self._controller.facts()
        required = {name: part for name, part in facts.required.items() if part == PART}
        passed = {one.name for one in facts.results if one.outcome is Outcome.PASSED}
        if SETTLED in self._run.left_out or not required.keys() <= passed:
            return
        self._told = True
        verdict = self.judge(replace(facts, required=required))
        self._controller.publish(verdict)
        self._controller.tell(f"{verdict.headline} ({verdict.summary})")

    def _find(self) -> Recovery:
        option = self._config.option
        if option.target:
            if not option.target.startswith("dpl_"):
                raise UsageError(f"--target={option.target} is no deployment's id. Write --target=dpl_…")
            return self._with_the_rest(proof.by_option(option.target, self._last_request(must=False)))
        written = rollback_report.read(reports_of(self._config, option))
        found = proof.by_report(written) if written and written.url == self._run.target.base_url else None
        if found is None:
            found = proof.by_platform(self._last_request(must=True))
        if found is None:
            raise UsageError(
                "-m rollback: no rollback is known: the platform's last request is none. Name what production"
                " went back to: --target=dpl_…, or roll back first: postdeploy rollback"
            )
        return self._with_the_rest(found)

    def _with_the_rest(self, found: Recovery) -> Recovery:
        """What a report would have said besides."""
        undo = f"postdeploy rollback {found.left} --base-url={self._run.target.base_url} --yes"
        return replace(
            found,
            not_restored=found.not_restored or NOT_RESTORED,
            undo=found.undo or ((undo,) if found.left else ()),
        )

    def _last_request(self, *, must: bool) -> AliasRequest | None:
        """The platform's last request. `must`: nobody else says what production went back to."""
        try:
            with Vercel(platform_access(self._run.environment), ONE_RETRY) as vercel:
                return project_state(vercel).last_request
        except Blocked as error:
            if must:
                folder = Path(self._config.option.reports or "reports")
                raise UsageError(
                    f"-m rollback: what did production go back to? There is no {folder / rollback_report.FILE}, and"
                    f" {error.what}. Name it: --target=dpl_…"
                ) from None
            return None
