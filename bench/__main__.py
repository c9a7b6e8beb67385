"""The command line: ``python -m bench``, with N runs of each contender (9 unless the environment says otherwise)."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import node, page
from bench.contenders import OURS, Contender, contenders
from bench.profile import profiled
from bench.results import FRESH, KEPT, Timing, turns
from bench.runs import Ended, RunError, prove, timed, without_bytecode
from postdeploy.system.browser import NoBrowser, executable
from sandbox import Sandbox
from sandbox.__main__ import UNDERSTOOD
from sandbox.database import WORKSPACES

RUNS = 9
"""The fewest runs whose median is kept."""


def bench(runs: int) -> None:
    """Measure, prove that each contender can fail, print, and keep the page if there were enough runs."""
    node.install()
    browser = executable()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, Sandbox.start() as sandbox:
        scratch = Path(directory)
        log = scratch / "output"
        platform = {name: value for name, value in sandbox.platform_environment().items() if "BYPASS" not in name}
        all_of_them = contenders(sandbox.url, scratch, platform)
        environment = sandbox.environment() | {"BENCH_FIRST": WORKSPACES[0], "BENCH_OTHER": WORKSPACES[1]}
        environment |= {"BENCH_BROWSER": str(browser)} if browser else {}

        def run(one: Contender) -> Ended:
            return timed(one, environment, log)

        print("bench: every contender once, unmeasured, to fill caches")
        for one in all_of_them:
            run(one)
        fresh = _measured(FRESH, all_of_them, runs, lambda one: without_bytecode(lambda: run(one)))
        for one in all_of_them:
            run(one)
        kept = _measured(KEPT, all_of_them, runs, run)
        ours = next(one for one in all_of_them if one.name == OURS)
        stages = [profiled(ours, run, scratch / "spans") for _ in range(runs)]

        print("bench: every contender once more, with the database down: each must fail", flush=True)
        sandbox.break_("database-down-before-load")
        for one in all_of_them:
            prove(one, environment, log)

    tables = {FRESH: fresh, KEPT: kept}
    page.tell(tables)
    if runs >= RUNS:
        page.write(all_of_them, tables, stages, browser)


def _measured(
    title: str, all_of_them: Sequence[Contender], runs: int, run: Callable[[Contender], Ended]
) -> dict[str, Timing]:
    ended: dict[str, list[Ended]] = {one.name: [] for one in all_of_them}
    for one in turns(all_of_them, runs):
        ended[one.name].append(run(one))
        print(f"bench: {title}: {one.name} {ended[one.name][-1].seconds:.2f} s", flush=True)
    return {
        name: Timing(tuple(one.seconds for one in each), tuple(one.cpu for one in each)) for name, each in ended.items()
    }


def main() -> None:
    """Run; an error that is not a bug is shown in one line."""
    try:
        bench(runs=int(os.environ.get("N") or RUNS))
    except (*UNDERSTOOD, NoBrowser, RunError, node.InstallError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
