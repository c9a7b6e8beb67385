"""What the HTTP checks add to a run: ``python -m bench.readiness``, N runs of each, alternating (7)."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench import figures
from bench.contenders import Contender
from bench.plugins import without_the_plugins_of_tests
from bench.results import Timing, turns
from bench.runs import ROOT, RunError, timed
from postdeploy.runbook.reading import read_runbook
from postdeploy.system.browser import NoBrowser
from sandbox import Sandbox
from sandbox.__main__ import UNDERSTOOD

RUNS = 7
HTTP = ("environment", "cron", "webhooks")
JOURNEY, EVERYTHING, ALONE = "browser journey", "everything", "HTTP checks alone"
_PARTS = tuple(read_runbook().parts)
_JOURNEY = ("login", "inbox", "workspaces", "session")
PAGE = ROOT / "docs" / "bench-readiness.md"


def contenders(url: str, scratch: Path) -> tuple[Contender, ...]:
    """The browser's checks, the same with the HTTP checks, and HTTP checks that need no browser at all."""
    runs = (
        (JOURNEY, "login, inbox, workspaces, session: everything that a browser does", _JOURNEY),
        (EVERYTHING, "the same, with environment, cron and webhooks", (*_JOURNEY, *HTTP)),
        (ALONE, "environment and webhooks without a browser (cron routes wait for it)", ("environment", "webhooks")),
    )
    suite = (sys.executable, "-m", "pytest", *without_the_plugins_of_tests(), "-m", "smoke", f"--base-url={url}")
    return tuple(
        Contender(
            name,
            does,
            (
                *suite,
                "--runbook",
                "sandbox/runbook.toml",
                f"--reports={scratch / name.replace(' ', '-')}",
                *(f"--without={part}" for part in _PARTS if part not in parts),
            ),
            says=r"\d+ passed",
        )
        for name, does, parts in runs
    )


def page(timings: dict[str, Timing], all_of_them: tuple[Contender, ...]) -> str:
    """The table, and whether the aim is met."""
    added = timings[EVERYTHING].median - timings[JOURNEY].median
    met = "met" if added < timings[JOURNEY].median else "missed"
    lines = [
        "# What the HTTP checks cost",
        "",
        (
            f"Measured by `python -m bench.readiness` against one running sandbox: wall time of whole processes, "
            f"{len(timings[JOURNEY].seconds)} runs each, alternating, on {os.cpu_count()} cores."
        ),
        "",
        "| run | median | min | max | what it does |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in all_of_them:
        timing = timings[one.name]
        least, most = min(timing.seconds), max(timing.seconds)
        lines.append(f"| {one.name} | {timing.median:.2f} s | {least:.2f} s | {most:.2f} s | {one.does} |")
    lines += [
        "",
        f"The HTTP checks add {added:.2f} s to the journey. The aim, less than the journey itself: {met}.",
        "They run in threads next to the browser; the rest is waiting for Vercel's API and reporting each check.",
        "",
    ]
    return "\n".join(lines)


def bench(runs: int) -> None:
    """Measure and print; keep the page if there were enough runs."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, Sandbox.start() as sandbox:
        scratch = Path(directory)
        all_of_them = contenders(sandbox.url, scratch)
        platform = {name: value for name, value in sandbox.platform_environment().items() if "BYPASS" not in name}
        environment = sandbox.environment() | platform
        for one in all_of_them:
            timed(one, environment, scratch / "output")
        seconds: dict[str, list[float]] = {one.name: [] for one in all_of_them}
        for one in turns(all_of_them, runs):
            seconds[one.name].append(timed(one, environment, scratch / "output").seconds)
            print(f"bench: {one.name} {seconds[one.name][-1]:.2f} s", flush=True)
    timings = {name: Timing(tuple(measured)) for name, measured in seconds.items()}
    text = page(timings, all_of_them)
    print(text)
    if runs >= RUNS:
        figures.write(PAGE, text)


def main() -> None:
    """Run; an error that is not a bug is shown in one line."""
    try:
        bench(runs=int(os.environ.get("N") or RUNS))
    except (*UNDERSTOOD, NoBrowser, RunError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
