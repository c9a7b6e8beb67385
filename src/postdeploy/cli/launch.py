"""`postdeploy launch`: the runbook as one command that goes on where it was. It runs the other commands, and keeps the checklist."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from postdeploy.cli.launch_processes import Processes
from postdeploy.cli.launch_steps import RECORD, LaunchSteps
from postdeploy.cli.mistakes import mistakes_told
from postdeploy.launch import checklist, course
from postdeploy.launch.steps import Launch, LaunchEnding, LaunchPlan, OnFail, StepName, StepResult, StepState
from postdeploy.model import UsageError
from postdeploy.redaction import Redactor
from postdeploy.run.canary_request import Phase
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.system import exclusive, times
from postdeploy.system.exit_codes import ExitCode
from postdeploy.target.address import parse_base_url

_SEEN = dt.timedelta(seconds=15)
"""How old the checklist's last sign of life may be while a step runs."""
_LEAST_COMMIT = 7
_LOCK = "launch.lock"
_EXIT = {
    LaunchEnding.LAUNCHED: ExitCode.PASSED,
    LaunchEnding.FAILED: ExitCode.FAILED,
    LaunchEnding.RECOVERED: ExitCode.FAILED,
    LaunchEnding.INTERRUPTED: ExitCode.INTERRUPTED,
}


def show(
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="The production address, https://…")
    ] = None,
    commit: Annotated[str, typer.Option(metavar="SHA", help="Launch the production deployment of this commit.")] = "",
    deployment: Annotated[str, typer.Option(metavar="ID", help="Launch this deployment, dpl_….")] = "",
    *,
    on_fail: Annotated[
        OnFail,
        typer.Option("--on-fail", help="At a FAIL: show the rollback, or carry it out where it is expected to help."),
    ] = OnFail.PLAN,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the launch in reports/, as it was asked for.")
    ] = False,
    watch: Annotated[
        str, typer.Option(metavar="DURATION", help="Time since the deploy until which it is watched.")
    ] = "60m",
    wait: Annotated[
        str, typer.Option(metavar="DURATION", help="How long to wait for the deployment to go live.")
    ] = "30m",
    canary: Annotated[
        Phase | None, typer.Option("--canary", help="End with the canary of auto-send revision, in this phase.")
    ] = None,
    record: Annotated[
        str, typer.Option(metavar="WHERE", help="Record of verdicts (default: the runbook's, else a file in reports/).")
    ] = "",
    reports: Annotated[Path, typer.Option(metavar="DIR", help="Where the checklist is kept.")] = Path("reports"),
    runbook: Annotated[str, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")] = "",
    without: Annotated[list[str] | None, typer.Option(metavar="PART", help="Part that is not measured.")] = None,
) -> None:
    """Launch a deployment: prerequisites, baseline, deploy, smoke, watch, and a rollback where one is called for.

    The checklist is reports/launch.md. Exit code 0: launched. 1: it failed. 10: it stopped, and --resume goes on. 2: interrupted.
    """
    with mistakes_told():
        if resume:
            plan = None
        else:
            book = read_runbook(Path.cwd(), Path(runbook) if runbook else None)
            plan = LaunchPlan(
                url=parse_base_url(base_url or os.environ.get("PYTEST_BASE_URL"), "postdeploy launch"),
                commit=commit,
                deployment=deployment,
                on_fail=on_fail,
                watch=watch,
                wait=wait,
                canary=canary or "",
                record=record or ("" if book.record.where else str(reports / RECORD)),
                runbook=runbook,
                without=tuple(without or ()),
            )
            _refuse_unclear(plan)
        code = _launched(plan, reports)
    raise typer.Exit(code)


def _refuse_unclear(plan: LaunchPlan) -> None:
    """Refuse what does not say which deployment.

    Raises:
        UsageError: neither, both, or too short a commit; a duration that is none.
    """
    if bool(plan.commit) == bool(plan.deployment):
        raise UsageError("which deployment is launched? Give --commit=SHA or --deployment=dpl_…, or --resume.")
    if plan.commit and len(plan.commit) < _LEAST_COMMIT:
        raise UsageError(f"--commit={plan.commit} is too short: at least {_LEAST_COMMIT} characters of the hash.")
    times.seconds_in(plan.watch)
    times.seconds_in(plan.wait)


