"""A log's report on the terminal: what to do first, then the table of incidents, then the totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape

from postdeploy.analysis.log_report import IncidentLine, LogReport
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
    for one in report.findings:
        console.print(f"  [{_COLOURS[one.severity]}]{one.severity}[/]  {escape(redact(one.sentence))}", soft_wrap=True)
    if report.findings:
        console.print()
    for line in _table(report.incidents):
        console.print(escape(redact(line)), soft_wrap=True)
    for name, says in _totals(report):
        console.print(f"  {name:<13} {escape(redact(says))}", soft_wrap=True)
    _examples(console, report, redact)


def _headline(report: LogReport) -> str:
    return _judgement(report) + _share(report)


def _share(report: LogReport) -> str:
    """What is left out of a log of several deployments."""
    if report.deployments < 2:
        return ""
    of = f"{report.deployment}, 1 of {report.deployments} deployments"
    return f" ({report.totals.requests} of {report.all_requests} requests: {of})"


def _judgement(report: LogReport) -> str:
    failing = [one for one in report.findings if one.severity is Severity.FAIL]
    if failing:
        return f"OVER THE THRESHOLD: {failing[0].recommendation}"
    if not report.window.opened:
        return "NOT JUDGED: no log was read"
    if report.proof.proven:
        return "BELOW THE THRESHOLD, and proven: keep"
    return "BELOW THE THRESHOLD, but not proven"


def _colour(report: LogReport) -> str:
    return "bold red" if report.fails else "bold green" if report.proof.proven else "bold yellow"


def _table(incidents: tuple[IncidentLine, ...]) -> Iterator[str]:
    """Each incident in two lines, so that it is readable at any width."""
    if not incidents:
        return
    days = {each[:10] for one in incidents for each in (one.first, one.last)}
    since, width = (11, 9) if len(days) == 1 else (5, 15)  # the day, where they differ
    yield f"  {'requests':>8}  {'first UTC':<{width}} {'last':<{width}} {'':<6}{'fingerprint':<13} class"
    variants: dict[str, list[IncidentLine]] = {}
    for one in incidents:
        variants.setdefault(one.variant_of, []).append(one)
    troubles = variants.get("", [])
    for one in troubles[:_MOST_ROWS]:
        new = {True: "new", False: "known", None: ""}[one.new]
        seen = f"{_at(one.first, since):<{width}} {_at(one.last, since):<{width}}"
        others = variants.get(one.fingerprint, [])
        classes = " + ".join(dict.fromkeys([one.signal, *(other.signal for other in others)]))
        yield f"  {one.requests:>8}  {seen} {new:<6}{one.fingerprint:<13} {classes}"
        yield f"  {'':>8}  {one.route}  {one.words[:160]}{_calls(one)}"
        yield from (f"  {'':>8}  retried: {other.requests} × {other.words[:160]}" for other in _retried(one, others))
    if len(troubles) > _MOST_ROWS:
        yield f"  … and {len(troubles) - _MOST_ROWS} more (--json shows all)"
    yield ""


def _calls(line: IncidentLine) -> str:
    """How often it was called, where clients may have repeated it."""
    return f"  (at least {line.calls} calls, the others may be retries)" if 0 < line.calls < line.requests else ""


def _retried(line: IncidentLine, variants: Sequence[IncidentLine]) -> Iterator[IncidentLine]:
    """Those of the variants that are other requests."""
    return (one for one in variants if one.signal == line.signal)


def _at(moment: str, since: int) -> str:
    return moment[since:19].replace("T", " ")


def _totals(report: LogReport) -> list[tuple[str, str]]:
    window, totals = report.window, report.totals
    lines = [("log", report.says)]
    if not report.window.opened:
        return lines
    lines += [
        ("source", report.source),
        ("deployment", report.deployment or "not named by the log"),
        ("window", f"{window.opened[:19]} to {window.closes[11:19]} UTC ({window.source})"),
        ("requests", f"{totals.requests}, of them {totals.actions} Server Actions and {totals.inbox} inbox reads"),
        ("compared with", report.baseline or "nothing (--baseline FILE)"),
    ]
    lines += [("not proven", each) for each in report.proof.missing]
    return lines + [("note", each) for each in report.notes]


def _examples(console: Console, report: LogReport, redact: Redactor) -> None:
    shown = [one for one in report.incidents if one.example][:5]
    if shown:
        console.print("\n  examples")
    for one in shown:
        text = redact(" ".join(one.example[:_EXAMPLE].split()))
        console.print(f"  {one.fingerprint}  {escape(text)}", soft_wrap=True)
