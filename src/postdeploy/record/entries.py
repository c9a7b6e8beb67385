"""The record of earlier verdicts: which of them count. Pure; `retention` says how long they are kept, `places` where.

An entry is the verdict.json of a run. In a file each stands on a line of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Decision, Deployment, Outcome, Recommendation, Severity, Stage
from postdeploy.record import reading
from postdeploy.record.reading import NewerSchema, Unreadable
from postdeploy.runbook.aliases import current_name
from postdeploy.uptime.journey import UptimeLatency
from postdeploy.vercel.ids import is_deployment_id

_STAGES = frozenset({Stage.SMOKE, Stage.WINDOW})
_INBOX = "inbox"
"""A run that did not measure this part does not prove a deployment good."""


_NO_BUILD = Deployment("")


@dataclass(frozen=True, slots=True)
class RecordedVerdict:
    """The verdict of one earlier run."""

    at: dt.datetime
    decision: Decision
    host: str
    """The address that it verified, without scheme."""
    deployment: str = ""
    """`dpl_…`; empty: not known."""
    stage: Stage = Stage.SMOKE
    recommendation: Recommendation | None = None
    run_id: str = ""
    url: str = ""
    """The deployment's own address, https://…; empty: not known."""
    commit: str = ""
    project: str = ""
    """The Vercel project; empty: not known."""
    measured: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    """The checks that failed."""
    log: LogReport | None = None
    created_at: dt.datetime | None = None
    """When the deployment was built; None: not known."""
    live_since: dt.datetime | None = None
    """Since when the address leads to it; None: not known. Of several runs the latest."""
    first_at: dt.datetime | None = None
    """When it was verified first; None: it is one run's verdict, not yet the one that counts of all."""
    ever_passed: bool = False
    """Whether any run found it good, whatever counts now."""
    served: Deployment = _NO_BUILD
    """The build, by the marks that its pages served."""
    checks: tuple[tuple[str, Outcome], ...] = ()
    """How each check ended."""
    access: tuple[str, ...] = ()
    """Fingerprints of what the app answered about the smoke user's role and memberships."""
    seconds: float = 0.0
    """How long the run took; 0: not known."""
    uptime: UptimeLatency | None = None
    """How long the journeys and probes of a watch took; None: none were made."""

    @property
    def went_live(self) -> dt.datetime:
        """When it got production traffic; else when it was built; else its first verdict. Verifying it again makes it no newer."""
        return self.live_since or self.was_built

    @property
    def was_built(self) -> dt.datetime:
        """When it was built; else its first verdict."""
        return self.created_at or self.first_at or self.at

    @property
    def is_about_a_dependency(self) -> bool:
        """Whether it fails for an outage of the database or the auth service: that says nothing about the deployment."""
        return self.decision is Decision.FAIL and self.recommendation is Recommendation.HOLD

    @property
    def counts(self) -> bool:
        """Whether it says whether the deployment is good."""
        failed = self.decision is Decision.FAIL and not self.is_about_a_dependency
        return self.stage in _STAGES and (failed or self.proves_the_inbox)

    @property
    def proves_the_inbox(self) -> bool:
        """Whether it passed, and measured the inbox."""
        return self.decision is Decision.PASS and _INBOX in self.measured

    @property
    def whole(self) -> bool:
        """Whether it is about the log's whole window as well."""
        return self.stage is Stage.WINDOW


@dataclass(frozen=True, slots=True)
class Record:
    """What was read: the entries from old to new, and what could not be read, in sentences."""

    entries: tuple[RecordedVerdict, ...] = ()
    notes: tuple[str, ...] = ()
    newer: int = 0
    """How many documents were left out because a newer version has written them."""


def in_part(unread: Sequence[str]) -> str:
    """What is added to a conclusion from the record where not all of it was read; empty: all was."""
    return f" ({unread_says(unread)})" if unread else ""


def unread_says(unread: Sequence[str]) -> str:
    """What of the record was not read, in a sentence."""
    more = f" and {len(unread) - 2} more" if len(unread) > 2 else ""
    return f"the record was read in part: {'; '.join(unread[:2])}{more}"


