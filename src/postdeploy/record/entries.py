"""The record of earlier verdicts: which of them count, and how long they are kept. Pure; `places` says where they are.

An entry is the verdict.json of a run. In a file each stands on a line of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Decision, Deployment, Outcome, Recommendation, Severity, Stage
from postdeploy.record import reading
from postdeploy.record.reading import NewerSchema, Unreadable
from postdeploy.runbook.aliases import current_name

MOST_ENTRIES = 200
MOST_BYTES = 16 << 20
_DEPLOYMENTS_KEPT = 5
"""Of so many good and so many bad deployments of an app the effective verdict is kept, however old it is."""
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
    served: Deployment = _NO_BUILD
    """The build, by the marks that its pages served."""
    checks: tuple[tuple[str, Outcome], ...] = ()
    """How each check ended."""
    access: tuple[str, ...] = ()
    """Fingerprints of what the app answered about the smoke user's role and memberships."""

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
        deployment=platform.id if platform else served if served.startswith("dpl_") else "",
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
    )


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
    log's window does not lift the FAIL of the whole. And a FAIL that says `hold` (the database or the auth service was out) does not count
    against a deployment that has proven its whole window: the outage came later.
    """
    verdict: RecordedVerdict | None = None
    for one in entries:
        if one.stage not in _STAGES:
            continue
        proven = verdict is not None and verdict.decision is Decision.PASS and verdict.whole
        outage = one.decision is Decision.FAIL and one.recommendation is Recommendation.HOLD
        failed_whole = verdict is not None and verdict.decision is Decision.FAIL and verdict.whole
        if (one.decision is Decision.FAIL and not (outage and proven)) or (
            one.proves_the_inbox and (one.whole or not (proven or failed_whole))
        ):
            verdict = one
    return verdict


def effective_verdicts(entries: Iterable[RecordedVerdict]) -> dict[str, RecordedVerdict]:
    """Deployment → the verdict that counts, for each that has one, wherever it was verified."""
    runs: dict[str, list[RecordedVerdict]] = {}
    for one in entries:
        if one.deployment:
            runs.setdefault(one.deployment, []).append(one)
    verdicts = {deployment: effective_verdict(of_one) for deployment, of_one in runs.items()}
    return {deployment: verdict for deployment, verdict in verdicts.items() if verdict}


def verdicts_on(entries: Iterable[RecordedVerdict], host: str, project: str = "") -> dict[str, RecordedVerdict]:
    """The verdicts that count of the deployments of one app: verified at this address, or of this Vercel project."""
    verdicts = effective_verdicts(entries)
    return {
        name: verdict
        for name, verdict in verdicts.items()
        if verdict.host == host or (project and verdict.project == project)
    }


def good_deployments(verdicts: Mapping[str, RecordedVerdict], other_than: str) -> list[RecordedVerdict]:
    """The good ones, newest first, except this one."""
    good = [verdict for name, verdict in verdicts.items() if verdict.decision is Decision.PASS and name != other_than]
    return sorted(good, key=lambda one: one.at, reverse=True)


def entry_of(document: bytes) -> bytes:
    """A verdict.json as a line of the record: without the examples of log messages, because a record is kept for long."""
    found = reading.read(document)
    if found.log:
        incidents = tuple(msgspec.structs.replace(one, example="") for one in found.log.incidents)
        found = msgspec.structs.replace(found, log=msgspec.structs.replace(found.log, incidents=incidents))
    return msgspec.json.encode(found)


def appended(content: bytes, entry: bytes) -> bytes:
    """The file with one more entry, and without what is too old to count."""
    return b"".join(line + b"\n" for line in kept([*content.split(b"\n"), entry]))


def kept(lines: Sequence[bytes]) -> list[bytes]:
    """The newest lines, and of older ones those that still count for a deployment."""
    lines = [line for line in lines if line.strip()]
    first = _first_of_the_newest(lines)
    if first == 0:
        return lines
    readable = {place: found for place, line in enumerate(lines) if (found := _readable(line))}
    before = _effective({place: found for place, found in readable.items() if place < first})
    recent = {found.deployment for place, found in readable.items() if place >= first}
    remembered = _remembered(_effective(readable), readable)
    rescued = sorted(place for name, place in before.items() if name in recent or name in remembered)
    return [lines[place] for place in rescued] + lines[first:]


def _first_of_the_newest(lines: Sequence[bytes]) -> int:
    """Where the lines begin that are kept without being read."""
    first, size = len(lines), 0
    while first > 0 and len(lines) - first < MOST_ENTRIES:
        size += len(lines[first - 1])
        if size > MOST_BYTES and first < len(lines):
            break
        first -= 1
    return first


def _effective(entries: dict[int, RecordedVerdict]) -> dict[str, int]:
    """Deployment → the place of the verdict that counts."""
    places = {id(found): place for place, found in entries.items()}
    verdicts = effective_verdicts(sorted(entries.values(), key=lambda one: one.at))
    return {name: places[id(verdict)] for name, verdict in verdicts.items()}


def _remembered(verdicts: dict[str, int], entries: dict[int, RecordedVerdict]) -> set[str]:
    """The newest good and the newest bad deployments of each app."""
    kinds: dict[tuple[str, Decision], list[str]] = {}
    for name in sorted(verdicts, key=lambda name: entries[verdicts[name]].at, reverse=True):
        verdict = entries[verdicts[name]]
        kinds.setdefault((verdict.project or verdict.host, verdict.decision), []).append(name)
    return {name for names in kinds.values() for name in names[:_DEPLOYMENTS_KEPT]}


def _readable(line: bytes) -> RecordedVerdict | None:
    try:
        return parse(line)
    except Unreadable:
        return None
