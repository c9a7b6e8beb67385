"""The only file that knows pytest: which tests a run is, preflight, evidence of each check, verdict and exit code."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from _pytest.mark.expression import Expression

from postdeploy import allure, report
from postdeploy.decision import Facts, judge
from postdeploy.gate import Gate
from postdeploy.model import (
    Blocked,
    Cause,
    CheckResult,
    Decision,
    Deployment,
    Diagnosis,
    Misbehaved,
    Outcome,
    Verdict,
)
from postdeploy.preflight import Target, parse_base_url
from postdeploy.redaction import Redactor
from postdeploy.run import Run
from postdeploy.runbook import UsageError, read_environment, read_runbook, read_session

OURS = ("smoke", "watch", "rollback", "canary")
RUN = pytest.StashKey[Run]()
_CONTROLLER = pytest.StashKey["Controller"]()
_EXIT = {Decision.PASS: 0, Decision.FAIL: 1, Decision.INCONCLUSIVE: 10}
_PROPERTY = "postdeploy"


# Which tests a run is ------------------------------------------------------------------------------------------------


def is_ours(expression: str) -> bool:
    """Whether a `-m` expression asks for checks of a deployment: it holds for one of our marks alone, and not for none."""
    if not expression:
        return False
    try:
        compiled = Expression.compile(expression)
        return any(compiled.evaluate(_Only(mark)) for mark in OURS) and not compiled.evaluate(_Only(None))
    except Exception:  # noqa: BLE001 - pytest itself says what is wrong with the expression
        return False


class _Only:
    """Matches one mark and no other."""

    def __init__(self, mark: str | None) -> None:
        self._mark = mark

    def __call__(self, name: str, /, **_: str | int | bool | None) -> bool:
        return name == self._mark


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("postdeploy", "verification of a deployment (-m smoke)")
    group.addoption("--runbook", metavar="FILE", help="Overlay runbook.toml with FILE.")
    group.addoption("--reports", metavar="DIR", help="Where verdict and evidence are written (default: reports).")
    group.addoption(
        "--without", metavar="PART", action="append", default=[], help="Do not measure PART; the verdict says so."
    )
    group.addoption(
        "--session",
        metavar="FILE",
        help="Begin with this signed-in session (Playwright's storage state) instead of signing in a shared one.",
    )
    group.addoption(
        "--budget-factor",
        metavar="FACTOR",
        type=float,
        default=1.0,
        help="Multiply all time budgets (a loaded runner).",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """An earlier verdict is replaced as soon as the options are known: whatever happens next, it is not this run's."""
    options = early_config.known_args_namespace
    if is_ours(options.markexpr) and not _is_worker() and not (options.help or options.version or options.collectonly):
        directory = _reports(early_config, options)
        now = dt.datetime.now(dt.UTC)
        facts = report.RunFacts(uuid.uuid4().hex, now, now, str(getattr(options, "base_url", None) or ""), None, 0)
        report.write(directory, report.UNFINISHED, facts, Redactor())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    smoke = config.rootpath / "smoke"
    inside = collection_path == smoke or smoke in collection_path.parents
    above = collection_path in smoke.parents
    if RUN in config.stash:
        return None if inside or above else True
    return True if inside else None


def _reports(config: pytest.Config, options: Any) -> Path:
    return (config.invocation_params.dir / options.reports) if options.reports else config.rootpath / "reports"


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


# Configuration -------------------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "means(cause, sentence): what it means when the check fails and nothing else explains it"
    )
    for mark, meaning in zip(
        OURS, ("verify a deployment now", "watch its logs", "prove a rollback", "watch the canary"), strict=True
    ):
        config.addinivalue_line("markers", f"{mark}: {meaning}")
    if config.option.help or config.option.version:
        return
    if not is_ours(config.option.markexpr):
        _refuse_unmarked_checks(config)
        return
    try:
        _refuse_a_foreign_root(config)
        _refuse_unknown_marks(config)
        _configure_run(config)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None


def _refuse_a_foreign_root(config: pytest.Config) -> None:
    """Pytest takes the value of an option that it does not know yet for a test's path, and looks for its root there."""
    if not (config.rootpath / "smoke").is_dir():
        raise UsageError(
            f"smoke: no checks below {config.rootpath}. Run pytest in the project's folder, "
            "and write files with an equals sign: --runbook=FILE"
        )


def _refuse_unmarked_checks(config: pytest.Config) -> None:
    smoke = config.rootpath / "smoke"
    for argument in config.args:
        path = (config.invocation_params.dir / argument.split("::")[0]).resolve()
        if path == smoke or smoke in path.parents:
            raise pytest.UsageError(
                f"{argument} verifies a deployment. Say so, and which: pytest -m smoke --base-url=https://… {argument}"
            )


