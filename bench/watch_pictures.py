"""The pictures of a watch and of a launch: docs/watch.svg and docs/launch.svg. `python -m bench.watch_pictures`.

Drawn by the code that draws them in a run, from values that are made up.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.terminal_theme import MONOKAI

from bench.watch_views import DEPLOYMENT, URL, troubled
from postdeploy.launch import checklist
from postdeploy.launch.course import begin, ended, entered
from postdeploy.launch.steps import Launch, LaunchPlan, OnFail, StepName, StepResult, StepState
from postdeploy.model import Recommendation, WillHelp
from postdeploy.report.watch_view import screen

DOCS = Path(__file__).parents[1] / "docs"
GOOD = "dpl_5uYt3eWq1R"
_WATCH, _CHECKLIST = 80, 130


def drawn(what: Iterable[RenderableType], title: str, width: int) -> str:
    """As a terminal of this width shows it, as SVG."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=width, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(*what, sep="\n")
        return console.export_svg(title=title, theme=MONOKAI, unique_id=title.replace(" ", "-"))


def rolled_back() -> Launch:
    """A launch that failed in its smoke run and was rolled back."""
    plan = LaunchPlan(url=URL, commit="3f9c1ab", on_fail=OnFail.ROLLBACK)
    fails = StepResult(
        state=StepState.FAILED,
        says="FAIL: Server Actions fail with 500 on every load",
        evidence=("reports/verdict.json",),
        who="on call: roll-back",
        recommendation=Recommendation.ROLL_BACK,
        will_help=WillHelp.YES,
        target=GOOD,
    )
    says = {
        StepName.PREREQUISITES: f"{GOOD} is live; a rollback has a target",
        StepName.ENVIRONMENT: "every variable is as [variables] wants it",
        StepName.KILL_SWITCH: "AUTO_SEND_REVISION_DISABLED is on in Production",
        StepName.BASELINE: "PASS: 40 checks passed",
        StepName.DEPLOY: f"{DEPLOYMENT}, commit 3f9c1ab is live",
        StepName.ROLLBACK: f"app.example.com serves {GOOD}",
        StepName.RECOVERY: "PASS: production has recovered",
    }
    launch = begin(plan, _at(0))
    order = [*list(StepName)[:6], StepName.ROLLBACK, StepName.RECOVERY]
    for minute, name in enumerate(order):
        done = StepResult(
            state=StepState.DONE, says=says.get(name, ""), deployment=DEPLOYMENT if name is StepName.DEPLOY else GOOD
        )
        launch = ended(
            entered(launch, name, _at(minute)), name, fails if name is StepName.SMOKE else done, _at(minute + 1)
        )
    return launch


def _at(minute: int) -> str:
    return f"2026-11-30T12:{minute:02d}:00+00:00"


def pictures() -> dict[Path, str]:
    """Each file with its picture."""
    return {
        DOCS / "watch.svg": drawn(screen(troubled(), _WATCH, 24), "postdeploy watch", _WATCH),
        DOCS / "launch.svg": drawn([Markdown(checklist.markdown(rolled_back()))], "reports launch.md", _CHECKLIST),
    }


def main() -> None:
    """Write them."""
    for file, picture in pictures().items():
        file.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
