"""What the log said, as a value that is written and read again: by the checks, in verdict.json, as a later run's baseline."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.signals import FINGERPRINT_VERSION, Signal
from postdeploy.model import Cause, Recommendation, Severity, Stage

MOST_INCIDENTS = 2_000
"""Incidents that a report holds, the worst first; a note says how many are left out."""


class FindingLine(msgspec.Struct, frozen=True):
    """One finding, with its incidents in lines for people."""

    subject: LogSubject
    severity: Severity
    sentence: str
    cause: Cause | None = None
    recommendation: Recommendation | None = None
    lines: tuple[str, ...] = ()
    saturated: bool = False
    """Whether an incident names connections to the database that ran out."""


class IncidentLine(msgspec.Struct, frozen=True):
    """One incident, as the table shows it."""

    fingerprint: str
    signal: str
    route: str
    words: str
    requests: int
    own: int
    first: str
    """ISO, UTC."""
    last: str
    new: bool | None
    example: str
    """One message as it was logged: only where a terminal is asked for it; empty in everything that is written."""
    variant_of: str = ""
    """The fingerprint of the incident that this is one trouble with: the same requests, or retries of them."""
    also: tuple[str, ...] = ()
    """Its fingerprints where nothing but paths names its route."""
    calls: int = 0
    """How many calls the requests were at least, if those within a client's schedule are its retries; 0: not counted."""


class LogWindow(msgspec.Struct, frozen=True, kw_only=True):
    """The threshold's window, and how much of it was judged. Times are ISO, UTC, by the platform's clock."""

    opened: str = ""
    """When the deployment got production traffic."""
    source: str = msgspec.field(default="", name="told_by")
    """How that is known, for people."""
    closes: str = ""
    judged_since: str = ""
    judged_until: str = ""
    seconds: float = 0.0
    """How much was judged."""


class LogProof(msgspec.Struct, frozen=True, kw_only=True):
    """What shows that nothing of the log is missing, or what is missing."""

    proven: bool = False
    missing: tuple[str, ...] = ()
    """What is not proven, and why."""
    gaps: tuple[str, ...] = ()
    """What was not seen, gaps that are allowed included."""
    unseen: tuple[tuple[str, str], ...] = ()
    """When each of the gaps began and ended: ISO, UTC."""
    sentinels: int = 0
    """Requests of ours that had to appear in the log."""
    sentinels_found: int = 0
    latest: float = 0.0
    """Delay of the latest sentinel, in seconds."""


class LogTotals(msgspec.Struct, frozen=True, kw_only=True):
    """How many requests and errors were counted."""

    requests: int = 0
    """User traffic; scripts and style sheets are not counted."""
    actions: int = 0
    """Server Actions among them."""
    inbox: int = 0
    """Reads of the inbox among them."""
    own: int = 0
    """Requests of the suite's own browser; not among the others."""
    unique: int = 0
    """Unique Server Action errors within the threshold's window."""
    allowed: int | None = None
    """So many of them are tolerated; None: an earlier version did not say."""
    malformed: int = 0
    """Rows that could not be read."""
    truncated: int = 0
    """Error messages that were cut and fit no signal: unknown, not clean."""


class LogRecovery(msgspec.Struct, frozen=True, kw_only=True):
    """After a rollback: the incidents, by what was known of the deployment before. Lines for people."""

    known: tuple[str, ...] = ()
    """Known before; they fail nothing."""
    new: tuple[str, ...] = ()
    """Error patterns that were not known before."""


class LogCourse(msgspec.Struct, frozen=True, kw_only=True):
    """The requests and failures of a log in equal steps."""

    since: str = ""
    """When the first step begins: ISO, UTC."""
    seconds: int = 60
    """How long a step is."""
    requests: tuple[int, ...] = ()
    """User traffic in each step."""
    failed: tuple[int, ...] = ()
    """Of them those that answered 5xx, or not at all."""
    unique: tuple[int, ...] = ()
    """How many different Server Action errors there were until the end of each step, within the threshold's window."""
    allowed: int = 0
    exceeded: str = ""
    """When one more than allowed had appeared: ISO, UTC; empty: never."""
    onset: str = ""
    """When the trouble began, and when it came again, for people; empty: there is none."""


class DeploymentLine(msgspec.Struct, frozen=True):
    """One deployment of the log."""

    deployment: str
    since: str
    """When its traffic began: ISO, UTC."""
    requests: int
    failed: int
    """Requests that answered 5xx, or not at all."""
    errors: int
    """Different errors among them."""
    new: int | None
    """Those that no earlier deployment of the log has; None: there is none earlier."""
    below: bool
    """Whether it stays below the threshold, and no other signal fails it."""


