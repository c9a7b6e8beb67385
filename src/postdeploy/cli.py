"""The command line: `postdeploy doctor`, `postdeploy env`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from postdeploy import doctor, env_command
from postdeploy.doctor import State

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Post-deploy verification.", rich_markup_mode=None)
_COLOURS = {State.OK: "green", State.MISSING: "red", State.OPTIONAL: "yellow"}


app.command(name="env")(env_command.show)


@app.command(name="doctor")
def examine(
    init: Annotated[
        bool, typer.Option("--init", help="Write a runbook.toml of a few lines from what is found here.")
    ] = False,
    runbook: Annotated[Path | None, typer.Option(metavar="FILE", help="The runbook to examine.")] = None,
) -> None:
    """Say what is configured, what is missing and how to get it."""
    folder = Path.cwd()
    own = folder / "runbook.toml"
    if init:
        _write_starter(own)
    given = runbook or (own if own.is_file() else None)
    lines = list(doctor.examine(folder, given, os.environ))
    table = Table(box=None, show_header=False, pad_edge=False)
    for line in lines:
        table.add_row(f"[{_COLOURS[line.state]}]{line.state}[/]", line.name, escape(line.says))
    Console(highlight=False).print(table)
    raise typer.Exit(1 if any(line.state is State.MISSING for line in lines) else 0)


def _write_starter(path: Path) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(doctor.starter_runbook(path.parent))
    except FileExistsError:
        sys.exit(f"postdeploy: {path} exists already and is left as it is. Move it away to write a new one.")
    except OSError as error:
        sys.exit(f"postdeploy: {path} can't be written: {error.strerror}.")


def main() -> None:
    """Entry point."""
    app()
