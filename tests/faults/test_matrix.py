"""Each state of the sandbox leads to the verdict that the contract asks for, and the message names the cause."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from postdeploy.runbook.reading import read_runbook
from sandbox import Sandbox
from tests.faults.matrix import ROWS
from tests.faults.measure import ROOT, Measured, run_suite
from tests.faults.row import Row
from tests.faults.table import kept

QUICK = (
    "healthy",
    "action-throws",
    "server-foreign-rows",
    "database-down-before-load",
    "protection-wall",
    "wrong-password",
    "env-cron-secret-missing",
    "env-hidden",
    "cron-secret-unset",
    "cron-open",
)
"""Rows that every `make test` measures: a verdict of each kind."""
PARTS = tuple(read_runbook().parts)
_RUNBOOK = ROOT / "sandbox" / "runbook.toml"
NAMED = ("--runbook", "sandbox/runbook.toml")
FIRST_RED_AIM = 20.0
"""Seconds. The page says where it is missed; a busy machine must not fail the row."""
_HEADER = "| state | decision | reason or cause | recommendation | failing checks | says | first red |\n|---|---|---|---|---|---|---|\n"
_INTRO = (
    "# Broken states, measured\n\nMeasured by `make faults` on the sandbox; times from the start of the process.\n\n"
)


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The measured rows: printed, and kept in docs/faults.md when the whole matrix ran."""
    yield from kept(request, "faults.md", _INTRO, _HEADER, len(ROWS))


def _parameters() -> Iterator[object]:
    for row in ROWS:
        marks = [pytest.mark.sandbox, pytest.mark.browser] if row.name in QUICK else [pytest.mark.faults]
        yield pytest.param(row, id=row.name, marks=marks)


@pytest.mark.parametrize("row", list(_parameters()))
def test_the_state_leads_to_its_verdict(sandbox: Sandbox, row: Row, tmp_path: Path, table: list[str]) -> None:
    environment = sandbox.environment()
    options = [*(NAMED if row.named else ()), *row.options]
    if row.platform:
        environment |= {name: value for name, value in sandbox.platform_environment().items() if "BYPASS" not in name}
    if row.secrets:
        environment |= sandbox.app_secrets()
    if row.event:
        options = [f"--runbook={_with_an_event(tmp_path)}", *row.options]
    if row.overlay:
        options = [f"--runbook={_overlaid(tmp_path, row.overlay)}", *row.options]
    if row.parts:
        options += [f"--without={part}" for part in PARTS if part not in row.parts]
    if row.old_session:
        session = tmp_path / "session.json"
        session.write_text(json.dumps(sandbox.visitor.storage_state()), encoding="utf-8")
        options.append(f"--session={session}")
    if row.fault != "healthy":
        sandbox.break_(row.fault)
    jobs = sandbox.jobs
    measured = run_suite(sandbox.url, environment, tmp_path / "reports", *options)
    verdict = measured.verdict
    table.append(_line(row, measured))
    assert measured.consistent, measured.output
    assert (verdict["decision"], verdict["reason"]) == (row.decision, row.reason), measured.output
    assert row.recommendation in ("", verdict["recommendation"]), measured.output
    assert row.cause in ("", measured.cause), measured.output
    assert row.says in verdict["summary"], measured.output
    assert row.check in ("", *measured.failing_checks), measured.output
    assert not row.alone or measured.failing_checks == [row.check], measured.output
    assert not row.warns or set(row.warns) == measured.warnings, measured.output
    assert not row.warned or any(row.warned in warning for warning in measured.warnings), measured.output
    assert row.unmeasured in ("", *verdict["coverage"]["not_measured"]), measured.output
    assert sandbox.jobs - jobs == row.jobs, measured.output
    assert row.decision != "FAIL" or measured.first_red is not None, measured.output


def _with_an_event(folder: Path) -> Path:
    """The sandbox's runbook, with a workspace for test events."""
    workspace = tomllib.loads(_RUNBOOK.read_text(encoding="utf-8"))["webhooks"]["workspace"]
    return _overlaid(folder, f'[test_event]\nworkspace = "{workspace}"\n')


def _overlaid(folder: Path, more: str) -> Path:
    """The sandbox's runbook, with more in it."""
    file = folder / "runbook.toml"
    file.write_text(f"{_RUNBOOK.read_text(encoding='utf-8')}\n{more}", encoding="utf-8")
    return file


def _line(row: Row, measured: Measured) -> str:
    verdict = measured.verdict
    cells = (
        row.name,
        verdict["decision"],
        verdict["reason"] or measured.cause or "",
        verdict["recommendation"],
        ", ".join(measured.failing_checks),
        verdict["summary"].replace("|", "\\|"),
        _first_red(row, measured.first_red),
    )
    return f"| {' | '.join(cells)} |"


def _first_red(row: Row, seconds: float | None) -> str:
    missed = seconds is not None and seconds > FIRST_RED_AIM and not row.slow
    return "" if seconds is None else f"{seconds:.1f} s" + (f" (aim: {FIRST_RED_AIM:.0f} s)" if missed else "")
