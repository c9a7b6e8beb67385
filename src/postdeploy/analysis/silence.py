"""What a failing request shows of its reason although no row of it says anything: how long it took, what it used, what answered it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.signals import HINT, MessageMeaning
from postdeploy.runbook.log_tables import Logs

_TIMED_OUT = 504
_ALL = 98
"""Percent of its memory from which on a function used all of it."""
_EARLY, _LATE = 150, 1_500
"""Milliseconds before and after a time limit within which a function that ran into it ends."""
_MEMORY, _LIMIT, _QUICK, _FIREWALL, _EXTERNAL = "memory", "limit", "quick", "firewall", "external"
_NOT_THE_CODE = frozenset({503, _TIMED_OUT})
_SAYS = {
    _MEMORY: "used all of the function's memory",
    _LIMIT: "took as long as a function may",
    _QUICK: "answered at once: a feature flag that is off, or a wall in front of the app",
    _FIREWALL: "were answered by the firewall",
    _EXTERNAL: "were answered by another server, behind a rewrite",
}
"""What most of the requests did, by what each of them shows."""
_BY_STATUS = {
    502: "502: the function died, or sent a malformed answer",
    503: "503: a feature flag that is off, or a wall in front of the app",
    _TIMED_OUT: "504: the function ran into its time limit",
}
_MEANINGS = {hint: MessageMeaning(HINT, hint) for hint in _SAYS}


def hint(took: int | None, memory: int | None, source: str, logs: Logs) -> MessageMeaning | None:
    """What a row without a message, of a failing request, shows of the reason: its milliseconds, percent of its memory, source."""
    if memory is not None and memory >= _ALL:
        return _MEANINGS[_MEMORY]
    if took is not None:
        for least, most in _at_limits(logs.function_limits):
            if least <= took <= most:
                return _MEANINGS[_LIMIT]
        if took <= logs.at_once * 1000:
            return _MEANINGS[_QUICK]
    return _MEANINGS.get(source) if source in (_FIREWALL, _EXTERNAL) else None


@lru_cache(8)
def _at_limits(limits: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """From when to when a function ends that ran into such a limit."""
    return tuple((limit * 1000 - _EARLY, limit * 1000 + _LATE) for limit in limits)


def is_elsewhere(one: Incident) -> bool:
    """Whether another server answered most of its requests, behind a rewrite: nothing of this build did."""
    return one.silent and 0 < one.requests <= 2 * one.hints.get(_EXTERNAL, 0)


def is_known(incidents: Iterable[Incident]) -> bool:
    """Whether what failed these requests is known without a message, and is not the code: a wall, a flag, a time limit, another server."""
    return all(
        one.silent and (_NOT_THE_CODE.issuperset(one.statuses) or _by_others(one) >= one.requests) for one in incidents
    )


def _by_others(one: Incident) -> int:
    return 2 * sum(one.hints.get(name, 0) for name in (_EXTERNAL, _FIREWALL, _LIMIT))


def died(incidents: Iterable[Incident]) -> bool:
    """Whether all of their requests ran into a limit of their function: of time, or of memory."""
    return all(set(one.statuses) == {_TIMED_OUT} or _at_a_limit(one) >= one.requests for one in incidents)


def _at_a_limit(one: Incident) -> int:
    return one.hints.get(_MEMORY, 0) + one.hints.get(_LIMIT, 0)


def said(incidents: Iterable[Incident]) -> str:
    """`; no message says why (20 of 20 used all of the function's memory)`; empty: one of them has a message."""
    silent = list(incidents)
    if not silent or not all(one.silent for one in silent):
        return ""
    total = sum(one.requests for one in silent)
    counts: Counter[str] = Counter()
    for one in silent:
        counts.update(one.hints)
    shown = [f"{count} of {total} {_SAYS[name]}" for name, count in counts.most_common() if count * 2 >= total]
    statuses = sorted({status for one in silent for status in one.statuses})
    known = shown or [_BY_STATUS[status] for status in statuses if status in _BY_STATUS]
    return "; no message says why" + (f" ({'; '.join(known)})" if known else "")
