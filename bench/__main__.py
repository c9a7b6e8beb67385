"""The command line: ``python -m bench``, with N runs of each contender (7 unless the environment says otherwise)."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench import node, page
from bench.contenders import contenders
from bench.results import Timing, turns
from bench.runs import RunError, prove, timed
from postdeploy.system.browser import NoBrowser, executable
from sandbox import Sandbox
from sandbox.__main__ import UNDERSTOOD
from sandbox.database import WORKSPACES

RUNS = 7
"""The fewest runs whose median is kept."""


def bench(runs: int) -> None:
    """Measure, prove that each contender can fail, print, and keep the page if there were enough runs."""
    node.install()
    browser = executable()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, Sandbox.start() as sandbox:
        scratch = Path(directory)
        log = scratch / "output"
        all_of_them = contenders(sandbox.url, scratch)
        environment = sandbox.environment() | {"BENCH_FIRST": WORKSPACES[0], "BENCH_OTHER": WORKSPACES[1]}
        environment |= {"BENCH_BROWSER": str(browser)} if browser else {}

        print("bench: every contender once, unmeasured, to fill caches")
        for one in all_of_them:
            timed(one, environment, log)
        seconds: dict[str, list[float]] = {one.name: [] for one in all_of_them}
        for one in turns(all_of_them, runs):
            seconds[one.name].append(timed(one, environment, log))
            print(f"bench: {one.name} {seconds[one.name][-1]:.2f} s", flush=True)

        print("bench: every contender once more, with the database down: each must fail", flush=True)
        sandbox.break_("database-down-before-load")
        for one in all_of_them:
            prove(one, environment, log)

    timings = {name: Timing(tuple(measured)) for name, measured in seconds.items()}
    page.tell(timings)
    if runs >= RUNS:
        page.write(all_of_them, timings, browser)


def main() -> None:
    """Run; an error that is not a bug is shown in one line."""
    try:
        bench(runs=int(os.environ.get("N") or RUNS))
    except (*UNDERSTOOD, NoBrowser, RunError, node.InstallError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