def parse(document: bytes) -> RecordedVerdict:
    """A verdict.json as a value.

    Raises:
        Unreadable: it is not a verdict, or of a newer schema.
    """
    found = reading.read(document)
    platform = found.deployment.platform
    served = found.deployment.deployment_id or ""
    failing = [one.check or one.part for one in found.findings if one.severity is Severity.FAIL]
    return RecordedVerdict(
        at=found.ended,
        decision=found.decision,
        host=urlsplit(found.deployment.url).netloc,
        deployment=platform.id if platform else served if is_deployment_id(served) else "",
        stage=found.stage,
        recommendation=found.recommendation,
        run_id=found.run_id,
        url=platform.url if platform else "",
        commit=platform.commit if platform else "",
        project=platform.project if platform else "",
        measured=found.coverage.measured,
        failing=tuple(dict.fromkeys(map(current_name, failing))),
        log=found.log,
        served=Deployment(found.deployment.url, served or None, found.deployment.build_id, found.deployment.assets),
        checks=tuple((current_name(one.name), one.outcome) for one in found.checks),
        access=found.access,
        seconds=found.seconds,
        uptime=found.uptime,
        created_at=_moment(platform.created_at) if platform else None,
        live_since=_moment(platform.since) if platform else None,
    )


def _moment(text: str) -> dt.datetime | None:
    """ISO as a time, UTC; None: it is none."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def read(documents: Iterable[tuple[str, bytes]]) -> Record:
    """Documents with their names (`line 3`, a file's name). Each run counts once, with its last verdict."""
    found: dict[str, RecordedVerdict] = {}
    notes = []
    newer = 0
    for name, document in documents:
        try:
            earlier = parse(document)
        except Unreadable as error:
            notes.append(f"{name}: {error}, left out")
            newer += isinstance(error, NewerSchema)
            continue
        key = earlier.run_id or name
        if key not in found or found[key].at <= earlier.at:
            found[key] = earlier
    return Record(tuple(sorted(found.values(), key=lambda one: one.at)), tuple(notes), newer)


def read_lines(content: bytes) -> Record:
    """A file with a verdict on each line."""
    lines = content.split(b"\n")
    return read((f"line {number}", line) for number, line in enumerate(lines, 1) if line.strip())


def effective_verdict(entries: Iterable[RecordedVerdict]) -> RecordedVerdict | None:
    """The verdict that counts of all runs of one deployment, from old to new, or None.

    The later one counts, with two exceptions. A run that saw less does not override one that saw more: a PASS of a part of the
    log's window does not lift the FAIL of the whole. And a FAIL that says `hold` changes nothing: it is about the database or the auth
    service, never about the deployment.
    """
    verdict: RecordedVerdict | None = None
    for one in entries:
        if not one.counts:
            continue
        proven = verdict is not None and verdict.decision is Decision.PASS and verdict.whole
        failed_whole = verdict is not None and verdict.decision is Decision.FAIL and verdict.whole
        if one.decision is Decision.FAIL or one.whole or not (proven or failed_whole):
            verdict = one
    return verdict


def effective_verdicts(entries: Iterable[RecordedVerdict]) -> dict[str, RecordedVerdict]:
    """Deployment → the verdict that counts, for each that has one, wherever it was verified."""
    runs: dict[str, list[RecordedVerdict]] = {}
    for one in entries:
        if one.deployment and one.counts:
            runs.setdefault(one.deployment, []).append(one)
    verdicts = {deployment: (effective_verdict(of_one), of_one) for deployment, of_one in runs.items()}
    return {deployment: _of_all(verdict, of_one) for deployment, (verdict, of_one) in verdicts.items() if verdict}


def _of_all(verdict: RecordedVerdict, runs: Sequence[RecordedVerdict]) -> RecordedVerdict:
    """The verdict that counts, with what all runs of the deployment together say of it."""
    return replace(
        verdict,
        created_at=max((one.created_at for one in runs if one.created_at), default=None),
        live_since=max((one.live_since for one in runs if one.live_since), default=None),
        first_at=min(one.at for one in runs),
        ever_passed=any(one.proves_the_inbox for one in runs),
    )


def verdicts_on(entries: Iterable[RecordedVerdict], host: str, project: str = "") -> dict[str, RecordedVerdict]:
    """The verdicts that count of the deployments of one app: verified at this address, or of this Vercel project."""
    verdicts = effective_verdicts(entries)
    return {
        name: verdict
        for name, verdict in verdicts.items()
        if verdict.host == host or (project and verdict.project == project)
    }


def good_deployments(verdicts: Mapping[str, RecordedVerdict], other_than: str) -> list[RecordedVerdict]:
    """The good ones except this one, the last that went live first."""
    good = [verdict for name, verdict in verdicts.items() if verdict.decision is Decision.PASS and name != other_than]
    return sorted(good, key=lambda one: one.went_live, reverse=True)
