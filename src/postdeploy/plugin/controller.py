"""The run as a whole: preflight, verdict, exit code. Only in the process that a person started."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import threading
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from postdeploy.analysis.signals import Signal
from postdeploy.model import (
    Blocked,
    CheckResult,
    Decision,
    Deployment,
    EvidenceKind,
    Misbehaved,
    Outcome,
    Stage,
    evidence_lines,
)
from postdeploy.plugin.advice import Outlook, OutlookPart
from postdeploy.plugin.drift import DriftPart
from postdeploy.plugin.incident_note import NotePart
from postdeploy.plugin.log import LogPart
from postdeploy.plugin.record import RecordPart
from postdeploy.plugin.recovery import RecoveryPart
from postdeploy.plugin.selection import asks_for
from postdeploy.plugin.stash import PROPERTY, RUN, reports_of
from postdeploy.production.roles import describe_role, is_not_live
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.record.places import Place
from postdeploy.report import allure, github
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import headline
from postdeploy.report.markdown import as_markdown
from postdeploy.report.terminal import check_lines, summary_lines
from postdeploy.report.writing import write
from postdeploy.run.log_options import LogRequest
from postdeploy.system.decoding import decode
from postdeploy.system.exit_codes import ExitCode
from postdeploy.verdict.decision import Facts, judge
from postdeploy.verdict.verdict import Verdict

_MOST_SERVER_LINES = 20
_PRODUCTION = "<production address>"
"""What to go back at, where the run knows only one deployment's own address."""
_SIGN_IN = ("smoke", "rollback")
"""The marks of checks that sign in."""


