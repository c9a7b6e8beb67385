"""What the log says of a deployment leads to the verdict that the contract asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.log_matrix import ROWS, LogRow
from tests.faults.log_stories import Story
from tests.faults.measure import Measured, run_suite
from tests.faults.table import kept

QUICK = ("healthy", "4 unique errors", "an outage of the database whose every answer is 200")
"""Rows that every `make test` measures."""
_HEADER = (
    "| what happened | decision | reason or cause | recommendation | says | seconds |\n|---|---|---|---|---|---|\n"
)
_INTRO = """# The log, measured

Measured by `make faults` against the sandbox: `pytest -m watch --logs=vercel --watch=10m`, eleven minutes after the deploy on the
platform's clock. Real requests go to the real app at the minutes of the story. Seconds of the whole process.

"""


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The measured rows: printed, and kept in docs/log-faults.md when the whole matrix ran."""
    yield from kept(request, "log-faults.md", _INTRO, _HEADER, len(ROWS))


def _parameters() -> Iterator[object]:
    for row in ROWS:
        marks = [pytest.mark.sandbox] if row.name in QUICK else [pytest.mark.faults]
        yield pytest.param(row, id=row.name, marks=marks)


@pytest.mark.parametrize("row", list(_parameters()))
def test_the_story_leads_to_its_verdict(sandbox: Sandbox, row: LogRow, tmp_path: Path, table: list[str]) -> None:
    story = Story(sandbox, skew=row.skew)
    if row.earlier is not None:
        story.before(*row.earlier)
    story.deploy()
    row.happens(story)
    story.now()
    options = ["--logs=vercel", "--watch=10m"]
    if row.runbook:
        (tmp_path / "runbook.toml").write_text(row.runbook, encoding="utf-8")
        options.append(f"--runbook={tmp_path / 'runbook.toml'}")
    environment = sandbox.environment() | sandbox.platform_environment()
    measured = run_suite(sandbox.url, environment, tmp_path / "reports", *options, mark="watch")
    table.append(_line(row, measured))
    verdict = measured.verdict
    assert measured.consistent, measured.output
    assert (verdict["decision"], verdict["reason"]) == (row.decision, row.reason), measured.output
    assert row.recommendation in ("", verdict["recommendation"]), measured.output
    assert row.cause in ("", measured.cause), measured.output
    assert row.says in verdict["summary"] + verdict["log"]["says"], measured.output
    warnings = [finding["summary"] for finding in verdict["findings"] if finding["severity"] == "warn"]
    assert row.warns in " ".join(warnings), measured.output
    assert verdict["stage"] == "window"


def _line(row: LogRow, measured: Measured) -> str:
    verdict = measured.verdict
    warnings = [finding["summary"] for finding in verdict["findings"] if finding["severity"] == "warn"]
    says = verdict["summary"] if verdict["decision"] != "PASS" else "; ".join([verdict["log"]["says"], *warnings])
    cells = (
        row.name,
        verdict["decision"] + (f", {len(warnings)} warnings" if warnings else ""),
        verdict["reason"] or measured.cause or "",
        verdict["recommendation"],
        says.replace("|", "\\|"),
        f"{measured.seconds:.1f}",
    )
    return f"| {' | '.join(cells)} |"
