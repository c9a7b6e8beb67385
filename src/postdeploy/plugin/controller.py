"""The run as a whole: preflight, results, verdict, exit code. Only in the process that a person started."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from postdeploy.model import CheckResult, Outcome, Stage
from postdeploy.plugin.cut_off import CutOff
from postdeploy.plugin.deadline import Deadline
from postdeploy.plugin.drift import DriftWatch
from postdeploy.plugin.preflight import Preflight
from postdeploy.plugin.prerequisites import PrerequisiteLookup, look_ahead
from postdeploy.plugin.proofs import open_proof
from postdeploy.plugin.publishing import Publisher
from postdeploy.plugin.record import RunRecord
from postdeploy.plugin.registration import register
from postdeploy.plugin.stash import PROPERTY
from postdeploy.plugin.terminal import Terminal
from postdeploy.plugin.unsafe_evidence import unsafe_notes
from postdeploy.plugin.uptime import start_watches, uptime_latency, uptime_notes
from postdeploy.production.roles import describe_role, is_not_live, promotion_command
from postdeploy.record.document import VERDICT
from postdeploy.record.entries import Record
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.report.facts import RunFacts
from postdeploy.run.run import Run
from postdeploy.run.session import read_session
from postdeploy.system.decoding import decode
from postdeploy.system.exit_codes import ExitCode
from postdeploy.verdict.decision import Facts, RollbackCommands, failures, judge, pending
from postdeploy.verdict.verdict import Verdict

if TYPE_CHECKING:
    from postdeploy.analysis.log_report import LogReport
    from postdeploy.plugin.claim import Claim
    from postdeploy.plugin.log import RunLog
    from postdeploy.plugin.remedy import Remedy

_PRODUCTION = "<production address>"
"""What to roll back at, where the run knows only one deployment's own address."""