@dataclass(eq=False)
class Controller:
    """Looks before the checks, gathers their results, and judges at the end."""

    config: pytest.Config
    directory: Path
    logs: LogRequest | None = None
    earlier: Place | None = None
    results: list[CheckResult] = field(default_factory=list)
    deployment: Deployment | None = None
    preflight: CheckResult | None = None
    verdict: Verdict | None = None
    selected: set[str] = field(default_factory=set)
    recovery: RecoveryPart | None = None
    """Where the run proves a rollback."""

    def __post_init__(self) -> None:
        self.run = self.config.stash[RUN]
        self.started = dt.datetime.now(dt.UTC)
        self.run_id = uuid.uuid4().hex
        self._look: threading.Thread | None = None
        self._trouble: BaseException | None = None
        self._patience: threading.Timer | None = None
        self._interrupted = False
        self._complete = False
        self.record = RecordPart(self.config, self.run, self.earlier)
        self.config.pluginmanager.register(self.record, "postdeploy-record")
        self.note = NotePart(self._reports(), self.config.option.markexpr, self.run.redact)
        self.drift = DriftPart(self.run, self._superseded)
        self.outlook = Outlook()
        self.log: LogPart | None = None
        if self.logs:
            self.log = LogPart(
                self.config, self.run, self.logs, lambda: self.deployment, lambda: self.results, self.record
            )
        if not self.config.option.collectonly:
            self._look = threading.Thread(target=self._pin, name="preflight", daemon=True)
            self._look.start()

    def _pin(self) -> None:
        try:
            self.deployment = self.drift.pin()
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            self._trouble = error

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where the run's processes meet."""
        node.workerinput[PROPERTY] = str(self.directory)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """No check starts before the target is known to be there, to be the app, and to be open to us."""
        if self._look is None:
            return None
        if session.testscollected == 0 and not self.config.pluginmanager.hasplugin("dsession"):
            return None
        self._look.join()
        self.run.deployment = self.deployment
        self.preflight = self._preflight_result()
        if self.preflight:
            self._say(self.preflight)
        if self.deployment and not self.preflight:
            self.drift.start(self.deployment)
        self._have_patience(self.run.runbook.budgets.run + self.run.log_patience)
        if self.deployment:
            self.record.ask(self.deployment)
        if self.log and not self.preflight:
            self.log.start()
        return True if self.preflight else None

    def _preflight_result(self) -> CheckResult | None:
        error = self._trouble
        if isinstance(error, Misbehaved):
            found = error.diagnosis
            return CheckResult(
                "preflight",
                "preflight",
                Outcome.FAILED,
                story="The deployment answers.",
                summary=str(error),
                cause=found.cause if found else None,
                evidence=evidence_lines(found.evidence if found else ()),
                down=found.down if found else False,
            )
        if isinstance(error, Blocked):
            return CheckResult("preflight", "preflight", Outcome.BLOCKED, summary=error.what, cure=error.cure)
        if error is not None:
            return CheckResult("preflight", "preflight", Outcome.BROKEN, summary=f"{type(error).__name__}: {error}")
        if self.run.environment.missing and any(asks_for(self.config.option.markexpr, mark) for mark in _SIGN_IN):
            names = " and ".join(self.run.environment.missing)
            return CheckResult(
                "preflight",
                "preflight",
                Outcome.BLOCKED,
                summary=f"no smoke user: {names} not set",
                cure=f"Set {names} in the environment or in .env.",
            )
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a check's result, from this process or a worker, and publish a failure at once."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                self._take(decode(str(value), CheckResult))
        report.user_properties = [one for one in report.user_properties if one[0] != PROPERTY]  # ours alone

    def _take(self, result: CheckResult) -> None:
        earlier = next((one for one in self.results if one.name == result.name), None)
        if earlier and result == earlier:
            return
        if earlier and earlier.outcome is not Outcome.PASSED:
            return
        if earlier:
            self.results.remove(earlier)
        self.results.append(result)
        if result.outcome is not Outcome.PASSED:
            self._say(result)
            self.publish(self._judge(unfinished="the run is not finished"))

    def _say(self, result: CheckResult) -> None:
        terminal = self._terminal()
        if terminal and result.outcome is not Outcome.NOT_REACHED:
            for line in check_lines(result, self.run.redact):
                terminal.write_line(line, red=result.outcome is Outcome.FAILED)

    def pytest_keyboard_interrupt(self) -> None:
        """Somebody wants the run to end now."""
        self._interrupted = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge before the browser is closed: a page may keep it from closing, and the verdict must stand all the same."""
        if self._interrupted and not self.config.pluginmanager.hasplugin("dsession"):
            self._leave_at_once()
        if self._look is None or exitstatus in (
            pytest.ExitCode.INTERRUPTED,
            pytest.ExitCode.INTERNAL_ERROR,
            pytest.ExitCode.USAGE_ERROR,
        ):
            return
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and not self.preflight and not self.results:
            self.publish(self._judge(unfinished="the selection matches no check"))
            return
        self._join_with_the_log()
        self.record.settle()
        self._complete = True
        self.verdict = self._judge(successor=self.drift.successor())
        self.publish(self.verdict)
        session.exitstatus = ExitCode.of(self.verdict.decision)
        live = not self.run.only and not is_not_live(self.drift.production)
        asks = live and not self.recovery  # after a rollback nobody goes back once more
        if self.verdict.decision is Decision.FAIL and not self.verdict.reason and asks:
            self._ask_whether_a_rollback_helps()
        self.record.append(self.verdict, self._facts())
        self._have_patience(self.run.runbook.budgets.close)

    def _ask_whether_a_rollback_helps(self) -> None:
        """FAIL stands, and is published; what to do about it may become clearer."""
        self._have_patience(self.run.runbook.comparison.seconds + self.run.runbook.budgets.run)
        part = OutlookPart(self.config, self.run, self.directory, self._last_good, self.tell)
        self.outlook = part.look(self._failed())
        self.verdict = self._judge(successor=self.drift.successor())
        self.publish(self.verdict)

    def _failed(self) -> list[CheckResult]:
        results = ([self.preflight] if self.preflight else []) + self.results
        return [one for one in results if one.outcome is Outcome.FAILED and not one.superseded]

    def _last_good(self) -> LastGood | NoLastGood:
        """Where a rollback could go."""
        return self.drift.rollback_target() or self.record.last_good(
            self.deployment, [one.name for one in self._failed()]
        )

    def tell(self, line: str) -> None:
        """A line for whoever waits at the terminal."""
        terminal = self._terminal()
        if terminal:
            terminal.write_line(self.run.redact(line))

    def _terminal(self) -> Any:
        """Where a person reads, at the beginning of a line."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal:
            terminal.ensure_newline()
            if terminal._tw.width_of_current_line:  # noqa: SLF001 - with -q pytest itself does not look
                terminal.write_line("")
        return terminal

    def _have_patience(self, seconds: float) -> None:
        """From now on, so long and no longer: nothing that a page does may keep the verdict back."""
        self._lose_patience()
        self._patience = threading.Timer(seconds, self._leave)
        self._patience.daemon = True
        self._patience.start()

    def _lose_patience(self) -> None:
        if self._patience:
            self._patience.cancel()

    def _leave_at_once(self) -> None:
        """Closing a browser that was interrupted may fail or wait; its driver ends with us."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal:
            terminal.ensure_newline()
            terminal.write_line(f"interrupted: what was known by then stands in {self._reports() / 'verdict.json'}")
            terminal.flush()
        shutil.rmtree(self.directory, ignore_errors=True)
        os._exit(pytest.ExitCode.INTERRUPTED)

    def _leave(self) -> None:
        """Something does not come back: say what is known, and go. The browser's driver ends with us."""
        if not self.verdict:
            limit = self.run.runbook.budgets.run
            self.verdict = self._judge(unfinished=f"the run was ended after {limit:g} s: the browser did not come back")
            self.publish(self.verdict)
            self.record.append(self.verdict, self._facts())
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal:
            self.pytest_terminal_summary(terminal)
            terminal.flush()
        shutil.rmtree(self.directory, ignore_errors=True)
        os._exit(ExitCode.of(self.verdict.decision))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """One screen, its first line what to do."""
        if not self.verdict:
            return
        for line in github.publish(self.verdict, as_markdown(self.verdict, self._facts(), self.run.redact)):
            terminalreporter.write_line(self.run.redact(line))
        terminalreporter.ensure_newline()
        terminalreporter.write_line("")
        colour = {Decision.PASS: "green", Decision.FAIL: "red", Decision.INCONCLUSIVE: "yellow"}[self.verdict.decision]
        files = {"written to": self._reports(), **self.note.files}
        lines = summary_lines(self.verdict, self._facts(), self.run.redact, files)
        terminalreporter.write_line(lines[0], bold=True, **{colour: True})
        for line in lines[1:]:
            terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        """Leave nothing behind."""
        self._lose_patience()
        self.drift.stop()
        if self.log:
            self.log.stop()
        self.run.target.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _superseded(self) -> None:
        """Another deployment has taken over: what the log said until now is all that it will say."""
        if self.log:
            self.log.cut()

    def _judge(self, *, successor: str | None = None, unfinished: str | None = None) -> Verdict:
        found = self.facts(successor=successor, unfinished=unfinished)
        return self.recovery.judge(found) if self.recovery else judge(found)

    def facts(self, *, successor: str | None = None, unfinished: str | None = None) -> Facts:
        """All that the decision may rest on."""
        return Facts(
            results=self.drift.settled(self.results),
            required=self.run.required,
            not_measured=self.run.left_out,
            successor=successor,
            preflight=self.preflight,
            unfinished=unfinished,
            deployment=self.deployment.deployment_id if self.deployment else None,
            window_open=self.log is not None and self.log.open,
            auth_slow=self._auth_slow(),
            saturated=any(one.saturated for one in self.results if one.outcome is Outcome.FAILED),
            compared_with=self.log.report.baseline if self.log and self.log.report else None,
            url=_PRODUCTION if self.drift.production.is_own_address else self.run.target.base_url,
            standing=describe_role(self.drift.production),
            staged=is_not_live(self.drift.production),
            canary=self.run.release is not None,
            notes=tuple(self.drift.notes()),
            last_good=self.outlook.last_good,
            trials=self.outlook.trials.made,
            untried=self.outlook.trials.untried,
            changed=self.outlook.changed,
            beside=self.run.runbook.outside_the_inbox,
            left_there=self.outlook.trials.writes,
        )

    def _join_with_the_log(self) -> None:
        """Each failing check gets its server's log lines."""
        if self.log is None:
            return
        directory = Path(self.config.option.allure_report_dir)
        for at, result in enumerate(self.results):
            if result.outcome is Outcome.FAILED and (logged := self.log.joined(result)):
                shown = evidence_lines(map(self.run.redact, logged.lines[:_MOST_SERVER_LINES]), EvidenceKind.SERVER)
                self.results[at] = replace(
                    result, evidence=(*result.evidence, *shown), saturated=result.saturated or logged.saturated
                )
                allure.attach_later(directory, result.node_id, "server log", "\n".join(logged.lines), self.run.redact)

    def _auth_slow(self) -> bool:
        found = self.log.report if self.log else None
        return found is not None and found.shows(Signal.AUTH_SLOW)

    def _facts(self) -> RunFacts:
        return RunFacts(
            run_id=self.run_id,
            started=self.started,
            finished=dt.datetime.now(dt.UTC),
            url=self.run.target.base_url,
            deployment=self.deployment,
            checks=len(self.run.required),
            results=tuple(self.results),
            preflight=self.preflight,
            standing=describe_role(self.drift.production),
            complete=self._complete,
            stage=Stage.RECOVERY if self.recovery else self.log.watch.settings.stage if self.log else Stage.SMOKE,
            log=self.log.report if self.log else None,
            platform=self.record.platform,
            recovery=self.recovery.recovery if self.recovery else None,
        )

    def _reports(self) -> Path:
        return reports_of(self.config, self.config.option)

    def publish(self, verdict: Verdict) -> None:
        """Let everybody read what is known by now."""
        facts = self._facts()
        write(self._reports(), verdict, facts, self.run.redact)
        self.note.publish(verdict, facts)
        allure.write_context(
            Path(self.config.option.allure_report_dir),
            {
                "deployment": facts.url,
                "build": facts.deployment.name if facts.deployment else "unknown",
                "verdict": headline(verdict),
                "why": self.run.redact(verdict.summary),
            },
            {"name": "postdeploy", "type": "pytest", "buildName": facts.run_id[:8]},
        )
