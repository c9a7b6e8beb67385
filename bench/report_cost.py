"""What the report costs inside a smoke run, and when report.html stands after the last check. Writes docs/bench-report.md.

python -m bench.report_cost [RUNS]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import figures
from bench.page import machine
from bench.plugins import without_the_plugins_of_tests
from bench.runs import FOREIGN, ROOT
from postdeploy.system.browser import executable
from sandbox import Sandbox

FILE = ROOT / "docs" / "bench-report.md"
MOST_SHARE, MOST_SECONDS = 0.10, 3.0
STATES = {"PASS": None, "FAIL": "action-throws"}
"""What is measured, and what is broken for it."""
RUNS = 3


@dataclass(frozen=True)
class Cost:
    """Of one run."""

    seconds: float
    """From the start of the process to its end."""
    parts: dict[str, float]
    after: float
    """From the end of the last check until report.html stood there as it stays."""

    @property
    def share(self) -> float:
        """Of the whole run."""
        return sum(self.parts.values()) / self.seconds


def measured(sandbox: Sandbox, scratch: Path) -> Cost:
    """One run of the whole smoke suite."""
    times = scratch / "times.json"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment = inherited | sandbox.environment() | {"REPORT_TIMES": str(times)}
    suite = (sys.executable, "-m", "pytest", "-p", "bench.report_timer", *without_the_plugins_of_tests(), "-m", "smoke")
    options = (f"--base-url={sandbox.url}", "--runbook=sandbox/runbook.toml", f"--reports={scratch / 'reports'}")
    began = time.monotonic()
    subprocess.run([*suite, *options], cwd=ROOT, env=environment, capture_output=True, check=False)
    seconds = time.monotonic() - began
    found = json.loads(times.read_text(encoding="utf-8"))
    return Cost(seconds, found["parts"], found["after"])


def page(costs: dict[str, list[Cost]], where: str) -> str:
    """The page as text."""
    rows = [_row(name, each) for name, each in costs.items()]
    return "\n".join(
        (
            "# What the report costs",
            "",
            f"Measured by `python -m bench.report_cost` on the sandbox, {where}",
            f"Whole smoke runs of each kind: {len(costs['PASS'])}. Medians, the worst in brackets.",
            "",
            "| run | seconds | of them for the report | share (at most 10 %) | report.html after the last check (at most 3 s) |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            *(f"With a {name}: {_spent(each)}." for name, each in costs.items()),
            "Counted are pictures, redaction, verdict.json, report.html and the incident note; allure-pytest's own work is not.",
            "A FAIL is written twice: at once, and after the comparison run.",
        )
    )


def _spent(costs: list[Cost]) -> str:
    """On what, the median of each."""
    parts = sorted({part for cost in costs for part in cost.parts})
    return ", ".join(f"{part} {statistics.median(cost.parts.get(part, 0.0) for cost in costs):.2f} s" for part in parts)


def _row(name: str, costs: list[Cost]) -> str:
    def shown(values: list[float], form: str) -> str:
        return f"{format(statistics.median(values), form)} ({format(max(values), form)})"

    cells = (
        name,
        f"{statistics.median(cost.seconds for cost in costs):.1f}",
        f"{statistics.median(sum(cost.parts.values()) for cost in costs):.2f}",
        shown([cost.share for cost in costs], ".1%"),
        shown([cost.after for cost in costs], ".2f") + " s",
    )
    return f"| {' | '.join(cells)} |"


def main(runs: int) -> None:
    """Measure, and write the page; exit code 1 if it costs more than it may."""
    costs: dict[str, list[Cost]] = {name: [] for name in STATES}
    with tempfile.TemporaryDirectory(prefix="report-cost-") as made, Sandbox.start() as sandbox:
        for number in range(runs):
            for name, broken in STATES.items():
                sandbox.heal()
                if broken:
                    sandbox.break_(broken)
                scratch = Path(made) / f"{name}-{number}"
                scratch.mkdir()
                costs[name].append(measured(sandbox, scratch))
                last = costs[name][-1]
                print(
                    f"{name}: {last.seconds:.1f} s, {last.share:.1%}, {last.after:.2f} s after; {_spent([last])}",
                    flush=True,
                )
    figures.write(FILE, page(costs, machine(executable())))
    every = [cost for each in costs.values() for cost in each]
    sys.exit(any(cost.share > MOST_SHARE or cost.after > MOST_SECONDS for cost in every))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
