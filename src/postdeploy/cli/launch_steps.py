"""How each step of a launch is carried out: by an existing command as a child process, or by asking Vercel."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import msgspec

from postdeploy.canary.switches import ON
from postdeploy.cli.launch_processes import Processes
from postdeploy.launch import results
from postdeploy.launch.arrival import arrival, is_wanted
from postdeploy.launch.steps import Launch, StepName, StepResult, StepState
from postdeploy.model import Blocked
from postdeploy.production.state import ProductionState, read
from postdeploy.readiness import inventory
from postdeploy.readiness.configured import unconfigured
from postdeploy.record.document import VERDICT, VerdictDocument
from postdeploy.record.reading import Unreadable, read_file
from postdeploy.report.writing import LOCK
from postdeploy.rollback import report as rollback_report
from postdeploy.rollback.report import Ending
from postdeploy.run.kill_switch import kill_switch
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.tables import Runbook
from postdeploy.system import exclusive, times
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find, production

BASELINE = "baseline"
"""The folder below reports/ with the verdict on what was live before."""
RECORD = "launch-record.jsonl"
_OF_THE_LAUNCHED = (StepName.SMOKE, StepName.WATCH, StepName.CANARY)
_LOOK = 5.0
_NEWEST = 20


class _Rolling(msgspec.Struct):
    state: str = ""
    canary: str = ""


class _Listed(msgspec.Struct):
    id: str = ""
    says: str = ""
    why: str = ""


class _Listing(msgspec.Struct):
    current: str | None = None
    last_good: _Listed | None = None
    pinned_by_rollback: bool | None = None
    rolling_release: _Rolling | None = None


class LaunchSteps:
    """One call of the command. `note`: what is known of the running step has changed."""

    def __init__(
        self,
        book: Runbook,
        environment: Environment,
        reports: Path,
        processes: Processes,
        note: Callable[[StepResult], None],
    ) -> None:
        self._book = book
        self._environment = environment
        self._reports = reports
        self._processes = processes
        self._note = note

    def carry_out(self, launch: Launch, name: StepName) -> StepResult:
        """The step's result."""
        running = exclusive.holder(self._reports / LOCK)
        if running is not None:
            says = f"a run still writes to {self._reports} ({running})"
            return StepResult(state=StepState.STOPPED, says=says, who="wait for its end, or end it; then --resume")
        try:
            if name in _OF_THE_LAUNCHED and (serving := self._production(launch)[0].serving.id) != launch.deployment:
                says = f"{serving} serves production, not {launch.deployment}"
                return StepResult(state=StepState.SUPERSEDED, says=says, who=f"launch that one: --deployment={serving}")
            return self._steps[name](self, launch)
        except Blocked as error:
            return StepResult(state=StepState.STOPPED, says=error.what, who=f"{error.cure} Then --resume")

    def _prerequisites(self, launch: Launch) -> StepResult:
        code, output = self._processes.read("deployments", "--json", *self._known(launch, "url"))
        if code:
            return results.without_answer(code)
        found = msgspec.json.decode(output, type=_Listing)
        current = found.current or ""
        rolling = found.rolling_release
        if rolling and rolling.state == "ACTIVE":
            says = f"a rolling release of {rolling.canary} is in progress"
            who = "complete or abort it, then --resume"
            return StepResult(state=StepState.STOPPED, says=says, who=who, deployment=current)
        good = found.last_good
        says = f"{current} is live; before it: {good.id} {good.says}" if good and good.id else f"{current} is live"
        if found.pinned_by_rollback:
            says += "; a rollback pins the domain, so the new build stays staged"
            who = "who releases: promote it when it is built"
            return StepResult(state=StepState.WARNED, says=says, who=who, deployment=current)
        return StepResult(state=StepState.DONE, says=says, deployment=current)

    def _audit(self, launch: Launch) -> StepResult:
        missing = unconfigured(self._book, self._environment).get("environment")
        if missing or "environment" in launch.plan.without:
            return StepResult(state=StepState.SKIPPED, says=f"not measured: {missing or 'left out by request'}")
        return results.of_audit(self._processes.run("env", *self._known(launch, "url", record=False)))

    def _kill_switch(self, launch: Launch) -> StepResult:
        name = self._book.canary.kill_switch
        if launch.plan.canary == "running":
            return StepResult(state=StepState.SKIPPED, says="this launch starts the canary")
        access = inventory.access_of(self._environment)
        switch = kill_switch(inventory.read(self._book, access, None, Path.cwd()), name)
        if not switch.readable:
            return StepResult(state=StepState.WARNED, says=switch.unknown_because)
        if switch.value == ON:
            return StepResult(state=StepState.DONE, says=f"{name} is on in Production")
        who = f"the owner of the environment: set {name} to 1, then --resume"
        return StepResult(
            state=StepState.STOPPED, says=f"{name} is not 1 in Production: the app may revise drafts", who=who
        )

    def _baseline(self, launch: Launch) -> StepResult:
        state, _ = self._production(launch)
        if is_wanted(launch.plan, state.serving):
            says = f"{state.serving.id} is live already: what was before it can no longer be measured"
            return StepResult(state=StepState.SKIPPED, says=says)
        folder = self._reports / BASELINE
        return results.of_baseline(self._run(launch, "smoke", folder))

    def _deploy(self, launch: Launch) -> StepResult:
        limit = time.monotonic() + times.seconds_in(launch.plan.wait)
        shown = StepResult(state=StepState.RUNNING)
        while True:
            found = self._arrival(launch)
            if found.state is not StepState.RUNNING:
                return found
            if found != shown:
                shown = found
                self._note(found)
            if time.monotonic() > limit:
                who = found.who or "look at the build, then --resume"
                says = f"not live after {launch.plan.wait}: {found.says}"
                return StepResult(state=StepState.STOPPED, says=says, who=who)
            time.sleep(_LOOK)

    def _arrival(self, launch: Launch) -> StepResult:
        """A wait of half an hour outlives an API that does not answer for a minute."""
        try:
            return arrival(launch.plan, launch.before, *self._production(launch))
        except Blocked as error:
            return StepResult(state=StepState.RUNNING, says=f"production can't be read: {error.what}", who=error.cure)

    def _smoke(self, launch: Launch) -> StepResult:
        return self._run(launch, "smoke", self._reports, *self._logs(), launched=launch.deployment)

    def _watch(self, launch: Launch) -> StepResult:
        options = (*self._logs(), f"--watch={launch.plan.watch}")
        return self._run(launch, "watch", self._reports, *options, launched=launch.deployment)

    def _canary(self, launch: Launch) -> StepResult:
        options = (f"--phase={launch.plan.canary}",)
        return self._run(launch, "canary", self._reports, *options, launched=launch.deployment, parts=False)

    def _rollback(self, launch: Launch) -> StepResult:
        command = ("rollback", launch.target, *self._known(launch, "url"))
        if not launch.acts:
            typed = f"postdeploy rollback {launch.target} --base-url={launch.plan.url} --yes"
            return results.of_plan(self._processes.run(*command), typed)
        evidence = (str(self._reports / rollback_report.FILE),)
        if launch.step(StepName.ROLLBACK).attempts > 1 and (done := self._sent(launch)):
            if not self._production(launch)[0].serves(launch.target):
                return results.of_rollback(1, done, evidence)
            return results.of_rollback(0, done, evidence)
        code = self._processes.run(*command, "--yes", f"--reports={self._reports}", acting=True)
        return results.of_rollback(code, self._sent(launch), evidence)

    def _recovery(self, launch: Launch) -> StepResult:
        options = ("-m", "rollback", f"--target={launch.target}")
        return self._run(launch, "smoke", self._reports, *options, launched=launch.target, parts=False)

    def _sent(self, launch: Launch) -> rollback_report.RollbackReport | None:
        """What is written of this launch's rollback; None: nothing was sent."""
        found = rollback_report.read(self._reports)
        if found is None or (found.from_.id, found.to.id) != (launch.deployment, launch.target):
            return None
        return None if found.outcome is Ending.UNSENT else found

    def _run(
        self, launch: Launch, command: str, reports: Path, *options: str, launched: str = "", parts: bool = True
    ) -> StepResult:
        given = [*self._known(launch), *options, f"--reports={reports}"]
        given += [f"--without={part}" for part in launch.plan.without if parts]
        code = self._processes.run(command, launch.plan.url, *given)
        return results.of_run(code, _verdict(reports), (str(reports / VERDICT),), launched)

    def _known(self, launch: Launch, url: str = "", *, record: bool = True) -> list[str]:
        """The options that all commands have."""
        plan = launch.plan
        given = [f"--base-url={plan.url}"] if url else []
        given += [f"--runbook={plan.runbook}"] if plan.runbook else []
        return given + ([f"--record={plan.record}"] if record and plan.record else [])

    def _logs(self) -> tuple[str, ...]:
        return () if self._book.logs.source else ("--logs=vercel",)

    def _production(self, launch: Launch) -> tuple[ProductionState, list[PlatformDeployment]]:
        with Vercel(platform_access(self._environment)) as vercel:
            state = read(vercel, launch.plan.url)
            listed = list(islice(production(vercel), _NEWEST))
            wanted = launch.plan.deployment
            if wanted and all(one.id != wanted for one in listed):
                listed.append(find(vercel, wanted))
            return state, listed

    _steps = {  # noqa: RUF012 - a table of its methods
        StepName.PREREQUISITES: _prerequisites,
        StepName.ENVIRONMENT: _audit,
        StepName.KILL_SWITCH: _kill_switch,
        StepName.BASELINE: _baseline,
        StepName.DEPLOY: _deploy,
        StepName.SMOKE: _smoke,
        StepName.WATCH: _watch,
        StepName.CANARY: _canary,
        StepName.ROLLBACK: _rollback,
        StepName.RECOVERY: _recovery,
    }


def _verdict(reports: Path) -> VerdictDocument | None:
    try:
        return read_file(reports / VERDICT)
    except (OSError, Unreadable):
        return None