def _refuse_unknown_marks(config: pytest.Config) -> None:
    known = {line.split(":")[0].split("(")[0].strip() for line in config.getini("markers")}
    for name in re.findall(r"[A-Za-z_]\w*", config.option.markexpr):
        if name not in known | {"and", "or", "not", "True", "False"}:
            raise UsageError(f"-m {config.option.markexpr!r}: there is no mark {name!r}. Known: {', '.join(OURS)}")


def _configure_run(config: pytest.Config) -> None:
    option = config.option
    base_url = parse_base_url(option.base_url or os.environ.get("PYTEST_BASE_URL"))
    if not 0 < option.budget_factor <= 100:
        raise UsageError("--budget-factor must be more than 0 and at most 100.")
    runbook = read_runbook(Path(option.runbook) if option.runbook else None)
    for part in option.without:
        if part not in runbook.parts:
            raise UsageError(f"--without {part}: there is no such part. Known: {', '.join(runbook.parts)}")
    runbook = msgspec.structs.replace(runbook, budgets=runbook.budgets.times(option.budget_factor))
    environment = read_environment(config.rootpath / ".env")
    people = [person for workspace in runbook.workspace for person in workspace.people]
    redact = Redactor(environment.secrets)
    redact.learn_names(people)
    directory = _shared_directory(config)
    target = Target(base_url, runbook, environment.bypass)
    config.stash[RUN] = Run(runbook, environment, target, Gate(directory), redact)
    if config.args_source in (config.ArgsSource.TESTPATHS, config.ArgsSource.INVOCATION_DIR):
        config.args = [str(config.rootpath / "smoke")]
    option.tbstyle = "no"
    option.no_header = True
    option.reportchars = ""
    option.disable_warnings = True
    option.attach_capture = False
    option.strict_markers = False
    config.addinivalue_line("filterwarnings", "ignore")  # the tools' own; ours stand in the verdict
    option.allure_report_dir = option.allure_report_dir or str(_reports(config, option) / "allure-results")
    if _is_worker():
        return
    if option.session:
        with config.stash[RUN].gate.session() as shared:
            shared.hand_in(read_session(config.invocation_params.dir / option.session, runbook, base_url))
    option.clean_alluredir = True
    controller = Controller(config, directory)
    config.stash[_CONTROLLER] = controller
    config.pluginmanager.register(controller, "postdeploy-controller")


def _shared_directory(config: pytest.Config) -> Path:
    given = getattr(config, "workerinput", {}).get(_PROPERTY)
    return Path(given) if given else Path(tempfile.mkdtemp(prefix="postdeploy-"))


def pytest_sessionstart(session: pytest.Session) -> None:
    if RUN in session.config.stash:
        run = session.config.stash[RUN]
        recorder = Recorder(session.config, run)
        session.config.pluginmanager.register(recorder, "postdeploy-recorder")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Checks run in the order of the runbook's parts: what others depend on comes first."""
    if RUN in config.stash:
        runbook = config.stash[RUN].runbook
        order = {name: at for at, name in enumerate(check for checks in runbook.checks.values() for check in checks)}
        items.sort(key=lambda item: order.get(_function(item), len(order)))
        without = config.option.without
        dropped = [item for item in items if runbook.part_of(_function(item)) in without]
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = [item for item in items if item not in dropped]


def _function(item: pytest.Item) -> str:
    return str(getattr(item, "originalname", item.name))


# Each check: evidence (in the process that runs it) -------------------------------------------------------------------


