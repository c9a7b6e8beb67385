"""A log's report on the terminal: what to do first, then the table of incidents, then the totals."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from postdeploy.log_report import IncidentLine, LogReport
from postdeploy.model import Severity
from postdeploy.redaction import Redactor

_COLOURS = {Severity.FAIL: "bold red", Severity.WARN: "yellow", Severity.NOTE: "dim"}
_MOST_ROWS = 30
_EXAMPLE = 300


def show(report: LogReport, redact: Redactor) -> None:
    """Print it."""
    console = Console(highlight=False, soft_wrap=False)
    console.print(f"[{_colour(report)}]{escape(redact(_headline(report)))}[/]")
    console.print()
    for one in report.judged:
        console.print(f"  [{_COLOURS[one.severity]}]{one.severity}[/]  {escape(redact(one.sentence))}", soft_wrap=True)
    if report.judged:
        console.print()
    if report.incidents:
        console.print(_table(report.incidents[:_MOST_ROWS], redact))
        if len(report.incidents) > _MOST_ROWS:
            console.print(f"  … and {len(report.incidents) - _MOST_ROWS} more (--json shows all)")
        console.print()
    for name, says in _totals(report):
        console.print(f"  {name:<13} {escape(redact(says))}", soft_wrap=True)
    _examples(console, report, redact)


def _headline(report: LogReport) -> str:
    failing = [one for one in report.judged if one.severity is Severity.FAIL]
    if failing:
        return f"OVER THE THRESHOLD: {failing[0].recommendation}"
    if report.proven:
        return "BELOW THE THRESHOLD, and proven: keep"
    return "BELOW THE THRESHOLD, but not proven"


def _colour(report: LogReport) -> str:
    return "bold red" if report.fails else "bold green" if report.proven else "bold yellow"


def _table(incidents: tuple[IncidentLine, ...], redact: Redactor) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    compared = any(one.new is not None for one in incidents)
    columns = [
        "class",
        "fingerprint",
        "requests",
        "first (UTC)",
        "last",
        *(["new"] if compared else []),
        "route",
        "what",
    ]
    for name in columns:
        table.add_column(
            name, justify="right" if name == "requests" else "left", overflow="fold", no_wrap=name == "fingerprint"
        )
    for one in incidents:
        new = {True: "new", False: "known", None: ""}[one.new]
        cells = [
            one.signal,
            one.fingerprint,
            str(one.requests),
            one.first[11:19],
            one.last[11:19],
            *([new] if compared else []),
        ]
        table.add_row(*cells, escape(redact(one.route)), escape(redact(one.words[:160])))
    return table


def _totals(report: LogReport) -> list[tuple[str, str]]:
    lines = [
        ("log", report.says),
        ("source", report.source),
        ("deployment", report.deployment or "not named by the log"),
        ("window", f"{report.opened[:19]} to {report.closes[11:19]} UTC ({report.told_by})"),
        ("requests", f"{report.requests}, of them {report.actions} Server Actions and {report.inbox} inbox reads"),
        ("compared with", report.baseline or "nothing (--baseline FILE)"),
    ]
    lines += [("not proven", each) for each in report.missing]
    return lines + [("note", each) for each in report.notes]


def _examples(console: Console, report: LogReport, redact: Redactor) -> None:
    shown = [one for one in report.incidents if one.example][:5]
    if shown:
        console.print("\n  examples")
    for one in shown:
        text = redact(" ".join(one.example[:_EXAMPLE].split()))
        console.print(f"  {one.fingerprint}  {escape(text)}", soft_wrap=True)