class Controller:
    """Looks before the checks, gathers their results, and judges at the end."""

    def __init__(self, config: pytest.Config, run: Run, claim: Claim) -> None:
        """Begin to look.

        Raises:
            UsageError: the record or the session can't be used, or it is unknown what was rolled back.
        """
        plan = run.plan
        self._config = config
        self._run = run
        self._claim = claim
        self._results: list[CheckResult] = []
        self._verdict: Verdict | None = None
        self._complete = False
        self._shown = False
        self._remedy: Remedy | None = None
        self._terminal = Terminal(config)
        self._deadline = Deadline(self._expire)
        self._record = RunRecord(run)
        self._cut_off = CutOff()
        register(config, self._record, "postdeploy-record")
        register(config, self._cut_off, "postdeploy-cut-off")
        if plan.session:
            run.session.keep(read_session(plan.session, plan.runbook, plan.url))
        self._allure_folder = Path(config.option.allure_report_dir)
        self._publisher = Publisher(run, self._terminal, self._allure_folder)
        self._drift = DriftWatch(run, self._superseded, self._record.known_good)
        self._log = self._open_log() if plan.log else None
        self._preflight = Preflight(plan, self._drift.pin)
        self._proof = open_proof(run)
        self._lookup: PrerequisiteLookup | None = None
        claim.interruption.on_end = self._interrupt

    def _open_log(self) -> RunLog:
        from postdeploy.plugin.log import RunLog

        return RunLog(self._run, lambda: self._results, self._record)

    # Before the checks -----------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """No check starts before the target is known to be there, to be the app, and to be open to us."""
        if self._proof:
            self._proof.share(self._record.known or Record())
        if session.testscollected == 0 and not self._config.pluginmanager.hasplugin("dsession"):  # pytest-xdist
            return None
        failure = self._preflight.end()
        pinned = self._run.deployment = self._preflight.deployment
        if failure:
            self._publisher.announce(failure)
        self._deadline.set(self._run.runbook.budgets.run + self._run.plan.watch_seconds)
        if pinned:
            self._record.ask(pinned)
        if failure or not pinned:
            return True
        self._drift.start(pinned)
        start_watches(self._run, self._log, self._terminal)
        self._lookup = look_ahead(self._run, self._drift.production, self._last_good)
        return None

    # Between the checks ----------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a check's result, from this process or a worker, and publish a failure at once."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                self._take(decode(str(value), CheckResult))
        report.user_properties = [one for one in report.user_properties if one[0] != PROPERTY]  # ours alone

    def _take(self, result: CheckResult) -> None:
        """Of a check that ends twice, the worse result counts."""
        earlier = next((one for one in self._results if one.name == result.name), None)
        if earlier and (result == earlier or earlier.outcome is not Outcome.PASSED):
            return
        if earlier:
            self._results.remove(earlier)
        self._results.append(result)
        verdict = self._judge(unfinished="the run is not finished")
        if result.outcome in (Outcome.PASSED, Outcome.NOT_REACHED):  # a verdict that only grows
            self._publisher.grow(verdict, self._run_facts())
            return
        self._publisher.announce(result)
        self._publish(verdict)

    def pytest_runtest_logfinish(self) -> None:
        """After a rollback: that the inbox is back is published at once, whatever the log will say."""
        verdict = self._proof.first_verdict(self._facts(), self._log_report) if self._proof else None
        if verdict:
            self._publish(verdict)
            self._publisher.say(f"{verdict.headline} ({verdict.summary})")

    def _superseded(self) -> None:
        """Another deployment has taken over: only what the log showed until now counts."""
        if self._log:
            self._log.cut()

    # After the checks ------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge before the browser is closed: a page may keep it from closing, and the verdict must stand all the same."""
        self._results += self._cut_off.missing
        if why := self._cut_off.why(exitstatus):
            self._conclude(unfinished=why)
            session.exitstatus = self._cut_off.exit_code(exitstatus)
        if why or exitstatus == pytest.ExitCode.USAGE_ERROR:
            return
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and not self._preflight.failure and not self._results:
            self._publish(self._judge(unfinished="the selection matches no check"))
            return
        if self._log:  # each failing check gets its server's lines
            self._results[:] = [self._log.join(one, self._allure_folder) for one in self._results]
        self._record.settle()
        self._complete = True
        verdict = self._conclude()
        session.exitstatus = ExitCode.of(verdict.decision)
        if verdict.provisional:
            verdict = self._find_remedy()
        self._record.append(verdict, self._run_facts())
        self._deadline.set(self._run.runbook.budgets.close)

    def _conclude(self, unfinished: str | None = None) -> Verdict:
        """A PASS that cannot be written counts for nothing: exit code 0 means that this verdict stands there."""
        successor = self._drift.successor()
        self._verdict = self._pending(self._judge(successor=successor, unfinished=unfinished))
        self._publish(self._verdict)
        if self._publisher.unwritten:
            self._verdict = self._judge(successor=successor, unfinished=unfinished or self._publisher.unwritten)
        self._claim.decision = self._verdict.decision
        return self._verdict

    def _pending(self, verdict: Verdict) -> Verdict:
        live = self._complete and not self._run.plan.only and not is_not_live(self._drift.production)
        compares = live and not self._proof and not self._remedy
        return pending(verdict, self._run.runbook.comparison.seconds) if compares else verdict

    def _find_remedy(self) -> Verdict:
        from postdeploy.plugin.remedy import find_remedy

        self._deadline.set(self._run.runbook.comparison.seconds + self._run.runbook.budgets.run)
        failed = failures(self._facts())
        found = find_remedy(self._config, self._run, failed, self._last_good, self._publisher.say)
        self._remedy = replace(found, passed_before=self._record.passed_before(self._preflight.deployment))
        return self._conclude()

    def _last_good(self) -> LastGood | NoLastGood:
        failing = [one.name for one in failures(self._facts())]
        return self._drift.rollback_target() or self._record.last_good(self._preflight.deployment, failing)

    def pytest_terminal_summary(self) -> None:
        """One screen, its first line what to do."""
        if self._verdict and not self._shown:
            self._shown = True
            self._publisher.show(self._verdict, self._run_facts())

    def pytest_unconfigure(self) -> None:
        """Leave nothing behind; a verdict that pytest does not show after its own error, or with --no-summary, is shown now."""
        self.pytest_terminal_summary()
        self._deadline.cancel()
        self._drift.stop()
        self._terminal.uncover()
        if self._log:
            self._log.stop()
        self._run.target.close()
        shutil.rmtree(self._run.store.directory, ignore_errors=True)

    def _interrupt(self, signal: str) -> None:
        """Write what is known; the process ends then, and the browser's driver with it."""
        if not self._complete:
            done = f"{len(self._results)} of {len(self._run.plan.required)} checks had a result"
            self._publish(self._judge(unfinished=f"the run did not finish: interrupted ({signal}), {done}"))
        known = self._publisher.unwritten or f"what was known by then stands in {self._run.plan.reports / VERDICT}"
        self._terminal.stop_capturing()
        self._terminal.write([f"interrupted ({signal}): {known}"])
        shutil.rmtree(self._run.store.directory, ignore_errors=True)

    def _expire(self, seconds: float) -> None:
        """Something does not return: say what is known, and end. The browser's driver ends with us."""
        if not self._verdict:
            self._verdict = self._judge(unfinished=f"timed out after {seconds:g} s waiting for the browser")
            self._publish(self._verdict)
            self._record.append(self._verdict, self._run_facts())
        self._terminal.stop_capturing()
        self.pytest_terminal_summary()
        shutil.rmtree(self._run.store.directory, ignore_errors=True)
        os._exit(ExitCode.of(self._verdict.decision))

    def _publish(self, verdict: Verdict) -> None:
        self._publisher.publish(verdict, self._run_facts())

    def _judge(self, *, successor: str | None = None, unfinished: str | None = None) -> Verdict:
        facts = replace(self._facts(), successor=successor, unfinished=unfinished or self._run.plan.proves_nothing)
        return self._proof.judge(facts, self._log_report) if self._proof else judge(facts)

    @property
    def _log_report(self) -> LogReport | None:
        return self._log.report if self._log else None

    def _facts(self) -> Facts:
        plan, production, pinned = self._run.plan, self._drift.production, self._preflight.deployment
        newer = self._record.about_newer_builds(production, ended=self._complete and not self._run.superseded)
        before = self._record.watch_before(pinned) if self._complete else None
        notes = (*uptime_notes(self._run, self._log_report, before), *unsafe_notes(plan.unsafe), *self._drift.notes())
        found = Facts(
            results=self._drift.settled(self._results),
            required=plan.required,
            core=plan.core,
            not_measured=plan.left_out,
            preflight=self._preflight.failure,
            deployment=pinned.deployment_id if pinned else None,
            window_open=self._log is not None and self._log.open,
            auth_slow=self._log is not None and self._log.auth_slow,
            saturated=any(one.saturated for one in self._results if one.outcome is Outcome.FAILED),
            compared_with=self._log_report.baseline if self._log_report else None,
            url=_PRODUCTION if production.is_own_address else plan.url,
            role=describe_role(production),
            staged=is_not_live(production),
            promotes=promotion_command(production),
            canary=self._run.release is not None,
            notes=(*notes, *newer, *self._record.doubts(ended=self._complete)),
            outside_the_inbox=plan.runbook.outside_the_inbox,
            role_changed=self._record.role_changed(self._results),
            ways=RollbackCommands(plan.runbook.rollback.command, plan.runbook.rollback.candidates or None),
        )
        return self._remedy.added_to(found) if self._remedy else found

    def _run_facts(self) -> RunFacts:
        return RunFacts(
            run_id=self._claim.run_id,
            started=self._claim.started,
            finished=dt.datetime.now(dt.UTC),
            url=self._run.plan.url,
            deployment=self._preflight.deployment,
            checks=len(self._run.plan.required.keys() | {one.name for one in self._results}),
            results=tuple(self._results),
            preflight=self._preflight.failure,
            role=describe_role(self._drift.production),
            complete=self._complete,
            stage=self._proof.stage if self._proof else self._log.stage if self._log else Stage.SMOKE,
            log=self._log_report,
            uptime=uptime_latency(self._run),
            platform=self._record.platform,
            recovery=self._proof.recovery if self._proof else None,
            compared=self._remedy.comparisons.made if self._remedy else (),
            history=(self._record.entries or ()) if self._complete else (),
            prerequisites=self._lookup.found() if self._lookup and self._complete else None,
        )
