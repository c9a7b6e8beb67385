"""What a watch knows at one moment, as one screen and as one line. Pure text: colour only repeats what the words say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from postdeploy.analysis.log_report import IncidentLine, LogReport
from postdeploy.uptime.journey import Sample, UptimeReport

_BLOCKS = " ▁▂▃▄▅▆▇█"
_ASCII = " .:-=+*#@"
_CHART = 3
"""Lines of the chart of requests."""
_LABEL = 11
_FIXED = 11 + _CHART
"""Lines that are not incidents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """What a watch knows at one moment."""

    url: str
    deployment: str
    verdict: str
    """What follows from it so far, in words."""
    fails: bool = False
    log: LogReport | None = None
    """None: nothing is judged yet, or no log is read."""
    reads_log: bool = True
    left: float | None = None
    """Seconds until the window closes; None: unknown."""
    whole: float = 600.0
    """Seconds of the whole watch."""
    allowed: int = 3
    """Unique Server Action errors that the threshold allows."""
    inbox: UptimeReport | None = None
    """None: the inbox is not watched, or there was no journey yet."""
    watches_inbox: bool = False
    slo: tuple[str, ...] = ()
    next: tuple[tuple[str, float], ...] = ()
    """What comes next, and in how many seconds."""


def screen(view: WatchView, width: int, height: int, *, ascii_only: bool = False) -> list[Text]:
    """At most so many lines, each within the width: what matters less is left out first."""
    blocks = _ASCII if ascii_only else _BLOCKS
    lines = [*_head(view, width, blocks)]
    room = height - _FIXED
    incidents = list(view.log.incidents) if view.log else []
    chart = list(_chart(view, width, blocks, rows=_CHART if room >= 0 else 1))
    below = [*_inbox(view, width, blocks), _next(view)]
    shown = max(0, height - len(lines) - len(chart) - len(below) - 1)
    middle = list(_incidents(incidents, shown)) if view.reads_log else []
    lines += [*chart, *middle, *below]
    return [_fit(line, width, ascii_only=ascii_only) for line in lines[:height]]


def one_line(view: WatchView) -> str:
    """The same for a pipeline's log."""
    parts = [_window(view)]
    if view.reads_log:
        parts.append(_counted(view))
    if view.watches_inbox:
        parts.append(_journeys(view.inbox))
    return f"watching: {', '.join(parts)}; {view.verdict}"


def _head(view: WatchView, width: int, blocks: str) -> Iterator[Text]:
    yield Text(f"postdeploy watch  {view.deployment}  {view.url}", "bold")
    passed = 0.0 if view.left is None else min(1.0, max(0.0, 1 - view.left / view.whole))
    bar = max(0, min(30, width - 45))
    full = round(passed * bar)
    yield _labelled("window", f"{_window(view)}  {blocks[-1] * full}{blocks[1] * (bar - full)}")
    yield _labelled("so far", view.verdict, "bold red" if view.fails else "green")


def _window(view: WatchView) -> str:
    if view.left is None:
        return "not open yet"
    return "waiting for late rows" if view.left <= 0 else f"{_minutes(view.left)} left of {_minutes(view.whole)}"


def _counted(view: WatchView) -> str:
    if view.log is None:
        return "nothing judged yet"
    totals = view.log.totals
    return f"{totals.requests} requests, {totals.unique} unique Server Action errors ({view.allowed} allowed)"


