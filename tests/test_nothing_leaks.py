"""A planted password, the session's tokens and people's names are found nowhere in what a run writes or prints."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.faults.measure import ROOT, run_suite

pytestmark = [pytest.mark.sandbox, pytest.mark.browser]

PEOPLE = [
    person
    for workspace in tomllib.loads((ROOT / "sandbox" / "runbook.toml").read_text(encoding="utf-8"))["workspace"]
    for person in workspace.get("people", ())
]
TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}|base64-ey")


@pytest.mark.parametrize("fault", [None, "wrong-password", "client-foreign-cards", "messages-fail"])
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
    for where, text in {"the terminal": measured.output, **files}.items():
        planted = [environment["SMOKE_PASSWORD"], environment["SMOKE_EMAIL"], *PEOPLE]
        assert [secret for secret in planted if secret in text] == [], where
        assert not TOKEN.search(text), where
