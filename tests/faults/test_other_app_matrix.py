"""The suite judges another app by runbook.toml alone; what it does not manage yet is known, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.measure import ROOT, Measured, run_suite
from tests.faults.other_app_matrix import ROWS, OtherRow
from tests.faults.table import kept

QUICK = ("nothing odd", "the list route throws")
"""Rows that every `make test` measures."""
RUNBOOKS = {"desk": "other-app.toml", "inbox": "runbook.toml"}
_HEADER = "| the other app | decision | cause | recommendation | says | as wanted |\n|---|---|---|---|---|---|\n"
_INTRO = """# The matrix of another app, measured

By `make faults` on the sandbox: the same app in another shape, with other paths, other markup and other words, configured
by `sandbox/other-app.toml` alone.

"""


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The measured rows: printed, and kept in docs/other-app-faults.md when the whole matrix ran."""
    yield from kept(request, "other-app-faults.md", _INTRO, _HEADER, len(ROWS))


def _parameters() -> Iterator[object]:
    for row in ROWS:
        marks = [pytest.mark.sandbox, pytest.mark.browser] if row.name in QUICK else [pytest.mark.faults]
        yield pytest.param(row, id=row.name, marks=marks)


@pytest.mark.parametrize("row", list(_parameters()))
def test_the_other_app_leads_to_its_verdict(
    running_sandbox: Sandbox, row: OtherRow, tmp_path: Path, table: list[str]
) -> None:
    running_sandbox.become(row.app, *row.oddities)
    if row.fault:
        running_sandbox.break_(row.fault)
    reports = tmp_path / "reports"
    measured = run_suite(
        running_sandbox.url, running_sandbox.environment(), reports, _runbook(row, tmp_path), *row.options
    )
    differs = _differs(row, measured)
    table.append(_line(row, measured, as_wanted=not differs))
    assert measured.consistent, measured.output
    assert differs == [], measured.output


def _runbook(row: OtherRow, folder: Path) -> str:
    """The app's own, without the people of the Master Inbox: oddities call some of them by another name."""
    text = (ROOT / "sandbox" / RUNBOOKS[row.app]).read_text(encoding="utf-8")
    if row.app == "inbox":
        text = "\n".join(line for line in text.splitlines() if not line.startswith("people"))
    tables = re.split(r"(?m)^(?=\[)", text)
    file = folder / "runbook.toml"
    kept = [table for table in tables if not any(table.startswith(f"[{each}]") for each in row.lacks)]
    file.write_text("".join(kept), encoding="utf-8")
    return f"--runbook={file}"


def _differs(row: OtherRow, measured: Measured) -> list[str]:
    """What is not as wanted, in the suite's own words."""
    verdict = measured.verdict
    seen = {
        "decision": (row.decision, verdict["decision"]),
        "cause": (row.cause, measured.cause),
        "recommendation": (row.recommendation, verdict["recommendation"]),
    }
    wrong = [f"{what} {found}, not {wanted}" for what, (wanted, found) in seen.items() if wanted not in ("", found)]
    if row.says not in verdict["summary"]:
        wrong.append(f"the summary does not name {row.says!r}")
    if row.warns and not any(row.warns in warning for warning in measured.warnings):
        wrong.append(f"no warning names {row.warns!r}")
    return [*wrong, f"“{verdict['summary']}”"] if wrong else []


def _line(row: OtherRow, measured: Measured, *, as_wanted: bool) -> str:
    verdict = measured.verdict
    cells = (
        row.name,
        verdict["decision"],
        verdict["reason"] or measured.cause or "",
        verdict["recommendation"],
        verdict["summary"].replace("|", "\\|"),
        "yes" if as_wanted else "no",
    )
    return f"| {' | '.join(cells)} |"
