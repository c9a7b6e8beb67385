"""Where the time of the steps goes, stage by stage: `python -m bench.profile`, with N runs (9 unless the environment says otherwise)."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.contenders import OURS, Contender, contenders
from bench.runs import Ended, RunError, timed
from sandbox import Sandbox
from sandbox.__main__ import UNDERSTOOD
from sandbox.database import WORKSPACES

HEADINGS = ("stage", "took", "until")
_LAST = "the process has ended"
Run = Sequence[tuple[str, float]]
"""The stages of a run, and the second at which each ended."""


def profiled(ours: Contender, run: Callable[[Contender], Ended], file: Path) -> Run:
    """The stages of one run.

    Raises:
        RunError: not all steps came true.
    """
    spans = {"BENCH_SPANS": str(file), "BENCH_BEGAN": str(time.monotonic())}
    ended = run(replace(ours, command=(*ours.command, "-p", "bench.spans"), environment={**ours.environment, **spans}))
    return [*json.loads(file.read_text(encoding="utf-8")), (_LAST, ended.seconds)]


def rows(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    """The table: stage, seconds that it took, second at which it ended; medians."""
    found: list[tuple[str, ...]] = []
    before: Sequence[float] = [0.0] * len(runs)
    for stages in zip(*runs, strict=True):
        until = [at for _, at in stages]
        took = median(at - since for at, since in zip(until, before, strict=True))
        found.append((stages[0][0], f"{took:.2f} s", f"{median(until):.2f} s"))
        before = until
    return found


def main() -> None:
    """Measure and print."""
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as directory, Sandbox.start() as sandbox:
            scratch = Path(directory)
            environment = sandbox.environment() | {"BENCH_FIRST": WORKSPACES[0], "BENCH_OTHER": WORKSPACES[1]}
            ours = next(one for one in contenders(sandbox.url, scratch, {}) if one.name == OURS)

            def run(one: Contender) -> Ended:
                return timed(one, environment, scratch / "output")

            run(ours)
            runs = [profiled(ours, run, scratch / "spans") for _ in range(int(os.environ.get("N") or 9))]
    except (*UNDERSTOOD, RunError) as error:
        sys.exit(str(error))
    table = Table(box=None)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == HEADINGS[0] else "right")
    for row in rows(runs):
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
