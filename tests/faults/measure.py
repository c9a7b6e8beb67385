"""Runs the suite as a person would, in a process of its own, and notes what it says and when."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import passing_on
from tests.scanner import files_in, left_in, planted_in

ROOT = Path(__file__).parents[2]
_CHECK = re.compile(r"\[(test_.*|preflight), [\d.]+ s\]$")
_EXIT = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 10}


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run came to."""

    exit_code: int
    verdict: dict[str, Any]
    output: str
    first_red: float | None
    """Seconds from the start of the process to the first line that tells a failure."""
    seconds: float

    @property
    def consistent(self) -> bool:
        """Whether exit code and verdict.json say the same."""
        return _EXIT[self.verdict["decision"]] == self.exit_code

    @property
    def cause(self) -> str | None:
        """The cause of the first failing finding."""
        failing = [finding for finding in self.verdict["findings"] if finding["severity"] == "fail"]
        return failing[0]["cause"] if failing else None

    @property
    def warnings(self) -> set[str]:
        """What the verdict warns of."""
        return {one["summary"] for one in self.verdict["findings"] if one["severity"] == "warn"}

    @property
    def failing_checks(self) -> list[str]:
        """The checks whose failure the terminal told."""
        told = [line for line in self.output.splitlines() if line.startswith("FAILED ")]
        return [found[1] for line in told if (found := _CHECK.search(line))]


def without_user(environment: Mapping[str, str]) -> dict[str, str]:
    """A watch without a smoke user reads the log alone."""
    return {name: value for name, value in environment.items() if not name.startswith("SMOKE_")}


def run_suite(
    url: str,
    environment: Mapping[str, str],
    reports: Path,
    *options: str,
    mark: str = "smoke",
    piped_in: int | None = None,
    journeys: bool = False,
) -> Measured:
    """Run `pytest -m smoke` against `url`; `reports` receives verdict and evidence. `piped_in`: its standard input.

    It runs as a step of a GitHub workflow. Whatever is measured, nothing of what was planted may be left in what the run wrote,
    printed, or hands on: files of the pipeline, annotations, notifications, the text of a check.
    """
    with tempfile.TemporaryDirectory(prefix="pipeline-") as made:
        return _run(
            url, environment, reports, options, mark=mark, piped_in=piped_in, journeys=journeys, pipeline=Path(made)
        )


def _run(
    url: str,
    environment: Mapping[str, str],
    reports: Path,
    options: Sequence[str],
    *,
    mark: str,
    piped_in: int | None,
    journeys: bool,
    pipeline: Path,
) -> Measured:
    command = [sys.executable, "-m", "pytest", "-m", mark, f"--base-url={url}", f"--reports={reports}"]
    command += [*passing_on.options(pipeline), *options]
    given = (
        without_user(environment) if mark == "watch" and not journeys else dict(environment)
    ) | passing_on.environment(pipeline)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SMOKE_", "VERCEL_", "PYTEST_", "CRON_", "GITHUB_"))
    }
    before = files_in(reports)
    began = time.monotonic()
    lines: list[str] = []
    first_red = None
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=piped_in,
        env=inherited | given | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if first_red is None and line.startswith("FAILED "):
                first_red = time.monotonic() - began
    output = "".join(lines)
    handed_on = passing_on.texts(pipeline, reports)
    left = left_in(reports, output, planted_in(dict(environment) | given), before, handed_on)
    assert left == {}, f"a secret, or a name of a page: {left}"
    verdict = json.loads((reports / "verdict.json").read_text(encoding="utf-8"))
    return Measured(process.returncode, verdict, output, first_red, time.monotonic() - began)
