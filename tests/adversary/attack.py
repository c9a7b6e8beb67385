"""One attack, and what came out of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from typer.testing import CliRunner

from postdeploy.cli.main import app
from postdeploy.report.writing import LOCK
from postdeploy.system import exclusive
from tests.site import RUNBOOK, SOMEBODY, Site

PROJECT = Path(__file__).parents[2]
STALE = "0" * 32
_CLEAN = ("SMOKE_", "VERCEL_", "PYTEST_", "CRON_", "COV_CORE_", "COVERAGE_", "GITHUB_")


class Attack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row."""

    tries: str
    exit: int
    kind: str = ""
    options: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    runbook: dict[str, str] = {}
    plugin: str = ""
    site: str = "healthy"
    says: str = ""
    held: bool = False
    unproven: bool = False


@dataclass(frozen=True)
class Ended:
    """How the run ended."""

    code: int
    output: str
    verdict: dict[str, Any]
    gate: int
    """What `postdeploy verdict` says to a pipeline that passes on the run id that it got."""


def attacks() -> Iterator[Attack]:
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["attack"]:
            yield msgspec.convert({"kind": file.stem} | row, Attack)


def carried_out(attack: Attack, site: Site, folder: Path) -> Ended:
    """Beside the PASS of an earlier run, on GitHub."""
    reports = folder / "reports"
    reports.mkdir()
    (reports / "verdict.json").write_text(_stale(), encoding="utf-8")
    (folder / "attacking.py").write_text(attack.plugin, encoding="utf-8")
    runbook = folder / "runbook.toml"
    text = RUNBOOK.format(look=0.2)
    for old, new in attack.runbook.items():
        assert old in text
        text = text.replace(old, new)
    runbook.write_text(text, encoding="utf-8")
    lock = exclusive.hold(reports / LOCK, "process 1") if attack.held else None
    given = (f"--base-url={site.url}", f"--reports={reports}", f"--runbook={runbook}", "-m", "smoke")
    plugin = ("-p", "attacking") if attack.plugin else ()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_CLEAN)}
    environment = {
        **inherited,
        **SOMEBODY,
        "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [inherited.get("PYTHONPATH")])]),
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(folder / "output"),
        **attack.environment,
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *given, "-k", "unauthenticated", *plugin, *attack.options],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    if lock is not None:
        exclusive.release(lock)
    output = (done.stdout + done.stderr).decode(errors="replace")
    return Ended(done.returncode, output, _verdict(reports), _gate(folder))


def _gate(folder: Path) -> int:
    """The run id is what the run has left in $GITHUB_OUTPUT, or nothing."""
    output = folder / "output"
    lines = output.read_text(encoding="utf-8").splitlines() if output.exists() else []
    run_id = next((line.partition("=")[2] for line in reversed(lines) if line.startswith("run-id=")), "")
    options = ["verdict", f"--reports={folder / 'reports'}", f"--run-id={run_id}"]
    return CliRunner().invoke(app, options).exit_code


def _verdict(reports: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((reports / "verdict.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"decision": None}
    return found


def _stale() -> str:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return json.dumps(
        {
            "schema": 1,
            "run_id": STALE,
            "stage": "smoke",
            "started": now,
            "finished": now,
            "complete": True,
            "decision": "PASS",
            "deployment": {"url": "https://app.example.com"},
        }
    )
