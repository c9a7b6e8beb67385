"""One attack, and what came out of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
from typer.testing import CliRunner

from postdeploy.cli.main import app
from postdeploy.report.writing import LOCK
from postdeploy.system import exclusive
from tests.site import RUNBOOK, SOMEBODY, Site

PROJECT = Path(__file__).parents[2]
STALE = "0" * 32
K = TypeVar("K")
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
    files: dict[str, str] = {}
    links: dict[str, str] = {}
    stdout: Literal["pipe", "closed", "full"] = "pipe"
    says: str = ""
    held: bool = False
    unproven: bool = False


def _both() -> dict[str, Any]:
    return {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


def _full() -> dict[str, Any]:
    """A device without room."""
    return {"stdout": Path("/dev/full").open("wb"), "stderr": subprocess.PIPE}


def _closed() -> dict[str, Any]:
    """As a shell's `>&-`."""
    return {"stderr": subprocess.PIPE, "preexec_fn": lambda: os.close(1)}


_STREAMS = {"pipe": _both, "closed": _closed, "full": _full}


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
    (reports / "verdict.json").write_text(stale(), encoding="utf-8")
    (folder / "attacking.py").write_text(attack.plugin, encoding="utf-8")
    runbook = folder / "runbook.toml"
    text = RUNBOOK.format(look=0.2)
    for old, new in attack.runbook.items():
        assert old in text
        text = text.replace(old, new)
    runbook.write_text(text, encoding="utf-8")
    _lay_out(attack, folder)
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
        **_placed(attack.environment, folder),
    }
    options = _placed(dict(enumerate(attack.options)), folder).values()
    streams = _STREAMS[attack.stdout]()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *given, "-k", "unauthenticated", *plugin, *options],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        **streams,
        check=False,
        timeout=80,
    )
    if lock is not None:
        exclusive.release(lock)
    output = ((done.stdout or b"") + (done.stderr or b"")).decode(errors="replace")
    return Ended(done.returncode, output, _verdict(reports), _gate(folder))


def _placed(texts: dict[K, str], folder: Path) -> dict[K, str]:
    return {name: text.replace("{folder}", str(folder)) for name, text in texts.items()}


def _lay_out(attack: Attack, folder: Path) -> None:
    """Files as given, a folder where a name ends with /; links in place of what is there, which is moved to where they lead."""
    for name, text in attack.files.items():
        place = folder / name
        place.unlink(missing_ok=True)
        (place if name.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            place.write_text(text, encoding="utf-8")
    for name, to in attack.links.items():
        shutil.move(folder / name, folder / "moved")
        if not to.startswith(("/", "nowhere")):
            shutil.move(folder / "moved", folder / to)
        (folder / name).symlink_to(to if to.startswith("/") else folder / to)


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


def stale() -> str:
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