class Recorder:
    """Turns the end of each check into a CheckResult and sends it along with the report."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self.run = run
        self.allure = allure.listen(run.redact, report.web_address)
        config.add_cleanup(allure.stop)
        config.add_cleanup(self._scrub)
        self._results = Path(config.option.allure_report_dir)
        self._began = 0.0

    def _scrub(self) -> None:
        self.run.redact.scrub(self._results)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._began = time.monotonic()
        self.run.evidence.begin()

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
        """Innermost, so that everyone else (Allure, the terminal) sees the redacted report."""
        outcome = yield
        made: pytest.TestReport = outcome.get_result()
        if made.when == "teardown" and made.passed:
            return
        if made.when == "setup" and made.passed:
            return
        self._learn_names()
        result = self._result(item, call, made)
        self.allure.results[result.name] = result
        self._attach(result)
        if result.outcome is Outcome.BLOCKED:
            made.outcome = "skipped"
        if made.outcome == "skipped":
            made.longrepr = (str(item.path), 0, self.run.redact(f"{result.outcome}: {result.summary}"))
        elif made.failed:
            made.longrepr = "\n".join(report.check_lines(result, self.run.redact))
        made.sections = [(name, self.run.redact(text)) for name, text in made.sections]
        made.user_properties.append((_PROPERTY, msgspec.json.encode(result).decode()))

    def _result(self, item: pytest.Item, call: pytest.CallInfo[None], made: pytest.TestReport) -> CheckResult:
        name = _function(item)
        part = self.run.runbook.part_of(name) or item.path.stem.removeprefix("test_")
        story = " ".join((getattr(item, "obj", None).__doc__ or "").split())
        evidence = self.run.evidence
        error = call.excinfo.value if call.excinfo else None
        result = CheckResult(
            name=name,
            part=part,
            outcome=Outcome.PASSED,
            story=story,
            warnings=tuple(self.run.redact(warning) for warning in dict.fromkeys(evidence.warnings)),
            writes=tuple(dict.fromkeys(evidence.writes)),
            seconds=time.monotonic() - self._began,
        )
        if error is None:
            return result
        if isinstance(error, Blocked):
            return _replace(result, outcome=Outcome.BLOCKED, summary=error.what, cure=error.cure)
        if made.skipped:
            reason = str(error).removeprefix("not reached: ")
            return _replace(result, outcome=Outcome.NOT_REACHED, summary=reason)
        if isinstance(error, AssertionError):
            return self._misbehaved(result, error, item.get_closest_marker("means"))
        words = self.run.redact(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
        trace = tuple(self.run.redact(str(made.longrepr)).splitlines()[-12:])
        return _replace(result, outcome=Outcome.BROKEN, summary=words, evidence=trace)

    def _misbehaved(self, result: CheckResult, error: AssertionError, means: pytest.Mark | None) -> CheckResult:
        evidence = self.run.evidence
        found = (error.diagnosis if isinstance(error, Misbehaved) else None) or evidence.diagnosis
        if found is None and means:
            found = Diagnosis(*means.args)
        expected = str(error).splitlines()[0] if isinstance(error, Misbehaved) else ""
        lines = [f"expected  {result.story}"]
        if expected:
            lines.append(f"happened  {expected}")
        if evidence.sight:
            lines.append(f"page      {evidence.sight.screen.describe()}")
        elif evidence.seen:
            lines.append(f"page      {evidence.seen.screen.describe()}")
        if not evidence.diagnosis and not expected:
            lines.append(f"compared  {' '.join(str(error).split())[:300]}")
        lines += [f"seen      {line}" for line in (found.evidence if found else ())]
        return _replace(
            result,
            outcome=Outcome.FAILED,
            summary=self.run.redact(_sentence(found, expected) or f"not so: {result.story}"),
            cause=found.cause if found else None,
            evidence=tuple(self.run.redact(line) for line in lines),
            superseded=not self.run.still_pinned(),
        )

    def _attach(self, result: CheckResult) -> None:
        seen = self.run.evidence.seen
        if seen is None:
            return
        began = 0.0 if result.outcome is Outcome.FAILED else self.run.evidence.began  # a shared page has a past
        journal = [one.line() for one in seen.journal if one.started >= began]
        errors = [f"console: {text}" for text in seen.console_errors] + [
            f"page error: {text}" for text in seen.page_errors
        ]
        if journal or errors:
            allure.attach("journal", "\n".join(journal + errors), self.run.redact)
        if result.outcome is Outcome.FAILED and self.run.evidence.screenshot:
            allure.attach("screenshot", self.run.evidence.screenshot, self.run.redact)

    def _learn_names(self) -> None:
        if self.run.evidence.seen:
            self.run.redact.learn_names(self.run.evidence.seen.names)


def _sentence(found: Diagnosis | None, expected: str) -> str:
    """What to say first: the cause, where it is known; else what the check was doing, and what is shown."""
    if found is None:
        return expected
    return f"{expected}; {found.sentence}" if found.cause is Cause.UNKNOWN and expected else found.sentence


def _replace(result: CheckResult, **changes: Any) -> CheckResult:
    return replace(result, **changes)


# The run as a whole: preflight, verdict, exit code (in the controller only) ------------------------------------------------


@dataclass(eq=False)
class Controller:
    """Looks before the checks, gathers their results, and judges at the end."""

    config: pytest.Config
    directory: Path
    results: list[CheckResult] = field(default_factory=list)
    deployment: Deployment | None = None
    preflight: CheckResult | None = None
    verdict: Verdict | None = None
    selected: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.run = self.config.stash[RUN]
        self.started = dt.datetime.now(dt.UTC)
        self.run_id = uuid.uuid4().hex
        self._look: threading.Thread | None = None
        self._trouble: BaseException | None = None
        self._patience: threading.Timer | None = None
        if not self.config.option.collectonly:
            self._look = threading.Thread(target=self._pin, name="preflight", daemon=True)
            self._look.start()

    def _pin(self) -> None:
        try:
            self.deployment = self.run.target.pin()
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            self._trouble = error

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[_PROPERTY] = str(self.directory)

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
        self._have_patience(self.run.runbook.budgets.run)
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
                evidence=found.evidence if found else (),
            )
        if isinstance(error, Blocked):
            return CheckResult("preflight", "preflight", Outcome.BLOCKED, summary=error.what, cure=error.cure)
        if error is not None:
            return CheckResult("preflight", "preflight", Outcome.BROKEN, summary=f"{type(error).__name__}: {error}")
        if self.run.environment.missing:
            names = " and ".join(self.run.environment.missing)
            return CheckResult(
                "preflight",
                "preflight",
                Outcome.BLOCKED,
                summary=f"no smoke user: {names} not set",
                cure=f"Set {names} in the environment or in .env.",
            )
        return None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == _PROPERTY:
                self._take(msgspec.json.decode(str(value), type=CheckResult))

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
            self._publish(self._judge(unfinished="the run is not finished"))

    def _say(self, result: CheckResult) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal and result.outcome is not Outcome.NOT_REACHED:
            terminal.ensure_newline()
            for line in report.check_lines(result, self.run.redact):
                terminal.write_line(line, red=result.outcome is Outcome.FAILED)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge before the browser is closed: a page may keep it from closing, and the verdict must stand all the same."""
        if self._look is None or exitstatus in (
            pytest.ExitCode.INTERRUPTED,
            pytest.ExitCode.INTERNAL_ERROR,
            pytest.ExitCode.USAGE_ERROR,
        ):
            return
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and not self.preflight and not self.results:
            self._publish(self._judge(unfinished="the selection matches no check"))
            return
        self.verdict = self._judge(successor=self._successor())
        self._publish(self.verdict)
        session.exitstatus = _EXIT[self.verdict.decision]
        self._have_patience(self.run.runbook.budgets.close)

    def _have_patience(self, seconds: float) -> None:
        """From now on, so long and no longer: nothing that a page does may keep the verdict back."""
        self._lose_patience()
        self._patience = threading.Timer(seconds, self._leave)
        self._patience.daemon = True
        self._patience.start()

    def _lose_patience(self) -> None:
        if self._patience:
            self._patience.cancel()

    def _leave(self) -> None:
        """Something does not come back: say what is known, and go. The browser's driver ends with us."""
        if not self.verdict:
            limit = self.run.runbook.budgets.run
            self.verdict = self._judge(unfinished=f"the run was ended after {limit:g} s: the browser did not come back")
            self._publish(self.verdict)
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal:
            self.pytest_terminal_summary(terminal)
            terminal.flush()
        os._exit(_EXIT[self.verdict.decision])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self.verdict:
            return
        for line in report.tell_github(self.verdict, report.as_markdown(self.verdict, self._facts(), self.run.redact)):
            terminalreporter.write_line(self.run.redact(line))
        terminalreporter.ensure_newline()
        terminalreporter.write_line("")
        colour = {Decision.PASS: "green", Decision.FAIL: "red", Decision.INCONCLUSIVE: "yellow"}[self.verdict.decision]
        lines = report.summary_lines(self.verdict, self._facts(), self.run.redact, {"written to": self._reports()})
        terminalreporter.write_line(lines[0], bold=True, **{colour: True})
        for line in lines[1:]:
            terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        self._lose_patience()
        self.run.target.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _successor(self) -> str | None:
        if self.preflight or self.deployment is None:
            return None
        now = self.run.target.identity()
        return now.name if now and not now.same_build(self.deployment) else None

    def _judge(self, *, successor: str | None = None, unfinished: str | None = None) -> Verdict:
        without = tuple(self.config.option.without)
        return judge(
            Facts(
                results=tuple(self.results),
                required=self.run.runbook.required_checks(without),
                not_measured=dict.fromkeys(without, "switched off by --without"),
                successor=successor,
                preflight=self.preflight,
                unfinished=unfinished,
            )
        )

    def _facts(self) -> report.RunFacts:
        return report.RunFacts(
            run_id=self.run_id,
            started=self.started,
            finished=dt.datetime.now(dt.UTC),
            url=self.run.target.base_url,
            deployment=self.deployment,
            checks=len(self.run.runbook.required_checks(tuple(self.config.option.without))),
            results=tuple(self.results),
        )

    def _reports(self) -> Path:
        return _reports(self.config, self.config.option)

    def _publish(self, verdict: Verdict) -> None:
        facts = self._facts()
        report.write(self._reports(), verdict, facts, self.run.redact)
        allure.write_context(
            Path(self.config.option.allure_report_dir),
            {
                "deployment": facts.url,
                "build": facts.deployment.name if facts.deployment else "unknown",
                "verdict": report.headline(verdict),
                "why": self.run.redact(verdict.summary),
            },
            {"name": "postdeploy", "type": "pytest", "buildName": facts.run_id[:8]},
        )


__all__ = ["OURS", "RUN"]
