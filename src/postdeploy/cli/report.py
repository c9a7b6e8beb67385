"""`postdeploy report`: report.html of a run, built again from what stands in its folder, and opened."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from postdeploy.cli.mistakes import mistakes_told
from postdeploy.report.html.rebuilding import rebuild


def show(
    folder: Annotated[
        Path, typer.Argument(metavar="[RUN]", help="The run's folder, as its artifact holds it.", show_default=False)
    ] = Path("reports"),
    *,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Build report.html of a run (default: the last one, reports/), and open it."""
    with mistakes_told():
        page = rebuild(folder)
    print(page)
    if open_ and sys.stdout.isatty():
        webbrowser.open(page.resolve().as_uri())
