"""A planted password, the session's tokens and people's names are found nowhere in what a run writes or prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.measure import run_suite
from tests.scanner import left_in, planted_in

pytestmark = [pytest.mark.sandbox, pytest.mark.browser]


@pytest.mark.parametrize("fault", [None, "wrong-password", "client-foreign-cards", "messages-fail", "planted-errors"])
def test_nothing_leaks(sandbox: Sandbox, tmp_path: Path, fault: str | None) -> None:
    environment = sandbox.environment()
    if fault:
        sandbox.break_(fault)
    measured = run_suite(
        sandbox.url,
        environment,
        tmp_path,
        *("--runbook", "sandbox/runbook.toml"),
        f"--junitxml={tmp_path / 'junit.xml'}",
        f"--record={tmp_path / 'record.jsonl'}",
    )
    files = {str(path): path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()}
    assert any(path.endswith("-result.json") for path in files), "Allure wrote nothing to look through"
    assert (tmp_path / "incident.md").exists() == (measured.verdict["decision"] == "FAIL")
    assert (tmp_path / "record.jsonl").exists(), "no record to look through"
    assert left_in(tmp_path, measured.output, planted_in(environment)) == {}
