"""`postdeploy report`: report.html of a run, built again from what stands in its folder, and opened."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from postdeploy.model import UsageError
from postdeploy.report.html.rebuilding import rebuild
from postdeploy.system.exit_codes import ExitCode


def show(
    folder: Annotated[
        Path, typer.Argument(metavar="[RUN]", help="The run's folder, as its artifact holds it.", show_default=False)
    ] = Path("reports"),
    *,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Build report.html of a run (default: the last one, reports/), and open it."""
    try:
        page = rebuild(folder)
    except UsageError as error:
        print(f"postdeploy: {error}", file=sys.stderr)
        raise typer.Exit(ExitCode.USAGE) from None
    print(page)
    if open_ and sys.stdout.isatty():
        webbrowser.open(page.resolve().as_uri())
