"""Two reports of logs next to each other: which errors are new, gone, or have become more or fewer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from postdeploy.analysis import rates
from postdeploy.analysis.log_report import IncidentLine, LogReport


class DiffLine(msgspec.Struct, frozen=True):
    """One error that is not as before."""

    change: str
    """new, gone, more or fewer: the last two where chance does not explain it."""
    before: int
    """Requests in the other log."""
    now: int
    fingerprint: str
    route: str
    words: str


class LogDiff(msgspec.Struct, frozen=True):
    """What is not as in another log."""

    other: str
    """Which log that is."""
    changes: tuple[DiffLine, ...] | None
    """The worst first; None: they can't be compared, for their fingerprints are of different versions."""


_ORDER = ("new", "more", "fewer", "gone")


def compared(other: str, now: LogReport, before: LogReport) -> LogDiff:
    """What changed against another log."""
    return LogDiff(other, diff(now, before))


def diff(now: LogReport, before: LogReport) -> tuple[DiffLine, ...] | None:
    """What changed, the worst first; None: their fingerprints are of different versions."""
    if now.fingerprint_version != before.fingerprint_version:
        return None
    changes = _changes(
        _by_fingerprint(now.incidents),
        now.totals.requests,
        _by_fingerprint(before.incidents),
        before.totals.requests,
    )
    return tuple(sorted(changes, key=lambda one: (_ORDER.index(one.change), -one.now, -one.before, one.fingerprint)))


def _by_fingerprint(errors: Sequence[IncidentLine]) -> dict[str, IncidentLine]:
    """Each error once, what of it is known noise and what is not together."""
    found: dict[str, IncidentLine] = {}
    for one in errors:
        if one.requests:
            before = found[one.fingerprint].requests if one.fingerprint in found else 0
            found[one.fingerprint] = msgspec.structs.replace(one, requests=before + one.requests)
    return found


def _changes(
    now: dict[str, IncidentLine], requests: int, before: dict[str, IncidentLine], requests_before: int
) -> Iterator[DiffLine]:
    for name, one in (before | now).items():
        count, count_before = (each[name].requests if name in each else 0 for each in (now, before))
        if not count_before:
            change = "new"
        elif not count:
            change = "gone"
        elif rates.rise(count, requests, count_before, requests_before) <= rates.LEVEL:
            change = "more"
        elif rates.rise(count_before, requests_before, count, requests) <= rates.LEVEL:
            change = "fewer"
        else:
            continue
        yield DiffLine(change, count_before, count, name, one.route, one.words)
