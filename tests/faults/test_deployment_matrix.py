"""Deploys, rollbacks and rolling releases around a run: the verdict is about one deployment, and names it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.deployment_matrix import ROWS, DeploymentRow, Scene
from tests.faults.measure import Measured, run_suite
from tests.faults.table import kept
from tests.faults.test_matrix import PARTS

QUICK = (
    "a deploy lands during the run",
    "a rolling release … of a broken canary",
    "a staged deployment at its own address … that is broken",
)
"""Rows that every `make test` measures."""
MEASURED = ("login", "inbox", "workspaces", "session", "deployments")
_HEADER = "| what happened | decision | reason | recommendation | says | deployment | ended after |\n|---|---|---|---|---|---|---|\n"
_INTRO = """# Deployments during a run, measured

Measured by `make faults` on the sandbox. “Ended after”: seconds from the event during the run to the end of the process.

"""


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The measured rows: printed, and kept in docs/deployment-faults.md when the whole matrix ran."""
    yield from kept(request, "deployment-faults.md", _INTRO, _HEADER, len(ROWS))


def _parameters() -> Iterator[object]:
    before = ""
    for row in ROWS:
        before = before if row.name.startswith("…") else row.name
        name = row.name if before == row.name else f"{before} {row.name}"
        marks = [pytest.mark.sandbox, pytest.mark.browser] if name in QUICK else [pytest.mark.faults]
        yield pytest.param(row, id=name, marks=marks)


@pytest.mark.parametrize("row", list(_parameters()))
def test_the_verdict_is_about_one_deployment(
    sandbox: Sandbox, row: DeploymentRow, tmp_path: Path, table: list[str]
) -> None:
    scene = Scene(sandbox, sandbox.current_deployment)
    row.happens(scene)
    parts = (*MEASURED, *row.parts)
    options = [*(f"--without={part}" for part in PARTS if part not in parts), *row.options]
    environment = sandbox.environment() | (sandbox.platform_environment() if row.platform else {})
    url = scene.url or sandbox.url
    scene.watch(tmp_path / "reports" / "verdict.json")
    measured = run_suite(url, environment, tmp_path / "reports", "--runbook=sandbox/runbook.toml", *options)
    ended = time.monotonic() - scene.changed_at if scene.changed_at else None
    verdict = measured.verdict
    named = {"good": scene.good, "other": scene.other, "url": url}
    table.append(_line(row, measured, ended, scene))
    assert measured.consistent, measured.output
    assert row.decision in ("", verdict["decision"]), measured.output
    assert row.reason in ("", verdict["reason"]), measured.output
    assert row.recommendation in ("", verdict["recommendation"]), measured.output
    assert row.says.format(**named) in verdict["summary"], measured.output
    assert row.standing in ("", verdict["deployment"]["standing"]), measured.output
    assert row.measured.format(**named) in ("", verdict["deployment"]["deployment_id"]), measured.output
    assert row.command.format(**named) in (verdict["command"] or ""), measured.output
    assert row.warns == "*" or len(measured.warnings) == bool(row.warns), measured.output
    assert row.warns == "*" or all(row.warns.format(**named) in one for one in measured.warnings), measured.output
    assert row.ends_within is None or (ended is not None and ended < row.ends_within), measured.output


@pytest.mark.sandbox
@pytest.mark.browser
@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_every_process_gets_through_the_wall(sandbox: Sandbox, tmp_path: Path, processes: tuple[str, ...]) -> None:
    """The first one asks for the cookie; the others have not looked before the checks."""
    sandbox.break_("protection-wall")
    environment = sandbox.environment() | sandbox.platform_environment()
    options = [f"--without={part}" for part in PARTS if part not in MEASURED]
    measured = run_suite(sandbox.url, environment, tmp_path, "--runbook=sandbox/runbook.toml", *options, *processes)
    assert measured.exit_code == 0, measured.output


def _line(row: DeploymentRow, measured: Measured, ended: float | None, scene: Scene) -> str:
    verdict = measured.verdict
    notes = sorted(measured.warnings)
    says = "; ".join([verdict["summary"], *notes])
    for name, id_ in (("dpl_good", scene.good), ("dpl_other", scene.other)):
        says = says.replace(id_, name) if id_ else says
    where = {scene.good: "good", scene.other: "other"}.get(verdict["deployment"]["deployment_id"], "")
    cells = (
        row.name,
        verdict["decision"] + (f", {len(notes)} warning{'s' if len(notes) > 1 else ''}" if notes else ""),
        verdict["reason"] or "",
        verdict["recommendation"],
        says.replace("|", "\\|"),
        ", ".join(one for one in (where, verdict["deployment"]["standing"]) if one),
        f"{ended:.1f} s" if ended else "",
    )
    return f"| {' | '.join(cells)} |"
