"""A runner: it runs the steps of our own files in bash, as GitHub does, in the repository of an app that has nothing of ours.

`uses:` of GitHub's own actions is done here; `uses:` of this project's leads to its files. Its Install step is replaced by the unpacked
wheel, so what setup/on_runner.sh does is not tried.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.github.expressions import Expression, as_text
from tests.github.hub import TOKEN, Hub
from tests.suite.installed import Installed

PROJECT = Path(__file__).parents[2]
BASH = shutil.which("bash") or ""
_OURS = ("acme/postdeploy", "./.postdeploy")
_NOT_INHERITED = ("SMOKE_", "VERCEL_", "PYTEST_", "CRON_", "COV_CORE_", "COVERAGE_", "GITHUB_", "POSTDEPLOY_NOTIFY")


@dataclass
class Ended:
    """How a job, or an action, ended."""

    outcome: str = "success"
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def annotations(self) -> list[str]:
        """What GitHub shows on the page of the run, not what only looks like it."""
        shown, stopped = [], ""
        for line in self.log.splitlines():
            if line.startswith("::stop-commands::"):
                stopped = line.removeprefix("::stop-commands::")
            elif stopped:
                stopped = "" if line == f"::{stopped}::" else stopped
            elif line.startswith(("::error", "::warning", "::notice")):
                shown.append(line)
        return shown


@dataclass
class Runner:
    """A machine, the app's repository on it, and the event that started the job."""

    folder: Path
    hub: Hub
    installed: Installed
    environ: Mapping[str, str] = field(default_factory=dict)
    """What is in every step's environment besides GitHub's own."""
    event: str = "workflow_dispatch"
    payload: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 1
    on_step: Callable[[str], None] = lambda _: None
    """Called with the name of each step before it runs."""

    def __post_init__(self) -> None:
        self.workspace.mkdir(parents=True, exist_ok=True)
        program = self.folder / "temp" / "postdeploy" / "bin" / "postdeploy"
        program.parent.mkdir(parents=True, exist_ok=True)
        command = "from postdeploy.cli.main import main; main()"
        program.write_text(
            f'#!{BASH}\nPYTHONPATH={self.installed.site} exec {sys.executable} -c "{command}" "$@"\n', encoding="utf-8"
        )
        program.chmod(0o755)

    @property
    def workspace(self) -> Path:
        """The checkout of the app."""
        return self.folder / "app"

    def action(self, file: Path, **inputs: Any) -> Ended:
        """A composite action, as one step of a job."""
        return self._composite(file, inputs)

    def job(self, file: Path, name: str, *, inputs: Mapping[str, Any], needs: Mapping[str, Ended]) -> Ended | None:
        """A job of a workflow; None: its condition says no."""
        document = read(file)
        job = document["jobs"][name]
        contexts = self._contexts(inputs) | {
            "needs": {each: {"outputs": ended.outputs, "result": ended.outcome} for each, ended in needs.items()},
            "secrets": self.secrets,
        }
        failed = any(ended.outcome == "failure" for ended in needs.values())
        if not Expression(contexts, failed).is_run(job.get("if")):
            return None
        ended = self._steps(job["steps"], contexts, None)
        contexts["steps"] = ended.steps
        ended.outputs = self._filled(job.get("outputs", {}), contexts)
        return ended

    def _composite(self, file: Path, given: Mapping[str, Any]) -> Ended:
        document = read(file)
        unknown = set(given) - set(document["inputs"])
        assert not unknown, f"{file} has no inputs {unknown}"
        missing = [name for name, one in document["inputs"].items() if one.get("required") and not given.get(name)]
        assert not missing, f"{file} needs {missing}"
        inputs = {
            name: as_text(given.get(name)) if name in given else one.get("default", "")
            for name, one in document["inputs"].items()
        }
        contexts = self._contexts(inputs)
        ended = self._steps(document["runs"]["steps"], contexts, file.parent)
        contexts["steps"] = ended.steps
        ended.outputs = self._filled({name: one["value"] for name, one in document["outputs"].items()}, contexts)
        return ended

    def _contexts(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "inputs": inputs,
            "vars": self.variables,
            "github": {
                "token": TOKEN,
                "event": self.payload,
                "event_name": self.event,
                "run_id": str(self.hub.run),
                "run_attempt": str(self.attempt),
            },
            "runner": {"temp": str(self.folder / "temp"), "os": "Linux", "arch": "X64"},
            "job": {"workflow_repository": "acme/postdeploy", "workflow_sha": "0" * 40},
        }

    def _filled(self, values: Mapping[str, Any], contexts: Mapping[str, Any]) -> dict[str, str]:
        return {name: as_text(Expression(contexts).fill(value)) for name, value in values.items()}

    def _steps(self, steps: list[dict[str, Any]], contexts: dict[str, Any], action: Path | None) -> Ended:
        ended = Ended()
        for number, step in enumerate(steps):
            contexts["steps"] = ended.steps
            failed = ended.outcome == "failure"
            name = step.get("id") or step.get("name") or str(number)
            if not Expression(contexts, failed).is_run(step.get("if")):
                ended.steps[name] = {"outcome": "skipped", "outputs": {}}
                continue
            self.on_step(name)
            done = self._uses(step, contexts) if "uses" in step else self._runs(step, contexts, action)
            ended.steps[name] = {"outcome": done.outcome, "outputs": done.outputs}
            ended.log += done.log
            ended.summary += done.summary
            if done.outcome == "failure" and not step.get("continue-on-error"):
                ended.outcome = "failure"
        return ended

    def _uses(self, step: dict[str, Any], contexts: Mapping[str, Any]) -> Ended:
        given = {name: Expression(contexts).fill(value) for name, value in step.get("with", {}).items()}
        used = step["uses"].partition("@")[0]
        ours = next((used.removeprefix(one).lstrip("/") for one in _OURS if used.startswith(one)), None)
        if ours is not None:
            return self._composite(PROJECT / ours / "action.yml", given)
        if used == "actions/upload-artifact":
            files = dict(self._uploaded(given["path"].split()))
            number = self.hub.upload(given["name"], files)
            return Ended(outputs={"artifact-url": f"{self.hub.url}/artifacts/{number}"})
        assert used in ("actions/checkout", "actions/setup-python", "actions/cache"), used
        return Ended()

    def _uploaded(self, patterns: list[str]) -> Iterator[tuple[str, bytes]]:
        """GitHub leaves out the folder that all of them stand in."""
        for pattern in patterns:
            place = self.workspace / pattern
            for file in [place] if place.is_file() else sorted(place.rglob("*")):
                if file.is_file():
                    yield str(file.relative_to(self.workspace / "reports")), file.read_bytes()

    def _runs(self, step: dict[str, Any], contexts: Mapping[str, Any], action: Path | None) -> Ended:
        if step.get("name") == "Install":
            return Ended()
        written = {name: self.folder / f"github-{name}" for name in ("output", "step_summary")}
        for file in written.values():
            file.write_text("", encoding="utf-8")
        event = self.folder / "event.json"
        event.write_text(json.dumps(self.payload), encoding="utf-8")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
        environment = {
            **inherited,
            "HOME": str(self.folder / "home"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "PYTHONPATH": "",
            **self.environ,
            **self.hub.environ(),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_RUN_ATTEMPT": str(self.attempt),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_OUTPUT": str(written["output"]),
            "GITHUB_STEP_SUMMARY": str(written["step_summary"]),
            "GITHUB_ACTION_PATH": str(action or ""),
            **{name: as_text(Expression(contexts).fill(value)) for name, value in step.get("env", {}).items()},
        }
        done = subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        lines = written["output"].read_text(encoding="utf-8").splitlines()
        return Ended(
            "failure" if done.returncode else "success",
            dict(line.split("=", 1) for line in lines),
            done.stdout,
            written["step_summary"].read_text(encoding="utf-8"),
        )


def read(file: Path) -> Any:
    """A file of YAML."""
    return YAML(typ="safe").load(file)
