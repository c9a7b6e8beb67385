"""What the record says of the build before: which checks passed on it, and which build is a rollback target. Pure.

Builds differ by the marks that their pages serve, so that it also works where the platform is not Vercel.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from postdeploy.model import Decision, Deployment, Outcome, Stage
from postdeploy.record.entries import RecordedVerdict, effective_verdict
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.runbook.parts import PREFLIGHT
from postdeploy.system import times

_RECENT = dt.timedelta(days=7)
"""What is older says little of today's data and settings."""
_STAGES = (Stage.SMOKE, Stage.WINDOW)


@dataclass(frozen=True, slots=True)
class PassedBefore:
    """A check passed on the build before, on the same address."""

    build: str
    """What people call that build."""
    ago: float
    """Seconds before this deployment, or before this run where it is not known since when it serves."""
    unread: str = ""
    """What of the record was not read, in brackets; empty: nothing."""


def passed_before(
    entries: Sequence[RecordedVerdict], pinned: Deployment, host: str, began: dt.datetime
) -> dict[str, PassedBefore]:
    """Check → how it passed on the build before, on this address, at most 7 days before `began`.

    Its newest result there counts. A check that has passed on the pinned build as well is left out: it broke later.
    """
    recent = [
        one
        for one in entries
        if one.host == host and one.stage in _STAGES and began - _RECENT <= one.at <= began and one.checks
    ]
    before = [one for one in recent if one.served.differs(pinned)]
    if not before:
        return {}
    last = before[-1].served
    latest = _latest(one for one in before if one.served.same_build(last))
    since = _latest(one for one in entries if one.host == host and one.served.same_build(pinned))
    worked_here = {check for check, (outcome, _) in since.items() if outcome is Outcome.PASSED}
    return {
        check: PassedBefore(last.name, (began - at).total_seconds())
        for check, (outcome, at) in latest.items()
        if outcome is Outcome.PASSED and check not in worked_here
    }


def role_changed(entries: Sequence[RecordedVerdict], host: str, access: Collection[str]) -> RecordedVerdict | None:
    """The last run on this address that passed, if the app says something about role or membership now that it did not say then.

    None: it does not, or it is not known.
    """
    good = next((one for one in reversed(entries) if one.host == host and one.proves_the_inbox and one.access), None)
    return good if good and access and set(access) - set(good.access) else None


def watch_before(
    entries: Sequence[RecordedVerdict], pinned: Deployment, host: str, began: dt.datetime
) -> RecordedVerdict | None:
    """The newest watch of another build on this address that measured how long journeys take, at most 7 days before `began`."""
    watches = (
        one
        for one in reversed(entries)
        if one.uptime and one.host == host and began - _RECENT <= one.at <= began and one.served.differs(pinned)
    )
    return next(watches, None)


def last_good_build(entries: Sequence[RecordedVerdict], pinned: Deployment, host: str) -> LastGood | NoLastGood:
    """The newest build that passed on this address, where the platform is not Vercel; newest by its first run."""
    builds: dict[str, list[RecordedVerdict]] = {}
    for one in entries:
        if one.host == host and one.served.build_id:
            builds.setdefault(one.served.build_id, []).append(one)
    for name, runs in sorted(builds.items(), key=lambda each: each[1][0].at, reverse=True):
        verdict = effective_verdict(runs)
        if verdict and verdict.decision is Decision.PASS and verdict.served.differs(pinned):
            says = f"passed its verification on {times.to_the_minute(verdict.at)} (according to the record)"
            return LastGood(name, "", KnownBy.RECORD, says, verdict.commit)
    return NoLastGood(f"the record knows no other build of {host} that passed", looked=False)


def _latest(runs: Iterable[RecordedVerdict]) -> Mapping[str, tuple[Outcome, dt.datetime]]:
    """Check → its newest result, and when."""
    found: dict[str, tuple[Outcome, dt.datetime]] = {}
    for run in runs:
        results = dict(run.checks)
        if Outcome.PASSED in results.values():
            results.setdefault(PREFLIGHT, Outcome.PASSED)
        found |= {check: (outcome, run.at) for check, outcome in results.items() if outcome in _RESULTS}
    return found


_RESULTS = (Outcome.PASSED, Outcome.FAILED)