class LogReport(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run says about the log."""

    stage: Stage
    says: str
    """The first screen's sentence."""
    source: str = ""
    """Where the log was read from."""
    deployment: str | None = None
    """Only its rows count; None: not known."""
    early: bool = False
    """Judged before the window's end was waited for: nothing is said about what is missing."""
    blocked: str | None = None
    """What to do, where the log can't be read at all."""
    baseline: str | None = None
    """What it was compared with."""
    fingerprint_version: int = 1
    """By which rules errors are distinguished; those of another version are not compared."""
    errors_compared: bool = True
    """Whether the baseline's errors could be compared with these."""
    window: LogWindow = LogWindow()
    proof: LogProof = LogProof()
    totals: LogTotals = LogTotals()
    findings: tuple[FindingLine, ...] = ()
    """What fails the deployment first."""
    incidents: tuple[IncidentLine, ...] = ()
    recovery: LogRecovery = LogRecovery()
    deployments: int = 1
    """How many deployments the log holds; one of them is judged."""
    all_requests: int = 0
    """User traffic of all of them, where there are several."""
    by_deployment: tuple[DeploymentLine, ...] = ()
    """The newest of them, from old to new, where there are several."""
    course: LogCourse = LogCourse()
    """How a saved log went, step by step."""
    minutes: tuple[tuple[int, int, int], ...] = ()
    """Minute since the window opened, requests that began in it, and how many of them met an incident. Empty minutes are left out."""
    own_requests: tuple[str, ...] = ()
    """Ids of the run's own requests: a later run that reads the record finds them in the log."""
    notes: tuple[str, ...] = ()

    def table(self) -> list[str]:
        """All of it in lines for people."""
        window, proof, totals = self.window, self.proof, self.totals
        lines = [
            self.says,
            f"source        {self.source}" + (f", deployment {self.deployment}" if self.deployment else ""),
            f"window        from {window.opened} ({window.source}) to {window.closes}",
            f"judged        {window.judged_since} to {window.judged_until}",
            f"proof         {proof.sentinels_found} of {proof.sentinels} sentinels found, the latest {proof.latest:.1f} s late",
            f"requests      {totals.requests} ({totals.actions} Server Actions, {totals.inbox} inbox reads) + {totals.own} of our own",
            f"compared with {self.baseline or 'nothing'}",
        ]
        lines += [f"missing       {each}" for each in proof.missing]
        lines += [f"gap           {each}" for each in proof.gaps]
        for one in self.findings:
            lines += ["", f"{one.severity.upper():<5} {one.sentence}", *(f"      {line}" for line in one.lines)]
        lines += [f"known before  {each}" for each in self.recovery.known]
        lines += [f"not before    {each}" for each in self.recovery.new]
        return [*lines, "", *(f"note  {each}" for each in self.notes)]

    def about(self, subject: LogSubject, severity: Severity) -> tuple[FindingLine, ...]:
        """The findings about one subject."""
        return tuple(one for one in self.findings if one.subject == subject and one.severity is severity)

    @property
    def fails(self) -> bool:
        """Whether the log alone fails the deployment."""
        return any(one.severity is Severity.FAIL for one in self.findings)

    def shows(self, signal: Signal) -> bool:
        """Whether an incident carries this signal."""
        return any(one.signal == signal for one in self.incidents)


def as_baseline(earlier: LogReport) -> Baseline:
    """An earlier run's report as something to compare with."""
    counts: dict[str, int] = {}
    for one in earlier.incidents:
        counts[one.signal] = counts.get(one.signal, 0) + one.requests
    name = f"the verdict on {earlier.deployment or 'an earlier deployment'}{not_compared(earlier)}"
    return Baseline(name, fingerprints_of([earlier]), counts, earlier.totals.requests, earlier.window.seconds)


def fingerprints_of(reports: Iterable[LogReport]) -> frozenset[str] | None:
    """The errors of earlier reports, of those that hold all and distinguish them as this version does; None: none does."""
    comparable = [one for one in reports if _is_comparable(one)]
    lines = [line for one in comparable for line in one.incidents]
    return frozenset(name for line in lines for name in (line.fingerprint, *line.also)) if comparable else None


def _is_comparable(earlier: LogReport) -> bool:
    return earlier.fingerprint_version == FINGERPRINT_VERSION and len(earlier.incidents) < MOST_INCIDENTS


def not_compared(earlier: LogReport) -> str:
    """What is added to a baseline's name where its errors can't be compared."""
    if earlier.fingerprint_version == FINGERPRINT_VERSION:
        return "" if _is_comparable(earlier) else " (new errors are not compared: it does not hold all of its errors)"
    return f" (new errors are not compared: its fingerprints are of version {earlier.fingerprint_version}, these of {FINGERPRINT_VERSION})"
