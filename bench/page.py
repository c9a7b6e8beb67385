"""The result for people: in the terminal, and as docs/bench.md."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import figures, node, profile
from bench.contenders import Contender
from bench.results import AIMS, Timing, rows
from bench.runs import ROOT

_HEADINGS = ("contender", "median", "min", "max", "of the floor", "CPU")
_WHY = (
    "Where ours goes beyond the floor: Python, pytest, the plugins and the runbook are loaded first (plain pytest pays most of it, too),",
    "while Playwright's driver starts; the rest is proof: the screen read at each change, the menu read",
    "before it is used, the answers compared with what is shown, verdict and evidence written. The whole smoke signs in",
    "twice, tries a wrong password, and looks at the loaded inbox again after three seconds, because a proof must hold: that",
    "alone is longer than the floor. Starting a browser server early, during Python's imports, was measured: it cost more CPU",
    "and won nothing that could be seen.",
    "",
)
_STEPS = "Sign in with the form · the inbox shows cards · open a conversation · switch to another workspace · reload."


Tables = Mapping[str, Mapping[str, Timing]]
"""The timings of all contenders by the state of the machine."""


def tell(tables: Tables) -> None:
    """Print tables and aims."""
    console = Console()
    for title, timings in tables.items():
        table = Table(box=None, title=title)
        for heading in _HEADINGS:
            table.add_column(heading, justify="left" if heading == _HEADINGS[0] else "right")
        for row in rows(timings):
            table.add_row(*row)
        console.print(table)
        for aim in AIMS:
            console.print(aim.outcome(timings), highlight=False)


def write(contenders: Sequence[Contender], tables: Tables, stages: Sequence[profile.Run], browser: Path | None) -> None:
    """Write docs/bench.md."""
    figures.write(
        ROOT / "docs" / "bench.md",
        page(contenders, tables, stages, machine(browser, f"@playwright/test {node.version()}")),
    )


def page(contenders: Sequence[Contender], tables: Tables, stages: Sequence[profile.Run], machine: str) -> str:
    """The page as text. `stages`: of runs of ours."""
    runs = min(len(timing.seconds) for timings in tables.values() for timing in timings.values())
    lines = (
        "# How long it takes",
        "",
        "Measured by `make bench` against one running sandbox: wall time and processor time of whole processes,",
        f"{runs} runs each, alternating, twice: without the project's compiled modules and with them.",
        f"{machine} Every run did its steps, and every contender fails where the database is down.",
        "",
        *(line for title, timings in tables.items() for line in _section(title, timings)),
        "pytest loads the plugins that a pipeline has (requirements/run.txt), not those of the project's own tests.",
        "",
        "## Where ours is spent",
        "",
        f"Medians of {len(stages)} more runs, with the compiled modules (`python -m bench.profile`).",
        "",
        *_markdown(profile.HEADINGS, profile.rows(stages)),
        "",
        *_WHY,
        f"The steps: {_STEPS}",
        "",
        *_markdown(("contender", "what it does"), [(one.name, one.does) for one in contenders]),
        "",
    )
    return "\n".join(lines)


def _section(title: str, timings: Mapping[str, Timing]) -> list[str]:
    aims = [f"- {aim.outcome(timings)}" for aim in AIMS]
    return [
        f"## {title[:1].upper()}{title[1:]}",
        "",
        *_markdown(_HEADINGS, rows(timings)),
        "",
        "The aims:",
        "",
        *aims,
        "",
    ]


def machine(browser: Path | None, *more: str) -> str:
    """What the numbers depend on."""
    ours = (f"{os.cpu_count()} cores", _chromium(browser), f"playwright {version('playwright')} for Python")
    return ", ".join((*ours, *more, f"pytest {version('pytest')}."))


def _chromium(browser: Path | None) -> str:
    if browser is None:
        return "Playwright's own Chromium"
    said = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    number = re.search(r"\d+(\.\d+)+", said)
    return f"Chromium {number[0]}" if number else "a Chromium that does not tell its version"


def _markdown(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (headings, ["---"] * len(headings), *cells)]
