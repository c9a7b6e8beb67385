"""The suite against a sandbox, whatever is broken in it: what a person tries first, and the gate's test of itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.faults import FAULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.attached import Attached
    from sandbox.sandbox import Sandbox

PROJECT = Path(__file__).parent.parent
EXIT = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 10}
SELFTEST = (
    "action-throws",
    "list-route-throws",
    "messages-fail",
    "server-foreign-rows",
    "client-foreign-cards",
    "auth-500",
    "auth-forgets",
    "login-redirect-loop",
    "chunk-missing",
    "database-down-before-load",
    "harmless-noise",
    "slow-within-budget",
)
"""Faults that need no build of their own; two of them look broken and are not."""


def interpreter() -> str:
    """How a person calls this Python in this folder, whether or not its environment is active."""
    path = Path(sys.executable)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def judge(sandbox: Sandbox | Attached, runbook: str, options: Sequence[str] = (), *, quiet: bool = False) -> int:
    """Run the suite as a person would; returns its exit code."""
    command = [sys.executable, "-m", "pytest", "-m", "smoke", f"--base-url={sandbox.url}", f"--runbook={runbook}"]
    output = subprocess.DEVNULL if quiet else None
    environment = os.environ | sandbox.environment() | sandbox.platform_environment()
    return subprocess.call([*command, *options], cwd=PROJECT, env=environment, stdout=output, stderr=output)


def selftest(sandbox: Sandbox | Attached, runbook: str) -> int:
    """Show each fault, and whether the gate decides as it must, as soon as that is known. 0: it caught all of them."""
    caught = 0
    for name in SELFTEST:
        sandbox.heal()
        sandbox.break_(name)
        began = time.monotonic()
        code = judge(sandbox, runbook, ("-q", "--reports=reports/selftest"), quiet=True)
        right = code == EXIT[FAULTS[name].decision]
        caught += right
        said = next((decision for decision, known in EXIT.items() if known == code), f"exit code {code}")
        missed = "" if right else f", not {FAULTS[name].decision}"
        print(
            f"  {'caught' if right else 'MISSED':<8}{name:<28}{said}{missed} in {time.monotonic() - began:.0f} s",
            flush=True,
        )
    sandbox.heal()
    print(f"the gate caught {caught} of {len(SELFTEST)}")
    return int(caught < len(SELFTEST))