def _launched(plan: LaunchPlan | None, reports: Path) -> ExitCode:
    reports.mkdir(parents=True, exist_ok=True)
    try:
        lock = exclusive.hold(reports / _LOCK, f"process {os.getpid()}")
    except exclusive.Held as held:
        print(f"postdeploy: another launch keeps its checklist in {reports} ({held}).", file=sys.stderr)
        return ExitCode.INCONCLUSIVE
    try:
        return _Launch(course.begin(plan, _now()) if plan else _go_on(reports), reports).run()
    finally:
        exclusive.release(lock)


def _go_on(reports: Path) -> Launch:
    """The launch that stands there.

    Raises:
        UsageError: there is none, or it has ended for good.
    """
    found = checklist.read(reports)
    launch = course.resumed(found, _now())
    if launch is None:
        raise UsageError(f"the launch in {reports} has ended ({checklist.headline(found)}). Begin another one.")
    return launch


class _Launch:
    """One call of the command."""

    def __init__(self, launch: Launch, reports: Path) -> None:
        plan = launch.plan
        book = read_runbook(Path.cwd(), Path(plan.runbook) if plan.runbook else None)
        environment = read_environment(Path.cwd() / ".env")
        if environment.platform is None:
            missing = " and ".join(environment.platform_missing)
            raise UsageError(f"a launch asks Vercel what is live: set {missing} in the environment or in .env.")
        self._launch = launch
        self._reports = reports
        self._redact = Redactor(environment.secrets)
        self._name = StepName.PREREQUISITES
        self._processes = Processes(os.environ, self._stay_seen)
        self._steps = LaunchSteps(book, environment, reports, self._processes, self._note)

    def run(self) -> ExitCode:
        """Carry out step after step."""
        for gap in self._launch.gaps[-1:]:
            self._say(f"resumed at {gap.step}; nothing ran since {gap.since}")
        with self._processes.signals_passed_on():
            while (name := course.next_step(self._launch)) is not None:
                self._name = name
                self._keep(course.entered(self._launch, name, _now()))
                numbers = [one.name for one in self._launch.steps]
                self._say(f"[{numbers.index(name) + 1}/{len(numbers)}] {name}")
                result = self._result(name)
                ended = course.ended(self._launch, name, result, _now())
                self._keep(course.interrupted(ended) if self._processes.stopped else ended)
                self._say(f"{name}: {result.state}" + (f", {result.says}" if result.says else ""))
        return self._end()

    def _result(self, name: StepName) -> StepResult:
        try:
            return self._steps.carry_out(self._launch, name)
        except KeyboardInterrupt:
            return StepResult(state=StepState.INTERRUPTED, says="interrupted")

    def _end(self) -> ExitCode:
        launch = self._launch
        self._say(checklist.headline(launch))
        for one in launch.steps:
            if one.result.who:
                self._say(f"  {one.name:<13} {one.result.who}")
        self._say(f"  checklist     {self._reports / checklist.PAGE}")
        code = _EXIT.get(launch.ending, ExitCode.INCONCLUSIVE) if launch.ending else ExitCode.INCONCLUSIVE
        if launch.ending in (LaunchEnding.STOPPED, LaunchEnding.INTERRUPTED):
            self._say(f"  to go on      postdeploy launch --resume --reports={self._reports}")
        return code

    def _note(self, result: StepResult) -> None:
        self._keep(course.noted(self._launch, self._name, result, _now()))
        self._say(f"  {result.says}" + (f" ({result.who})" if result.who else ""))

    def _stay_seen(self) -> None:
        now = dt.datetime.now(dt.UTC)
        if now - dt.datetime.fromisoformat(self._launch.seen) > _SEEN:
            self._keep(course.noted(self._launch, self._name, self._launch.step(self._name).result, times.iso(now)))

    def _keep(self, launch: Launch) -> None:
        self._launch = launch
        try:
            checklist.write(self._reports, launch, self._redact)
        except OSError as error:
            self._say(f"{self._reports / checklist.FILE} can't be written: {error.strerror}")

    def _say(self, text: str) -> None:
        print(f"launch: {self._redact(text)}", flush=True)


def _now() -> str:
    return times.iso(dt.datetime.now(dt.UTC))