def _chart(view: WatchView, width: int, blocks: str, rows: int) -> Iterator[Text]:
    """Requests per minute as columns, errors as digits below, the newest minute on the right."""
    if not view.reads_log:
        yield _labelled("log", "not read")
        return
    columns = max(1, width - _LABEL)
    minutes = {minute: (requests, errors) for minute, requests, errors in (view.log.minutes if view.log else ())}
    last = max(minutes, default=0)
    first = max(min(minutes, default=0), last - columns + 1)
    steps = [minutes.get(minute, (0, 0)) for minute in range(first, last + 1)]
    most = max((requests for requests, _ in steps), default=0)
    for row, line in enumerate(_columns([requests for requests, _ in steps], most, rows, blocks)):
        yield _labelled("" if row else f"req/min {most}"[:_LABEL], line, "cyan")
    yield _labelled("errors/min", "".join(_digit(errors, blocks) for _, errors in steps), "red")
    unique = view.log.totals.unique if view.log else 0
    over = "OVER THE THRESHOLD: " if unique > view.allowed else ""
    gauge = "■" if blocks is _BLOCKS else "#"
    marks = gauge * min(unique, view.allowed + 1) + ("□" if blocks is _BLOCKS else "-") * (view.allowed - unique)
    yield _labelled("threshold", f"{marks}  {over}{_counted(view)}", "bold red" if over else "")


def _columns(values: Sequence[int], most: int, rows: int, blocks: str) -> Iterator[str]:
    steps = len(blocks) - 1
    heights = [round(value / most * rows * steps) if most else 0 for value in values]
    heights = [max(height, 1) if value else 0 for height, value in zip(heights, values, strict=True)]
    for row in reversed(range(rows)):
        yield "".join(blocks[min(steps, max(0, height - row * steps))] for height in heights)


def _digit(errors: int, blocks: str) -> str:
    return ("·" if blocks is _BLOCKS else ".") if not errors else str(errors) if errors < 10 else "+"


def _incidents(incidents: Sequence[IncidentLine], room: int) -> Iterator[Text]:
    if room <= 0:
        return
    if not incidents:
        yield _labelled("incidents", "none", "green")
        return
    shown = incidents if len(incidents) <= room else incidents[: room - 1]
    for at, one in enumerate(shown):
        known = {True: "NEW  ", False: "known", None: "?    "}[one.new]
        line = f"{known} {one.requests:>4}  {one.route}  {one.words}"
        yield _labelled("" if at else "incidents", line, "red" if one.new else "")
    if len(shown) < len(incidents):
        yield _labelled("", f"and {len(incidents) - len(shown)} more")


def _inbox(view: WatchView, width: int, blocks: str) -> Iterator[Text]:
    if not view.watches_inbox:
        yield _labelled("inbox", "not watched")
        return
    journeys = view.inbox.journeys if view.inbox else ()
    failed = bool(journeys) and not journeys[-1].passed
    yield _labelled("journeys", _journeys(view.inbox), "red" if failed else "")
    if journeys:
        yield _labelled("latency", _latencies(journeys[-max(1, width - _LABEL - 8) :], blocks))
    yield from (_labelled("SLO" if not at else "", each) for at, each in enumerate(view.slo[:1]))


def _journeys(inbox: UptimeReport | None) -> str:
    if inbox is None or not inbox.journeys:
        return "no journey yet"
    passed = sum(one.passed for one in inbox.journeys)
    last = inbox.journeys[-1]
    gaps = f", {len(inbox.gaps)} gaps" if inbox.gaps else ""
    how = f"the last took {last.seconds:.1f} s" if last.passed else f"the last FAILED: {last.says}"
    return f"{passed} of {len(inbox.journeys)} journeys passed, {how}{gaps}"


def _latencies(journeys: Sequence[Sample], blocks: str) -> str:
    slowest = max(one.seconds for one in journeys) or 1.0
    marks = "".join(
        blocks[max(1, round(one.seconds / slowest * (len(blocks) - 1)))] if one.passed else "x" for one in journeys
    )
    return f"{marks}  {slowest:.1f} s"


def _next(view: WatchView) -> Text:
    return _labelled("next", ", ".join(f"{what} in {_minutes(seconds)}" for what, seconds in view.next) or "the end")


def _labelled(label: str, text: str, style: str = "") -> Text:
    return Text.assemble((f"{label:<{_LABEL}}", "dim"), (text, style))


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _fit(line: Text, width: int, *, ascii_only: bool) -> Text:
    """Cut to the width, in cells."""
    line.truncate(width, overflow="crop" if ascii_only else "ellipsis")
    return line
