"""How a log went: when its trouble began and came again, and what happened in each minute."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.incidents import Numbers, Tally
from postdeploy.analysis.log_report import LogCourse
from postdeploy.analysis.signals import Signal
from postdeploy.logs.protocol import Span
from postdeploy.model import Severity
from postdeploy.runbook.log_tables import Threshold
from postdeploy.system import times

FAILURES = (
    Signal.SERVER_ACTION_ERROR,
    Signal.RENDER_ERROR,
    Signal.INBOX_ROUTE_ERROR,
    Signal.ROUTE_ERROR,
    Signal.FUNCTION_DIED,
)
"""Signals whose requests answered 5xx, or not at all."""
_MOST_STEPS = 60
_MINUTE = 60_000
_MOST_TIMES = 3


def course(tally: Tally, first: Tally, span: Span, threshold: Threshold, onset: str) -> LogCourse:
    """What happened in each step of a span. `first`: what happened within the threshold's window."""
    step = _MINUTE * max(1, -(-(span.until - span.since) // (_MINUTE * _MOST_STEPS)))
    edges = np.arange(span.since, max(span.until, span.since + 1) + step, step)
    begins: dict[str, int] = {}
    for one in first.server_action_errors:
        begins[one.trouble] = min(one.first, begins.get(one.trouble, one.first))
    begun = sorted(begins.values())
    return LogCourse(
        since=times.iso(span.since),
        seconds=step // 1000,
        requests=_in_steps(tally.at[tally.of_users], edges),
        failed=_in_steps(tally.times(one for one in tally.of(*FAILURES) if one.requests), edges),
        unique=tuple(itertools.accumulate(_in_steps(np.array(begun, np.int64), edges))),
        allowed=threshold.unique,
        exceeded=times.iso(begun[threshold.unique]) if len(begun) > threshold.unique else "",
        onset=onset,
    )


def onset(findings: Iterable[LogFinding], tally: Tally, quiet: float) -> str:
    """When the first failure began and came again; without one, when requests failed. `quiet`: seconds that divide two times."""
    failing = next((one.incidents for one in findings if one.severity is Severity.FAIL), None)
    if failing is None:
        moments = tally.times(one for one in tally.of(*FAILURES) if one.requests)
    else:  # a finding may be about the first minutes alone
        prints = {one.fingerprint for one in failing}
        moments = tally.times(one for one in tally.incidents if one.fingerprint in prints)
    if not len(moments) or tally.first is None or tally.last is None:
        return ""
    days = len({times.iso(at)[:10] for at in (tally.first, tally.last)}) > 1
    begins = np.r_[True, np.diff(moments) >= quiet * 1000]
    at = [_moment(int(moment), days) for moment in moments[begins]]
    before = int(np.count_nonzero(tally.at[tally.of_users] < moments[0]))
    quiet_before = f"quiet in the {before} requests before" if before else "with the first request"
    again = at[1 : 1 + _MOST_TIMES]
    more = f" and {len(at) - 1 - len(again)} times more" if len(at) - 1 > len(again) else ""
    parts = [f"began {at[0]}, {quiet_before}"]
    if again:
        parts.append(f"again {', '.join(again)}{more}")
    if len(moments) > 1:
        parts.append(f"last {_moment(int(moments[-1]), days)}")
    return "; ".join(parts)


def _moment(at: int, days: bool) -> str:
    return times.date_and_time(at)[5:] if days else times.time_of_day(at)


def _in_steps(moments: Numbers, edges: Sequence[int] | Numbers) -> tuple[int, ...]:
    return tuple(np.histogram(moments, np.asarray(edges))[0].tolist())
