"""What `make sandbox` prints works as printed: break, judge, heal; and `make demo FAULT=…` does it in one go."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
FAULT = "action-throws"
OUTSIDE = {
    name: value for name, value in os.environ.items() if not re.match("SMOKE_|VERCEL_|PYTEST_|CRON_|VIRTUAL_ENV", name)
} | {"PATH": "/usr/local/bin:/usr/bin:/bin"}
"""A terminal in which no environment of Python is active."""


def typed(command: str) -> subprocess.CompletedProcess[str]:
    """What a person copies from the terminal, in the folder of the project."""
    return subprocess.run(
        ["sh", "-c", command], cwd=ROOT, env=OUTSIDE | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture
def printed() -> Iterator[dict[str, str]]:
    """What `python -m sandbox up` prints: name → the command, while it is up."""
    command = [sys.executable, "-m", "sandbox", "up"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout is not None
        lines = []
        for line in up.stdout:
            lines.append(line)
            if "stop it" in line:
                break
        found = [re.match(r" +(\w+) it +(.+?)(?: {4}\(|, or |$)", line.rstrip()) for line in lines]
        yield {each[1]: each[2] for each in found if each}
        up.terminate()


def test_break_judge_and_heal_work_as_printed(printed: dict[str, str]) -> None:
    broken = typed(printed["break"])
    assert (broken.returncode, "is broken" in broken.stdout) == (0, True), broken.stderr
    judged = typed(printed["judge"])
    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert " — FAIL" in judged.stdout
    healed = typed(printed["heal"])
    assert (healed.returncode, "is healthy" in healed.stdout) == (0, True), healed.stderr
    again = typed(printed["judge"])
    assert (again.returncode, " — PASS" in again.stdout) == (0, True), again.stdout + again.stderr
    assert "Traceback" not in "".join(one.stdout + one.stderr for one in (broken, judged, healed, again))


def test_the_demo_does_it_in_one_go_report_included() -> None:
    """The recipe as it stands in the Makefile, with this Python in place of a fresh environment."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("needs make")
    page = ROOT / "reports" / "report.html"
    page.unlink(missing_ok=True)
    done = typed(f"{make} -o browser demo BIN={Path(sys.executable).parent} FAULT={FAULT}")
    assert " — FAIL" in done.stdout, done.stdout + done.stderr
    assert "Error 1" in done.stderr
    assert "report: " in done.stdout
    assert page.is_file()
    verdict = json.loads((ROOT / "reports" / "verdict.json").read_text(encoding="utf-8"))
    assert (verdict["decision"], verdict["complete"]) == ("FAIL", True)
