"""`postdeploy logs`: what saved logs say about a deployment, without a run."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from postdeploy.analysis import log_diff, saved_logs
from postdeploy.analysis.log_diff import LogDiff
from postdeploy.analysis.log_report import LogReport
from postdeploy.cli.mistakes import mistakes_told
from postdeploy.model import UsageError
from postdeploy.record import baselines
from postdeploy.redaction import Redactor
from postdeploy.report import log_table
from postdeploy.report.html import log_page
from postdeploy.report.reading_progress import ReadingProgress
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.system import times
from postdeploy.system.exit_codes import ExitCode
from postdeploy.system.output import stopped_like_ctrl_c


def show(
    *,
    logs: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…",
            help="Exports, output of vercel logs --json, drains; 'a pattern', s3://…, https://…, clickhouse://…, spark://…, or - (stdin).",
        ),
    ],
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When the deployment got production traffic (ISO). Default: its first row."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="End of the window (ISO).")] = None,
    deployment: Annotated[str | None, typer.Option(metavar="ID", help="dpl_…. Default: the newest in the log.")] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Compare with this log, or with an earlier verdict.json.")
    ] = None,
    diff: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Compare with it like --baseline, and list what is new, gone, more or fewer."
        ),
    ] = None,
    runbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="The log goes on: read what is appended until the window closes.")
    ] = False,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            help="Show one message of each incident as it was logged, in a terminal. It may hold personal data.",
        ),
    ] = False,
    whole: Annotated[
        bool, typer.Option("--all", help="Show all findings, incidents and notes, not a screen of them.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the report as one page, with a chart; it needs no network."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Show the incidents and totals of saved logs, and whether they exceed the threshold.

    Exit code 1: they do, or another signal fails the deployment. 10: they do not, but that is not proven. 0: that is proven.
    """
    with mistakes_told():
        span = _span(since, until)
        if raw:
            _demand_terminal(as_json=as_json)
        if html:
            _demand_place(html)
        if diff:
            baselines.demand_file(diff)
        book = read_runbook(Path.cwd(), runbook)
        redact = Redactor(read_environment(Path.cwd() / ".env").secrets)
        progress = ReadingProgress(sys.stderr, redact)
        compared_with = baseline or diff
        query = saved_logs.LogQuery(
            since=span[0],
            until=span[1],
            deployment=deployment,
            baseline=baselines.from_file(compared_with, book, progress) if compared_with else None,
            follow=follow,
            raw=raw,
            progress=progress,
        )
        with stopped_like_ctrl_c():
            report = saved_logs.examine(logs, query, book, dt.datetime.now(dt.UTC).date())
            compared = log_diff.compared(diff, report, baselines.report_of(diff, book, progress)) if diff else None
    is_complete = publish(report, compared, redact, whole=whole, as_json=as_json, html=html)
    raise typer.Exit(_exit_code(report, is_complete=is_complete))


def publish(
    report: LogReport,
    compared: LogDiff | None,
    redact: Redactor,
    *,
    whole: bool = False,
    as_json: bool = False,
    html: Path | None = None,
) -> bool:
    """Print it, and write its page: all that leaves the command. Whether it could be written."""
    shown = redact.values(msgspec.to_builtins(report))
    changes = msgspec.convert(redact.values(msgspec.to_builtins(compared)), LogDiff) if compared else None
    if as_json:
        with_changes = {**shown, "diff": msgspec.to_builtins(changes)} if changes else shown
        print(msgspec.json.format(msgspec.json.encode(with_changes)).decode())
    else:
        log_table.show(report, redact, whole=whole)
        if changes:
            log_table.show_changes(changes)
    return not html or _written(html, msgspec.convert(shown, LogReport), changes)


def _exit_code(report: LogReport, *, is_complete: bool) -> ExitCode:
    """`is_complete`: all that was asked for could be written."""
    if report.fails:
        return ExitCode.FAILED
    return ExitCode.PASSED if report.proof.proven and is_complete else ExitCode.INCONCLUSIVE


def _span(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """Both as epoch milliseconds.

    Raises:
        UsageError: one of them is not a time, or the end comes before the beginning.
    """
    begins, ends = (times.from_text(one) if one else None for one in (since, until))
    if begins is not None and ends is not None and ends <= begins:
        raise UsageError(f"--until {until} is not after --since {since}. Give a later --until, or an earlier --since.")
    return begins, ends


def _demand_terminal(*, as_json: bool) -> None:
    """Raise where messages as they were logged would not stay in a terminal.

    Raises:
        UsageError: they would go into JSON, a file or a pipe.
    """
    if as_json:
        raise UsageError("--raw and --json exclude each other: JSON holds no message as it was logged. Leave one out.")
    if not sys.stdout.isatty():
        raise UsageError(
            "--raw needs a terminal: a message as it was logged may hold personal data, and is not written into a file or a pipe."
            " Leave out --raw, or what stands behind > or |."
        )


def _demand_place(file: Path) -> None:
    """Raise where no page can stand, before a log is read: what is replaced was such a page.

    Raises:
        UsageError: there is no folder, or something else stands there.
    """
    if not file.parent.is_dir():
        raise UsageError(f"--html {file}: there is no folder {file.parent}. Make it, or name another.")
    try:
        is_page = log_page.is_page(file)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"--html {file} can't be replaced: {error.strerror}. Name another file.") from None
    if not is_page:
        raise UsageError(f"--html {file} is another file, and is not replaced. Name another one.")


def _written(file: Path, report: LogReport, changes: LogDiff | None) -> bool:
    try:
        log_page.write(file, report, changes)
    except OSError as error:
        print(f"postdeploy: --html {file} can't be written: {error.strerror}.", file=sys.stderr)
        return False
    return True
