"""What to do about a failure: every line of the table, on the sandbox, with real faults of one deployment or of both."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.advice_matrix import ROWS, AdviceRow, Scene
from tests.faults.measure import Measured, run_suite
from tests.faults.table import kept

QUICK = ("a Server Action throws, here alone", "the database is out", "… as it was set since")
"""Rows that every `make test` measures."""
_TRIAL = 30.0
_ADDRESS = re.compile(r" \(http://[^)]*\)")
"""It is another one in every sandbox."""
_HEADER = "| what happened | recommendation | expected to help | evidence for, against | FAIL after | end |\n|---|---|---|---|---|---|\n"
_INTRO = """# Recommendations, measured

Measured by `make faults` on the sandbox: a good deployment was live, another one went live, and something is broken in it or around both.
Seconds from the start of the process: until FAIL is published, and until the comparison run is over.

"""


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The measured rows: printed, and kept in docs/advice-faults.md when the whole matrix ran."""
    yield from kept(request, "advice-faults.md", _INTRO, _HEADER, len(ROWS))


def _parameters() -> Iterator[object]:
    before = ""
    for row in ROWS:
        before = before if row.name.startswith("…") else row.name
        marks = [pytest.mark.sandbox, pytest.mark.browser] if row.name in QUICK else [pytest.mark.faults]
        yield pytest.param(row, id=row.name if before == row.name else f"{before} {row.name}", marks=marks)


@pytest.mark.parametrize("row", list(_parameters()))
def test_the_failure_leads_to_its_advice(sandbox: Sandbox, row: AdviceRow, tmp_path: Path, table: list[str]) -> None:
    environment = sandbox.environment() | sandbox.platform_environment()
    scene = Scene(sandbox, sandbox.current_deployment, environment)
    options = ["--runbook=sandbox/runbook.toml", *row.options, *(["--logs=vercel"] if row.log else [])]
    reports = tmp_path / "reports"
    if row.record:
        options.append(f"--record={tmp_path / 'record.jsonl'}")
        before = run_suite(sandbox.url, sandbox.environment(), tmp_path / "before", *options)
        assert before.exit_code == 0, before.output
    row.happens(scene)
    signed_in = sandbox.sign_ins
    published = _Published(reports / "verdict.json", scene.when_tried)
    measured = run_suite(sandbox.url, scene.environment, reports, *options)
    fail_after = published.seconds
    verdict = measured.verdict
    table.append(_line(row, measured, fail_after, scene.good))
    assert measured.consistent, measured.output
    assert verdict["decision"] == "FAIL", measured.output
    assert (verdict["recommendation"], verdict["will_help"]) == (row.recommendation, row.will_help), measured.output
    assert row.cause in ("", measured.cause), measured.output
    assert row.says in " ".join(verdict["evidence_for"] + verdict["evidence_against"]), measured.output
    assert (verdict["target"] or {}).get("id") == (scene.good if row.target else None), measured.output
    acts = f"postdeploy rollback {scene.good} " in (verdict["command"] or "")
    assert acts == (row.recommendation == "roll-back" and row.target)
    assert acts or "rollback" not in (verdict["command"] or "")
    assert fail_after is not None
    assert measured.seconds - fail_after < _TRIAL + 90, measured.output
    assert sandbox.sign_ins - signed_in <= 4, "two of a run, one for a renewed token, one for the trial"


class _Published:
    """Watches for the moment at which FAIL stands in the file, and for the beginning of the trial."""

    def __init__(self, verdict: Path, when_published: object) -> None:
        self.seconds: float | None = None
        self._file, self._act = verdict, when_published
        self._began = time.monotonic()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while time.monotonic() - self._began < 120:
            if self._file.is_file() and '"decision": "FAIL"' in self._file.read_text(encoding="utf-8"):
                self.seconds = time.monotonic() - self._began
                if callable(self._act):
                    self._act()
                return
            time.sleep(0.05)


def _line(row: AdviceRow, measured: Measured, fail_after: float | None, good: str) -> str:
    verdict = measured.verdict
    reasons = [*verdict["evidence_for"], *(f"but {text}" for text in verdict["evidence_against"])]
    cells = (
        row.name,
        verdict["recommendation"],
        verdict["will_help"] or "",
        _ADDRESS.sub("", "; ".join(reasons).replace(good, "dpl_good")).replace("|", "\\|"),
        f"{fail_after:.1f}" if fail_after else "",
        f"{measured.seconds:.1f}",
    )
    return f"| {' | '.join(cells)} |"
