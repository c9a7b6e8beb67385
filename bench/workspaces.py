"""What a run costs where an app has many workspaces: 1, 10 and 100 of them opened. Writes docs/bench-workspaces.md.

python -m bench.workspaces [RUNS]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import figures
from bench.logs.measuring import run
from bench.page import machine
from bench.plugins import without_the_plugins_of_tests
from bench.runs import FOREIGN, ROOT
from postdeploy.system.browser import executable
from sandbox import Sandbox

FILE = ROOT / "docs" / "bench-workspaces.md"
KINDS = {
    1: ("one-workspace", "single = true"),
    10: ("hundred-workspaces", "open = 10"),
    100: ("hundred-workspaces", "open = 100"),
}
"""Opened workspaces → the sandbox's state, and what the runbook says."""
MOST = 10
"""Times the run with one workspace."""
RUNS = 3


@dataclass(frozen=True)
class Cost:
    """Of one run."""

    seconds: float
    requests: int
    """That the sandbox's app was sent."""
    megabytes: float
    """Of all its processes at their highest, the browser's among them."""


def measured(sandbox: Sandbox, scratch: Path, opened: int) -> Cost:
    """One run of the whole smoke suite.

    Raises:
        RunError: it does not pass.
    """
    fault, says = KINDS[opened]
    sandbox.heal()
    sandbox.break_(fault)
    runbook = scratch / "runbook.toml"
    runbook.write_text(
        f"schema = 1\n[workspaces]\n{says}\n[inbox]\nfilter = '[data-testid=\"inbox-filter-meeting\"]'\n"
    )
    sandbox.logs.wait_until_quiet()
    before = len(sandbox.logs.truth)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    suite = (sys.executable, "-m", "pytest", *without_the_plugins_of_tests(), "-m", "smoke")
    options = (f"--base-url={sandbox.url}", f"--runbook={runbook}", f"--reports={scratch / 'reports'}")
    ended = run([*suite, *options], inherited | sandbox.environment())
    sandbox.logs.wait_until_quiet()
    requests = sum(row.is_request for row in sandbox.logs.truth[before:])
    return Cost(ended.seconds, requests, ended.memory / 1e6)


def page(costs: dict[int, list[Cost]], where: str) -> str:
    """The page as text."""
    rows = [_row(opened, each, statistics.median(cost.seconds for cost in costs[1])) for opened, each in costs.items()]
    return "\n".join(
        (
            "# What workspaces cost",
            "",
            f"Measured by `python -m bench.workspaces` on the sandbox, {where}",
            f"Whole smoke runs of each kind: {len(costs[1])}, alternating. Medians.",
            "Two workspaces are opened unless `[workspaces] open` says more.",
            "",
            f"| workspaces opened | seconds | of one (aim: at most {MOST} ×) | requests to the app | memory |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            "They are opened one after the other, in the tab of the inbox: each opening is a choice in the menu, a list and its",
            "counts. So the rate of requests is a person's, however many there are.",
        )
    )


def _row(opened: int, costs: list[Cost], one: float) -> str:
    seconds = statistics.median(cost.seconds for cost in costs)
    requests = statistics.median(cost.requests for cost in costs)
    megabytes = statistics.median(cost.megabytes for cost in costs)
    return f"| {opened} | {seconds:.1f} s | {seconds / one:.1f} × | {requests:.0f} | {megabytes:.0f} MB |"


def main(runs: int) -> None:
    """Measure, print, and keep the page."""
    costs: dict[int, list[Cost]] = {opened: [] for opened in KINDS}
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, Sandbox.start() as sandbox:
        for _ in range(runs):
            for opened in KINDS:
                cost = measured(sandbox, Path(directory), opened)
                print(f"{opened} opened: {cost.seconds:.1f} s, {cost.requests} requests", flush=True)
                costs[opened].append(cost)
    figures.write(FILE, page(costs, machine(executable())))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
