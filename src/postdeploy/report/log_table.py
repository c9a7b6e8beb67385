"""A log's report on the terminal: what to do first, then the table of incidents, then the totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape

from postdeploy.analysis.log_diff import LogDiff
from postdeploy.analysis.log_report import DeploymentLine, IncidentLine, LogCourse, LogReport
from postdeploy.analysis.rules.wording import count
from postdeploy.model import Severity
from postdeploy.redaction import Redactor

_COLOURS = {Severity.FAIL: "bold red", Severity.WARN: "yellow", Severity.NOTE: "dim"}
_FIRST = 6
"""Findings and incidents that fit on a screen."""
_BARS = "·▁▂▃▄▅▆▇█"
_EXAMPLE = 300


def show(report: LogReport, redact: Redactor, *, whole: bool = False) -> None:
    """Print it: a screen of it, or the whole."""
    console = Console(highlight=False, soft_wrap=False)
    console.print(f"[{_colour(report)}]{escape(redact(headline(report)))}[/]")
    most = None if whole else _FIRST
    for line in _course(report.course):
        console.print(escape(redact(line)), soft_wrap=True)
    console.print()
    for one in report.findings[:most]:
        console.print(f"  [{_COLOURS[one.severity]}]{one.severity}[/]  {escape(redact(one.sentence))}", soft_wrap=True)
    if report.findings:
        console.print()
    for line in (*_table(report, whole=whole), *_deployments(report.by_deployment)):
        console.print(escape(redact(line)), soft_wrap=True)
    for name, says in totals(report, whole=whole):
        console.print(f"  {name:<13} {escape(redact(says))}", soft_wrap=True)
    if not whole and (left := len(report.findings[_FIRST:]) + len(report.notes)):
        console.print(f"  {'more':<13} findings and notes: {left} more (--all)")
    _examples(console, report, redact)


def _course(course: LogCourse) -> Iterator[str]:
    """When the trouble was: in words, and as a row of bars."""
    if course.onset:
        yield f"  {course.onset} (UTC)"
    if not any(course.failed):
        return
    most = max(course.failed)
    bars = "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in course.failed)
    step = "a minute" if course.seconds == 60 else f"{course.seconds // 60} minutes"
    yield f"  {bars}  failed requests, each bar {step}, at most {most}"
    if course.unique[-1]:
        yield f"  {different_errors(course)}"


def different_errors(course: LogCourse) -> str:
    """How many there were, how many are allowed, and when one too many came."""
    errors = count(course.unique[-1], "different Server Action error")
    over = f", number {course.allowed + 1} came at {course.exceeded[11:19]}" if course.exceeded else ""
    return f"{errors}; {course.allowed} are allowed{over}"


def _deployments(lines: tuple[DeploymentLine, ...]) -> Iterator[str]:
    if not lines:
        return
    yield f"  {'since UTC':<20} {'requests':>8} {'failed':>7} {'errors':>7} {'new':>4}  deployment"
    for one in reversed(lines):
        new = "" if one.new is None else str(one.new)
        over = "" if one.below else "  over the threshold"
        since = one.since[:19].replace("T", " ")
        yield f"  {since:<20} {one.requests:>8} {one.failed:>7} {one.errors:>7} {new:>4}  {one.deployment}{over}"
    yield ""


def headline(report: LogReport) -> str:
    """What to do, and what is left out."""
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
    if not report.proof.proven and not report.totals.requests + report.totals.own:
        return "NOT JUDGED: no request in the window"
    if report.course.exceeded:
        return (
            "OVER THE THRESHOLD, by an outage that is over: keep"
            if report.proof.proven
            else "PERHAPS OVER THE THRESHOLD: not proven"
        )
    if report.proof.proven:
        return "BELOW THE THRESHOLD, and proven: keep"
    return "BELOW THE THRESHOLD, but not proven"


def _colour(report: LogReport) -> str:
    return "bold red" if report.fails else "bold green" if report.proof.proven else "bold yellow"


def _table(report: LogReport, *, whole: bool) -> Iterator[str]:
    """Each incident in two lines, so that it is readable at any width."""
    incidents = report.incidents
    if not incidents:
        return
    days = {each[:10] for one in incidents for each in (one.first, one.last)}
    since, width = (11, 9) if len(days) == 1 else (5, 15)  # the day, where they differ
    yield f"  {'requests':>8}  {'first UTC':<{width}} {'last':<{width}} {'':<6}{'fingerprint':<13} class"
    variants: dict[str, list[IncidentLine]] = {}
    for one in incidents:
        variants.setdefault(one.variant_of, []).append(one)
    troubles = variants.get("", [])
    most = len(troubles) if whole else _FIRST
    for one in troubles[:most]:
        new = {True: "new", False: "known", None: ""}[one.new]
        seen = f"{_at(one.first, since):<{width}} {_at(one.last, since):<{width}}"
        others = variants.get(one.fingerprint, [])
        classes = " + ".join(dict.fromkeys([one.signal, *(other.signal for other in others)]))
        yield f"  {one.requests:>8}  {seen} {new:<6}{one.fingerprint:<13} {classes}"
        yield f"  {'':>8}  {one.route}  {one.words[:160]}{_calls(one)}"
        yield from (f"  {'':>8}  retried: {other.requests} × {other.words[:160]}" for other in _retried(one, others))
    if len(troubles) > most:
        yield f"  … and {len(troubles) - most} more (--all shows them)"
    yield ""


def _calls(line: IncidentLine) -> str:
    """How often it was called, where clients may have repeated it."""
    return (
        f"  (at least {count(line.calls, 'call')}, the others may be retries)" if 0 < line.calls < line.requests else ""
    )


def _retried(line: IncidentLine, variants: Sequence[IncidentLine]) -> Iterator[IncidentLine]:
    """Those of the variants that are other requests."""
    return (one for one in variants if one.signal == line.signal)


def _at(moment: str, since: int) -> str:
    return moment[since:19].replace("T", " ")


def totals(report: LogReport, *, whole: bool = True) -> list[tuple[str, str]]:
    """What was read, counted and compared, and what is not proven: each with its name."""
    window, counted = report.window, report.totals
    lines = [("log", report.says)]
    if not report.window.opened:
        return lines
    lines += [
        ("source", report.source),
        ("deployment", report.deployment or "not named by the log"),
        ("window", f"{window.opened[:19].replace('T', ' ')} to {window.closes[11:19]} UTC ({window.source})"),
        ("requests", f"{counted.requests}, of them {counted.actions} Server Actions and {counted.inbox} inbox reads"),
        ("compared with", report.baseline or "nothing (--baseline FILE)"),
    ]
    lines += [("not proven", each) for each in report.proof.missing]
    return lines + [("note", each) for each in report.notes] if whole else lines


def show_changes(diff: LogDiff) -> None:
    """Print what is not as in the other log. `diff`: redacted."""
    console = Console(highlight=False, soft_wrap=False)
    console.print(escape(f"\n  {changed(diff)}"), soft_wrap=True)
    for one in diff.changes or ():
        line = f"  {one.change:<6}{one.before:>5} → {one.now:<5} {one.fingerprint}  {one.route}  {one.words[:160]}"
        console.print(escape(line), soft_wrap=True)


def changed(diff: LogDiff) -> str:
    """How much is not as in the other log."""
    if diff.changes is None:
        return f"not compared with {diff.other}: its fingerprints are of another version"
    are = "error is" if len(diff.changes) == 1 else "errors are"
    return f"against {diff.other}: {len(diff.changes)} {are} not as before"


def _examples(console: Console, report: LogReport, redact: Redactor) -> None:
    shown = [one for one in report.incidents if one.example][:5]
    if shown:
        console.print("\n  examples")
    for one in shown:
        text = redact(" ".join(one.example[:_EXAMPLE].split()))
        console.print(f"  {one.fingerprint}  {escape(text)}", soft_wrap=True)
