"""`postdeploy canary`: watch the canary of auto-send revision."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer


def show(
    *,
    base_url: Annotated[str | None, typer.Option("--base-url", metavar="URL", help="The production address.")] = None,
    phase: Annotated[
        str | None, typer.Option(metavar="PHASE", help="before: nothing may be revised yet; running: the default.")
    ] = None,
    watch: Annotated[str | None, typer.Option(metavar="DURATION", help="How long it is watched: 60m.")] = None,
    record: Annotated[
        str | None, typer.Option(metavar="WHERE", help="Earlier verdicts: FILE, DIR, or git:BRANCH.")
    ] = None,
    runbook: Annotated[
        str | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
    reports: Annotated[str | None, typer.Option(metavar="DIR", help="Folder for verdict and evidence.")] = None,
) -> None:
    """Watch the canary of auto-send revision, by pytest -m canary. It never flips a switch.

    Exit code 0: expand it. 1: switch it off. 10: keep watching, or nothing is proven.
    """
    given = {
        "base-url": base_url,
        "phase": phase,
        "watch": watch,
        "record": record,
        "runbook": runbook,
        "reports": reports,
    }
    options = [f"--{name}={value}" for name, value in given.items() if value]
    command = [sys.executable, "-m", "pytest", "-m", "canary", *options]
    raise typer.Exit(subprocess.run(command, check=False).returncode)
