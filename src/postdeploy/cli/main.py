"""The command line: one function or module for each command."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from postdeploy.analysis import saved_logs
from postdeploy.cli import deployments, doctor, environment, rollback
from postdeploy.cli import runbook as effective_runbook
from postdeploy.cli.doctor import ItemState
from postdeploy.model import UsageError
from postdeploy.record import baselines
from postdeploy.redaction import Redactor
from postdeploy.report import log_table
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.system import times
from postdeploy.system.exit_codes import ExitCode

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Post-deploy verification.", rich_markup_mode=None)
_COLOURS = {ItemState.OK: "green", ItemState.MISSING: "red", ItemState.OPTIONAL: "yellow"}


app.command(name="env")(environment.show)
app.command(name="deployments")(deployments.show)
app.command(name="rollback")(rollback.run)
app.command(name="runbook")(effective_runbook.show)


@app.command(name="doctor")
def examine(
    init: Annotated[
        bool, typer.Option("--init", help="Write a runbook.toml of a few lines from what is found here.")
    ] = False,
    runbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
) -> None:
    """Say what is configured, what is missing and how to get it."""
    folder = Path.cwd()
    own = folder / "runbook.toml"
    try:
        if init:
            _write_starter(own)
    except UsageError as error:
        print(f"postdeploy: {error}", file=sys.stderr)
        raise typer.Exit(ExitCode.USAGE) from None
    lines = list(doctor.examine(folder, runbook, os.environ))
    table = Table(box=None, show_header=False, pad_edge=False)
    for line in lines:
        table.add_row(f"[{_COLOURS[line.state]}]{line.state}[/]", line.name, escape(line.says))
    Console(highlight=False).print(table)
    raise typer.Exit(ExitCode.FAILED if any(line.state is ItemState.MISSING for line in lines) else ExitCode.PASSED)


@app.command(name="logs")
def examine_logs(  # noqa: PLR0913, PLR0917 - the options of a command
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Exports, vercel logs --json, drains; a 'pattern', or - (piped in)."),
    ],
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When the deployment got production traffic (ISO). Else its first row."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Judge what was before.")] = None,
    deployment: Annotated[str | None, typer.Option(metavar="ID", help="dpl_…; else the newest in the log.")] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Compare with this log, or with an earlier verdict.json.")
    ] = None,
    runbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report for machines.")] = False,
) -> None:
    """Say what the logs say: the incidents, the totals, and whether the threshold is exceeded.

    Exit code 1: it is, or something else fails the deployment. 10: it is not, but that is not proven. 0: it is proven.
    """
    try:
        book = read_runbook(Path.cwd(), runbook)
        question = saved_logs.LogQuery(
            since=times.from_text(since) if since else None,
            until=times.from_text(until) if until else None,
            deployment=deployment,
            baseline=baselines.from_file(baseline, book) if baseline else None,
        )
        report = saved_logs.examine(files, question, book, dt.datetime.now(dt.UTC).date())
        redact = Redactor(read_environment(Path.cwd() / ".env").secrets)
    except UsageError as error:
        print(f"postdeploy: {error}", file=sys.stderr)
        raise typer.Exit(ExitCode.USAGE) from None
    if as_json:
        print(redact(msgspec.json.format(msgspec.json.encode(report)).decode()))
    else:
        log_table.show(report, redact)
    raise typer.Exit(
        ExitCode.FAILED if report.fails else ExitCode.PASSED if report.proof.proven else ExitCode.INCONCLUSIVE
    )


def _write_starter(path: Path) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(doctor.starter_runbook(path.parent))
    except FileExistsError:
        raise UsageError(f"{path} exists already and is left as it is. Move it away to write a new one.") from None
    except OSError as error:
        raise UsageError(
            f"{path} can't be written: {error.strerror}. Make room, or run it in another folder."
        ) from None


def main() -> None:
    """Entry point."""
    app()
